import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTextSender } from '../../../activities/notifications/senders/text.ts';
import { sendTimeouts } from '../../../activities/notifications/senders/timeouts.ts';
import { createDatabase } from '../../../runtime/database.ts';
import { enterPhoneCode } from '../../../store/agents/phone-codes.ts';
import { sendPhoneCode } from '../../../store/agents/phones.ts';
import type { Database } from '../../../store/database/connection.ts';
import type { DB } from '../../../store/database/schema.ts';
import { pendingNotices } from '../../../store/notifications/pending-notices.ts';
import { phoneCode } from '../../../store/tokens.ts';
import { createDeliverOne, type DeliverOne } from '../../harness/deliver-one.ts';
import { keyring } from '../../harness/keyring.ts';
import { anAgent, anInvitation, testLinkSecret } from '../../harness/people/notified-people.ts';
import { createTestDatabase, type TestDatabase } from '../../harness/servers/postgres.ts';
import { accountSid, authToken, runMailbox } from '../../standalone/fakes/running-mailbox.ts';

const policy = { phoneCheckAfterMs: [], phoneCodeTtlMs: 10 * 60_000, requireConfirmedPhone: true };
let mailbox: Awaited<ReturnType<typeof runMailbox>>;
let testDatabase: TestDatabase;
let db: Database;
let deliver: DeliverOne;
let clock = new Date();
const logged: unknown[] = [];

beforeAll(async () => {
  [mailbox, testDatabase] = await Promise.all([runMailbox(), createTestDatabase()]);
  db = createDatabase<DB>(testDatabase.url);
  const text = createTextSender({
    accountSid,
    authToken,
    baseUrl: mailbox.address,
    from: '+12025550100',
    timeouts: sendTimeouts,
  });
  const nobody = { send: () => Promise.reject(new Error('a code goes by text alone')) };
  const note = (...values: unknown[]) => void logged.push(values);
  const log = { warn: note, error: note };
  deliver = createDeliverOne({
    policy: { textHours: [], invitationRetryAfterMs: [] },
    db,
    senders: { text, email: nobody, push: nobody, voice: nobody },
    keyring,
    linkSecret: testLinkSecret,
    publicUrl: 'https://www.helpondemand.example',
    log,
    now: () => clock,
  });
});
afterAll(async () => {
  await db.destroy();
  await testDatabase.drop();
  await mailbox.close();
});

/** Requests a code for an agent. @returns the pending notice */
async function requestCode() {
  clock = new Date();
  const agent = await anAgent(db);
  const key = await anInvitation(db, agent);
  await send(agent.npn);
  const [notice] = await pendingNotices(db, key);
  return { ...agent, key, noticeId: notice?.noticeId ?? '', channels: notice?.channels };
}

const send = (npn: string) => db.transaction().execute((tx) => sendPhoneCode(tx, { npn, at: clock, policy }));
const codeIn = (text = '') => /\b\d{6}\b/.exec(text)?.[0] ?? '';

test('a code comes as one text that says how long it is good, and confirms the phone', async () => {
  const { npn, phone, noticeId, channels } = await requestCode();
  expect(channels).toEqual(['text']);
  expect(await deliver({ noticeId, channels: ['text'] })).toEqual(['sent']);
  expect(await deliver({ noticeId, channels: ['text'] })).toEqual(['sent']);
  const texts = await mailbox.messages(phone ?? '');
  expect(texts).toHaveLength(1);
  expect(texts[0]?.text).toMatch(
    /^Help On Demand: \d{6} is the code .* by ([A-Z][a-z]+ \d+, )?\d+:\d\d [AP]M MST\./,
  );
  const code = codeIn(texts[0]?.text);
  const entered = await db
    .transaction()
    .execute((tx) =>
      enterPhoneCode(tx, { npn, code, at: clock, maxAttempts: 5, linkSecret: testLinkSecret }),
    );
  expect(entered).toEqual({ was: 'right', confirmedAt: clock });
  expect(JSON.stringify(logged)).not.toContain(code);
});

test('nothing that is stored reveals the code', async () => {
  const { npn, noticeId } = await requestCode();
  const row = await db.selectFrom('phoneCodes').selectAll().where('npn', '=', npn).executeTakeFirstOrThrow();
  const notice = await db.selectFrom('notices').selectAll().where('id', '=', noticeId).executeTakeFirst();
  const events = await db.selectFrom('events').selectAll().where('subjectId', '=', `${npn}-2027`).execute();
  expect(JSON.stringify([row, notice, events])).not.toContain(phoneCode(testLinkSecret, row.id));
});

test('a code that has expired, or that a newer one has replaced, is not sent any more', async () => {
  const late = await requestCode();
  clock = new Date(clock.getTime() + policy.phoneCodeTtlMs);
  expect(await deliver({ noticeId: late.noticeId, channels: ['text'] })).toEqual(['lapsed']);
  expect(await mailbox.messages(late.phone ?? '')).toEqual([]);

  const replaced = await requestCode();
  clock = new Date(clock.getTime() + 1_000);
  await send(replaced.npn);
  expect(await deliver({ noticeId: replaced.noticeId, channels: ['text'] })).toEqual(['lapsed']);
  const [newer] = await pendingNotices(db, replaced.key);
  expect(await deliver({ noticeId: newer?.noticeId ?? '', channels: ['text'] })).toEqual(['sent']);
  expect(await mailbox.messages(replaced.phone ?? '')).toHaveLength(1);
});
