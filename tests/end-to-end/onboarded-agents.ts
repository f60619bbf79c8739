import { randomInt } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import {
  acceptAgentTerms,
  invitationTokenIn,
  logIn,
  signUp,
  untilStage,
} from '../../standalone/demo/onboard-agent.ts';
import { uploadFeeds } from '../../standalone/sample/feed-files.ts';
import { generateFeeds } from '../../standalone/sample/generate.ts';
import { type SamplePerson, samplePeople } from '../../standalone/sample/sample-agents.ts';
import { generatePassword } from '../../store/accounts/passwords.ts';
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

/** Uploads the next release of the licenses, without those of some agents. */
export async function uploadLicensesWithout(
  { folder, apiUrl, feedsKey }: { folder: string; apiUrl: string; feedsKey: string },
  ...agents: readonly { npn: string }[]
): Promise<void> {
  const file = join(folder, 'licenses.csv');
  // a feed may write an NPN with leading zeros
  const isOf = (row: string, { npn }: { npn: string }) => Number(row.split(',')[0]) === Number(npn);
  const rows = (await readFile(file, 'utf8')).split('\n');
  await writeFile(file, rows.filter((row) => !agents.some((agent) => isOf(row, agent))).join('\n'));
  const answer = await fetch(new URL('/v1/feeds/licenses', apiUrl), {
    method: 'PUT',
    headers: { authorization: `Bearer ${feedsKey}`, 'content-type': 'text/csv' },
    body: await readFile(file),
  });
  expect(await answer.json()).toMatchObject({ removed: expect.any(Number), badRows: [] });
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
