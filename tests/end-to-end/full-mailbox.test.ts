import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { SamplePerson } from '../../standalone/sample/sample-agents.ts';
import { type Stack, startStack } from '../harness/stack.ts';
import { postJson } from '../standalone/fakes/running-mailbox.ts';
import { newSamplePeople, uploadFeedsNaming } from './onboarded-agents.ts';

let stack: Stack;
const people = newSamplePeople();
const [full, other, failed] = people.onboarded as [SamplePerson, SamplePerson, SamplePerson];
const unclear = people.invited;

beforeAll(async () => {
  stack = await startStack({ invitationRetryAfterMs: [1_500] });
});
afterAll(() => stack.close());

const invitationsOf = (npn: string) =>
  stack.db
    .selectFrom('invitations')
    .select(['endedAs', 'retryAt'])
    .where('npn', '=', npn)
    .orderBy('number')
    .execute();
const isUndeliverable = async (npn: string) => {
  const agent = stack.db.selectFrom('agents').select('emailUndeliverableAt').where('npn', '=', npn);
  return (await agent.executeTakeFirstOrThrow()).emailUndeliverableAt !== null;
};

test('an invitation that meets a full mailbox goes out again later, and an automatic answer ends none', async () => {
  const { user, mailboxUrl } = stack;
  const fault = { channel: 'email', kind: 'bounce', times: 1 };
  await postJson(`${mailboxUrl}/faults`, { ...fault, to: full.email, code: 'MailboxFull' });
  await postJson(`${mailboxUrl}/faults`, { ...fault, to: other.email, code: 'ooto' });
  await uploadFeedsNaming(stack, [full, other]);
  await user.until('a second invitation', async () => {
    const mails = await user.messages(full.email);
    return mails.length === 2 && (await invitationsOf(full.npn)).length === 2 ? mails : undefined;
  });
  expect(await invitationsOf(full.npn)).toEqual([
    { endedAs: 'undeliverable', retryAt: expect.any(Date) },
    { endedAs: null, retryAt: null },
  ]);
  expect(await isUndeliverable(full.npn)).toBe(false);
  expect(await user.messages(other.email)).toHaveLength(1);
  expect(await invitationsOf(other.npn)).toEqual([{ endedAs: null, retryAt: null }]);
});

test('a refusal that SES calls transient in spite of its status is tried again, and an unclear one ends none', async () => {
  const { user, mailboxUrl } = stack;
  const fault = { channel: 'email', kind: 'bounce', times: 1 };
  const transient = { ...fault, to: failed.email, code: '5.3.0', bounceType: 'Transient' };
  expect((await postJson(`${mailboxUrl}/faults`, transient)).status).toBe(201);
  await postJson(`${mailboxUrl}/faults`, { ...fault, to: unclear.email, code: 'Undetermined' });
  await uploadFeedsNaming(stack, [full, other, failed, unclear]);
  await user.until('a second invitation', async () =>
    (await invitationsOf(failed.npn)).length === 2 ? true : undefined,
  );
  expect((await invitationsOf(failed.npn))[0]).toEqual({
    endedAs: 'undeliverable',
    retryAt: expect.any(Date),
  });
  expect(await isUndeliverable(failed.npn)).toBe(false);
  expect(await invitationsOf(unclear.npn)).toEqual([{ endedAs: null, retryAt: null }]);
  expect(await isUndeliverable(unclear.npn)).toBe(false);
});
