import type { Pool } from 'pg';
import type { HttpUser } from '../standalone/demo/http-user.ts';
import { invitationTokenIn, signUp } from '../standalone/demo/onboard-agent.ts';
import { uploadFeeds } from '../standalone/sample/feed-files.ts';
import { generateFeeds } from '../standalone/sample/generate.ts';
import { generatePassword } from '../store/accounts/passwords.ts';
import type { VirtualAgent } from './load-test/virtual-agents.ts';

/**
 * Names newcomers in the feeds, beside those who are there already, and waits until each has the invitation.
 * @returns a function that registers the next of them, one after another, and returns the seconds of each
 */
export async function prepareRegistrations(
  service: { folder: string; apiUrl: string; feedsKey: string; pool: Pool },
  user: HttpUser,
  newcomers: readonly VirtualAgent[],
  others: readonly VirtualAgent[],
): Promise<(count: number) => Promise<number[]>> {
  const named = [...others, ...newcomers];
  await uploadFeeds(await generateFeeds({ directory: service.folder, seed: 1, agents: 0, named }), service);
  const waiting = await Promise.all(
    newcomers.map(async ({ email, username, phone, zip, contactPreference }) => ({
      newcomer: { email, username, password: generatePassword(), phone, zip, contactPreference },
      token: invitationTokenIn(await user.message(email)),
    })),
  );
  return async (count) => {
    const seconds: number[] = [];
    for (const { newcomer, token } of waiting.splice(0, count)) {
      const startedAt = performance.now();
      await signUp(user, newcomer, token);
      seconds.push((performance.now() - startedAt) / 1000);
    }
    return seconds;
  };
}
