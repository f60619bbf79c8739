import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { Client } from 'pg';
import { databaseLimits } from '../../domain/time-limits.ts';
import { createDatabase } from '../../runtime/database.ts';
import type { Database } from '../../store/database/connection.ts';
import type { DB } from '../../store/database/schema.ts';
import {
  enqueue,
  insertMessagesSql,
  leaseMessages,
  type OutboxMessage,
  wakeOnboardings,
  wakeOnboardingsOf,
  wakeOnboardingsSql,
  wakeOtherYears,
} from '../../store/outbox.ts';
import { asOwner, createTestDatabase, type TestDatabase } from '../harness/servers/postgres.ts';

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = createDatabase<DB>(database.url);
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});
beforeEach(async () => {
  await asOwner(database, 'truncate outbox; delete from onboardings');
});

/** Reads what the relay reads. */
async function messages(): Promise<OutboxMessage[]> {
  const rows = [];
  for (const bulk of [false, true]) rows.push(...(await leaseMessages(db, { bulk, limit: 10, leaseMs: 0 })));
  return rows.map(({ type, payload }) => ({ type, payload }) as OutboxMessage);
}

describe('messages about the rows of a query', () => {
  test('are the same as those written one by one, in the order of the rows', async () => {
    const again = insertMessagesSql('start-onboarding', { npn: 'npn', planYear: 'plan_year', again: 'true' });
    await sql`${sql.raw(again)}
      from (values ('1002'::npn, 2027::smallint), ('1001', 2026)) as key (npn, plan_year)`.execute(db);
    const written = await messages();
    expect(written).toEqual([
      { type: 'start-onboarding', payload: { npn: '1002', planYear: 2027, again: true } },
      { type: 'start-onboarding', payload: { npn: '1001', planYear: 2026, again: true } },
    ]);
    await sql`delete from outbox`.execute(db);
    await enqueue(db, ...written);
    expect(await messages()).toEqual(written);
  });

  test('have only types and members that the relay knows, which the compiler checks', () => {
    const refused = [
      // @ts-expect-error no message has this type
      insertMessagesSql('wake-agent', { npn: 'a.npn' }),
      // @ts-expect-error the member is called referralId
      insertMessagesSql('wake-referral', { referral: 'r.id' }),
      // @ts-expect-error the offer is missing
      insertMessagesSql('rescind-offer', { referralId: 'r.id' }),
      // @ts-expect-error a message either has this member, which is true, or it has not
      insertMessagesSql('start-onboarding', { npn: 'o.npn', planYear: 'o.plan_year', again: 'false' }),
    ];
    expect(refused).toHaveLength(4);
  });
});

test('an agent’s open onboardings are woken, all of them or those of the other plan years', async () => {
  const at = new Date('2026-11-23T15:00:00Z');
  const rows = [
    { npn: '1001', planYear: 2027, closedAt: null },
    { npn: '1001', planYear: 2026, closedAt: null },
    { npn: '1001', planYear: 2025, closedAt: at },
    { npn: '1002', planYear: 2027, closedAt: null },
  ];
  await db
    .insertInto('onboardings')
    .values(rows.map((row) => ({ ...row, since: at, createdAt: at })))
    .execute();
  await wakeOnboardings(db, '1001');
  await wakeOtherYears(db, { npn: '1001', planYear: 2027 });
  expect((await messages()).map(({ payload }) => payload)).toEqual([
    { npn: '1001', planYear: 2026 },
    { npn: '1001', planYear: 2027 },
    { npn: '1001', planYear: 2026 },
  ]);
});

test('what feeds and reviews of all agents add is apart from what somebody waits for', async () => {
  const at = new Date('2026-11-23T15:00:00Z');
  const key = { npn: '1001', planYear: 2027 };
  await db
    .insertInto('onboardings')
    .values({ ...key, since: at, createdAt: at })
    .execute();
  await sql.raw(wakeOnboardingsSql('true')).execute(db);
  await wakeOnboardingsOf(db, [key]);
  await wakeOnboardings(db, key.npn);
  const lease = (bulk: boolean) => leaseMessages(db, { bulk, limit: 10, leaseMs: 0 });
  expect([await lease(false), await lease(true)].map((rows) => rows.length)).toEqual([1, 2]);
});

test('while a message is leased, neither it nor a later one for the same workflow is leased again', async () => {
  const [one, two] = [
    { npn: '1001', planYear: 2027 },
    { npn: '1002', planYear: 2027 },
  ];
  const lease = async (leaseMs: number) =>
    (await leaseMessages(db, { bulk: false, limit: 10, leaseMs })).map(({ type, subject }) => [
      type,
      subject,
    ]);
  await enqueue(db, { type: 'start-onboarding', payload: one });
  expect(await lease(60_000)).toEqual([['start-onboarding', '1001-2027']]);
  await enqueue(db, { type: 'wake-onboarding', payload: one }, { type: 'start-onboarding', payload: two });
  expect(await lease(60_000)).toEqual([['start-onboarding', '1002-2027']]);
  // the relay was killed, and its lease has ended
  await sql`update outbox set leased_until = now()`.execute(db);
  expect(await lease(60_000)).toEqual([
    ['start-onboarding', '1001-2027'],
    ['wake-onboarding', '1001-2027'],
    ['start-onboarding', '1002-2027'],
  ]);
});

test('two relays that lease at once get the messages of one workflow in one lease', async () => {
  const ids = Array.from({ length: 20 }, (_, index) => ({ npn: `${2000 + index}`, planYear: 2027 }));
  await enqueue(db, ...ids.map((payload) => ({ type: 'start-onboarding' as const, payload })));
  await enqueue(db, ...ids.map((payload) => ({ type: 'wake-onboarding' as const, payload })));
  const lease = () => leaseMessages(db, { bulk: false, limit: 10, leaseMs: 60_000 });
  const leases = await Promise.all([lease(), lease(), lease(), lease()]);
  // the wakes wait for the starts, which others have leased
  expect(leases.flat().map(({ type }) => type)).toEqual(Array(20).fill('start-onboarding'));
});

test('no function of the database writes messages, where the compiler could not check them', async () => {
  const { rows } = await sql<{ proname: string }>`
    select proname from pg_proc where pronamespace = 'public'::regnamespace and prosrc ~* 'into\\s+outbox'`.execute(
    db,
  );
  expect(rows).toEqual([]);
});

test('the relay is woken by a message, and not by a statement that adds none', async () => {
  const listener = new Client({ connectionString: database.url });
  await listener.connect();
  const heard: string[] = [];
  listener.on('notification', ({ channel }) => heard.push(channel));
  await listener.query('listen outbox');
  await wakeOnboardings(db, '17593264');
  await enqueue(db, { type: 'wake-onboarding', payload: { npn: '17593264', planYear: 2027 } });
  await listener.query('select 1');
  expect(heard).toEqual(['outbox']);
  await listener.end();
});

test('a relay waits for the leases of another one no longer than a statement waits for a lock', async () => {
  const limits = { ...databaseLimits, lockMs: 100 };
  const hasty = createDatabase<DB>(database.url, { poolSize: 1, limits });
  await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('outbox'), 0)`.execute(tx);
    const lease = leaseMessages(hasty, { bulk: false, limit: 10, leaseMs: 0 });
    await expect(lease).rejects.toMatchObject({ code: '55P03' });
  });
  await hasty.destroy();
});
