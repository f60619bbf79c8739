import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { invitationTokenIn, logIn, signUp } from '../../standalone/demo/onboard-agent.ts';
import { uploadFeeds } from '../../standalone/sample/feed-files.ts';
import { generateFeeds } from '../../standalone/sample/generate.ts';
import { generatePassword } from '../../store/accounts/passwords.ts';
import { eventually } from '../harness/eventually.ts';
import { type Stack, startStack } from '../harness/stack.ts';
import { newSamplePeople, uploadFeedsNaming } from './onboarded-agents.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ licenseLookupAfterMs: [500] });
});
afterAll(() => stack.close());

const person = newSamplePeople().invited;
const { npn } = person;

/** Uploads feeds that name the agent without a license. @returns the rows that the registry will have */
async function feedWithoutLicense(): Promise<unknown[]> {
  const files = await generateFeeds({ directory: stack.folder, seed: 1, agents: 0, named: [person] });
  const { path } = files.licenses;
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.slice(0, text.indexOf('\n') + 1));
  await uploadFeeds(files, stack);
  return parse(text, { columns: true });
}

const onboarding = () =>
  stack.db
    .selectFrom('onboardings')
    .select(['stage', 'causes'])
    .where('npn', '=', npn)
    .executeTakeFirstOrThrow();
const lookup = () =>
  stack.db
    .selectFrom('licenseLookups')
    .select(['tries', 'endedAs', 'nextAt'])
    .where('npn', '=', npn)
    .executeTakeFirst();

test('an agent whose license is in no feed waits with that cause, is looked up until the registry has it, and is invited', async () => {
  const { user, mailboxUrl } = stack;
  const licenses = await feedWithoutLicense();
  // looked up twice: the registry has nothing
  await eventually(async () => {
    const asked = await lookup();
    expect(asked).toMatchObject({ endedAs: 'none', nextAt: expect.any(Date) });
    expect(asked?.tries).toBeGreaterThan(1);
  });
  expect(await onboarding()).toEqual({
    stage: 'awaiting-eligibility',
    causes: expect.arrayContaining(['licensed-with-health-line', 'license-not-found']),
  });
  expect(await user.messages(person.email)).toEqual([]);

  const issued = await fetch(`${mailboxUrl}/nipr/licenses/${npn}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(licenses),
  });
  expect(issued.status).toBe(204);
  const token = invitationTokenIn(await user.message(person.email));
  expect(await onboarding()).toEqual({ stage: 'invited', causes: [] });
  expect(await lookup()).toMatchObject({ endedAs: 'found', nextAt: null });

  // the agent registers on the looked-up license; once the feed knows the agent, the registry's answer is deleted
  const newcomer = { ...person, password: generatePassword() };
  const { email, username, password, phone, zip, contactPreference } = newcomer;
  await signUp(user, { email, username, password, phone, zip, contactPreference }, token);
  const cookie = await logIn(user, newcomer);
  const { body } = await user.expect<{ stage: string }>('GET', 'me/onboarding', { cookie });
  expect(body.stage).toBe('awaiting-terms');
  await uploadFeedsNaming(stack, [person]);
  await eventually(async () => expect(await lookup()).toBeUndefined());
  expect((await onboarding()).stage).toBe('awaiting-terms');
});
