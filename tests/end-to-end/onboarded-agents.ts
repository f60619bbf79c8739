import { randomInt } from 'node:crypto';
import {
  acceptAgentTerms,
  generatePassword,
  invitationTokenIn,
  logIn,
  signUp,
  untilStage,
} from '../../standalone/demo/onboard-agent.ts';
import { uploadFeeds } from '../../standalone/sample/feed-files.ts';
import { generateFeeds } from '../../standalone/sample/generate.ts';
import { type SamplePerson, samplePeople } from '../../standalone/sample/sample-agents.ts';
import type { Stack } from '../harness/stack.ts';

/** An onboarded agent with the cookie of their session. */
export type OnboardedAgent = SamplePerson & { cookie: string };

/** Gives the sample people new NPNs: workflow ids contain them, and all test files share a server. */
export function newSamplePeople(): { onboarded: SamplePerson[]; invited: SamplePerson } {
  const first = randomInt(10_000_000, 99_000_000);
  const numbered = (person: SamplePerson, index: number) => ({ ...person, npn: `${first + index}` });
  return { onboarded: samplePeople.onboarded.map(numbered), invited: numbered(samplePeople.invited, 9) };
}

/** Uploads feeds that name only these people. */
export async function uploadFeedsNaming(
  stack: { folder: string; apiUrl: string; feedsKey: string },
  people: readonly SamplePerson[],
): Promise<void> {
  const files = await generateFeeds({ directory: stack.folder, seed: 1, agents: 0, named: people });
  await uploadFeeds(files, stack);
}

/** Onboards people who are in the feeds: link, registration, log-in, second terms, active. */
export async function onboardAgents(
  stack: Pick<Stack, 'user'>,
  people: readonly SamplePerson[],
): Promise<OnboardedAgent[]> {
  return Promise.all(
    people.map(async (person) => {
      const { email, username, phone, zip, contactPreference } = person;
      const newcomer = { email, username, password: generatePassword(), phone, zip, contactPreference };
      await signUp(stack.user, newcomer, invitationTokenIn(await stack.user.message(email)));
      const cookie = await logIn(stack.user, newcomer);
      await acceptAgentTerms(stack.user, cookie);
      await untilStage(stack.user, cookie, 'active');
      return { ...person, cookie };
    }),
  );
}
