import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { invitationTokenIn, logIn, signUp } from '../../standalone/demo/onboard-agent.ts';
import { generatePassword } from '../../store/accounts/passwords.ts';
import { eventually } from '../harness/eventually.ts';
import { type Stack, startStack } from '../harness/stack.ts';
import { newSamplePeople, uploadFeedsNaming } from './onboarded-agents.ts';

let stack: Stack;
beforeAll(async () => {
  // short enough for a link to expire within the outage, and long enough to register
  stack = await startStack({ invitationTtlMs: 6_000, invitationReminderBeforeMs: 6_000 });
});
afterAll(() => stack.close());

test('an invitation that no provider takes as long as its link lives is issued anew, until it arrives and works', async () => {
  const { user, mailboxUrl, db } = stack;
  const { npn, email, ...person } = newSamplePeople().invited;
  const faults = (method: string, body?: object) =>
    fetch(`${mailboxUrl}/faults`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  await faults('POST', { channel: 'email', kind: 'outage', to: email });
  await uploadFeedsNaming(stack, [{ npn, email, ...person }]);
  const endsSoFar = async () => {
    const rows = await db
      .selectFrom('invitations')
      .select('endedAs')
      .where('npn', '=', npn)
      .orderBy('number')
      .execute();
    return rows.map(({ endedAs }) => endedAs);
  };
  await eventually(async () => expect((await endsSoFar()).slice(0, 2)).toEqual(['unsent', null]));
  expect(await user.messages(email)).toEqual([]);

  await faults('DELETE');
  const token = invitationTokenIn(await user.message(email));
  const { username, phone, zip, contactPreference } = person;
  const newcomer = { email, username, password: generatePassword(), phone, zip, contactPreference };
  await signUp(user, newcomer, token);
  expect(await logIn(user, newcomer)).not.toBe('');
  const ends = await endsSoFar();
  expect(ends.at(-1)).toBe('registered');
  expect(new Set(ends.slice(0, -1))).toEqual(new Set(['unsent']));
  const notices = await db
    .selectFrom('events')
    .select('kind')
    .where('subjectId', 'like', `${npn}-%`)
    .where('kind', '=', 'invitation-unsent')
    .execute();
  expect(notices).toHaveLength(ends.length - 1);
});
