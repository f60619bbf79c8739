import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { SamplePerson } from '../../standalone/sample-agents.ts';
import { postJson } from '../doubles/running-outbox.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { feed, newPeople } from './aboard.ts';

let stack: Stack;
const people = newPeople();
const [full, other] = people.aboard as [SamplePerson, SamplePerson];

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
  const { visitor, outboxUrl } = stack;
  const fault = { channel: 'email', kind: 'bounce', times: 1 };
  await postJson(`${outboxUrl}/faults`, { ...fault, to: full.email, code: 'MailboxFull' });
  await postJson(`${outboxUrl}/faults`, { ...fault, to: other.email, code: 'ooto' });
  await feed(stack, [full, other]);
  await visitor.until('a second invitation', async () => {
    const mails = await visitor.messages(full.email);
    return mails.length === 2 && (await invitationsOf(full.npn)).length === 2 ? mails : undefined;
  });
  expect(await invitationsOf(full.npn)).toEqual([
    { endedAs: 'undeliverable', retryAt: expect.any(Date) },
    { endedAs: null, retryAt: null },
  ]);
  expect(await isUndeliverable(full.npn)).toBe(false);
  expect(await visitor.messages(other.email)).toHaveLength(1);
  expect(await invitationsOf(other.npn)).toEqual([{ endedAs: null, retryAt: null }]);
});
