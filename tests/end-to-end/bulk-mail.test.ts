import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { createNotice } from '../../store/notifications/notices.ts';
import { enqueue } from '../../store/outbox.ts';
import { eventually } from '../harness/eventually.ts';
import { type Stack, startStack } from '../harness/stack.ts';
import { jsonOf, postJson } from '../standalone/fakes/running-mailbox.ts';
import { type AgentOffer, anyConsumer, askForHelp, nextOffer } from './help-requests.ts';
import {
  newSamplePeople,
  type OnboardedAgent,
  onboardAgents,
  uploadFeedsNaming,
} from './onboarded-agents.ts';

/** What SES takes a second from an account that is new in production, and what bulk may use of it. */
const [mailPerSecond, bulkPerSecond] = [14, 9.8];

let stack: Stack;
let agent: OnboardedAgent;
beforeAll(async () => {
  stack = await startStack({}, { bulkPerSecond });
  const { onboarded } = newSamplePeople();
  await uploadFeedsNaming(stack, onboarded.slice(0, 1));
  [agent] = (await onboardAgents(stack, onboarded.slice(0, 1))) as [OnboardedAgent];
});
afterEach(async () => {
  await fetch(`${stack.mailboxUrl}/faults`, { method: 'DELETE' });
  const { user } = stack;
  const { body } = await user.expect<{ offers: AgentOffer[] }>('GET', 'me/offers', { cookie: agent.cookie });
  for (const { id } of body.offers)
    await user.expect('POST', `offers/${id}/decline`, { cookie: agent.cookie, body: { reason: 'too-busy' } });
});
afterAll(() => stack.close());

/** Limits the rate at which the fake SES takes mail. */
async function limitMail(perSecond: number): Promise<void> {
  await postJson(`${stack.mailboxUrl}/faults`, { channel: 'email', kind: 'throttle', perSecond });
}

/** Number of mails that SES has refused since then. */
async function refusedMails(): Promise<number> {
  const [throttle] = await jsonOf<{ count: number }[]>(await fetch(`${stack.mailboxUrl}/faults`));
  return throttle?.count ?? Number.NaN;
}

/** Has as many bulk notices sent at once, as the first day of a year does. @returns their ids */
async function sendBulk(count: number): Promise<string[]> {
  const { npn } = agent;
  const at = new Date();
  return stack.db.transaction().execute(async (tx) => {
    const notices = [];
    for (let sent = 0; sent < count; sent += 1)
      notices.push(
        await createNotice(tx, { kind: 'active-again', npn, planYear: 2027, at, dedupeKey: randomUUID() }),
      );
    await enqueue(tx, ...notices.map((payload) => ({ type: 'send-notice' as const, payload })));
    return notices.map(({ noticeId }) => noticeId);
  });
}

async function countSent(noticeIds: readonly string[]): Promise<number> {
  const rows = await stack.db
    .selectFrom('deliveries')
    .select('id')
    .where('noticeId', 'in', noticeIds)
    .where('status', 'in', ['sent', 'delivered'])
    .execute();
  return rows.length;
}

/** Asks for help, and returns the offer to the agent with its notice. */
async function offered() {
  const { offer } = await nextOffer(stack, [agent], await askForHelp(stack.user, anyConsumer()));
  const { id: noticeId } = await stack.db
    .selectFrom('notices')
    .select('id')
    .where('offerId', '=', offer.id)
    .where('kind', '=', 'offer')
    .executeTakeFirstOrThrow();
  const isMailed = async () => {
    const mail = await stack.db
      .selectFrom('deliveries')
      .select('status')
      .where('noticeId', '=', noticeId)
      .where('channel', '=', 'email')
      .executeTakeFirst();
    return mail?.status === 'sent' || mail?.status === 'delivered';
  };
  return { noticeId, isMailed };
}

/** Number of attempts to mail a notice that SES has refused. */
const refusalsOf = (noticeId: string) =>
  stack.log.filter((line) => line.includes('Throttling') && line.includes(noticeId)).length;

test('bulk mail goes out at its share of the rate with few refusals, and an offer passes it at its first attempt', async () => {
  await limitMail(mailPerSecond);
  const bulk = await sendBulk(50);
  await eventually(async () => expect(await countSent(bulk)).toBeGreaterThan(0));
  const { noticeId, isMailed } = await offered();
  await eventually(async () => expect(await isMailed()).toBe(true));
  expect(await countSent(bulk)).toBeLessThan(50);
  expect(refusalsOf(noticeId)).toBe(0);

  await eventually(async () =>
    expect((await countSent(bulk)) + (await refusedMails())).toBeGreaterThanOrEqual(50),
  );
  expect(await refusedMails()).toBeLessThan(5);
});

test('while SES takes nothing, an offer is tried again soon and bulk mail only minutes later', async () => {
  await limitMail(0);
  const bulk = await sendBulk(20);
  await eventually(async () => expect(bulk.map(refusalsOf)).toEqual(bulk.map(() => 1)));
  const { noticeId, isMailed } = await offered();
  await eventually(async () => expect(refusalsOf(noticeId)).toBeGreaterThanOrEqual(3));
  expect(bulk.map(refusalsOf)).toEqual(bulk.map(() => 1));

  await fetch(`${stack.mailboxUrl}/faults`, { method: 'DELETE' });
  await eventually(async () => expect(await isMailed()).toBe(true));
  expect(await countSent(bulk)).toBe(0);
});
