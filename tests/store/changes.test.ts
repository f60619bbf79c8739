import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createDatabase } from '../../runtime/database.ts';
import { readChanges } from '../../store/changes.ts';
import type { Database, Tx } from '../../store/database/connection.ts';
import type { DB } from '../../store/database/schema.ts';
import { recordEvent } from '../../store/events.ts';
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

const record = (tx: Tx, npn: string) =>
  recordEvent(tx, {
    subject: { kind: 'onboarding', npn, planYear: 2027 },
    kind: 'phone-confirmed',
    at: new Date(),
    by: 'agent',
  });

const change = (npn: string) => ({ kind: 'onboarding', id: `${npn}-2027`, npns: [npn] });

test('each change is read once, those of many transactions together', async () => {
  const { cursor, changes } = await readChanges(db, undefined);
  expect(changes).toEqual([]);
  for (const npn of ['101', '102', '101']) await record(db, npn);
  const batch = await readChanges(db, cursor);
  expect(batch.changes.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual([change('101'), change('102')]);
  expect((await readChanges(db, batch.cursor)).changes).toEqual([]);
});

test('a transaction that began first and commits last is not missed', async () => {
  const early = await db.startTransaction().execute();
  await record(early, '201');
  const { cursor } = await readChanges(db, undefined);
  await record(db, '202');
  const before = await readChanges(db, cursor);
  expect(before.changes).toEqual([change('202')]);
  await early.commit().execute();
  const after = await readChanges(db, before.cursor);
  expect(after.changes).toEqual([change('201')]);
  expect((await readChanges(db, after.cursor)).changes).toEqual([]);
});

test('an event that is rolled back is no change', async () => {
  const { cursor } = await readChanges(db, undefined);
  const transaction = await db.startTransaction().execute();
  await record(transaction, '301');
  await transaction.rollback().execute();
  expect((await readChanges(db, cursor)).changes).toEqual([]);
});

test('events that were written on another server, with higher numbers of transactions, are no changes', async () => {
  const { cursor } = await readChanges(db, undefined);
  await record(db, '401');
  await asOwner(database, `update events set transaction_id = '9000000000' where subject_id = '401-2027'`);
  expect((await readChanges(db, cursor)).changes).toEqual([]);
});

test('a referral without an agent concerns nobody', async () => {
  const { cursor } = await readChanges(db, undefined);
  const referralId = randomUUID();
  const subject = { kind: 'referral' as const, referralId };
  await recordEvent(db, { subject, kind: 'requested', at: new Date(), by: 'consumer' });
  expect((await readChanges(db, cursor)).changes).toEqual([{ kind: 'referral', id: referralId, npns: [] }]);
});

test('changes are found by an index, however many events there are', async () => {
  await sql`
    insert into events (subject_kind, subject_id, sequence, kind, at, by, transaction_id)
    select 'onboarding', n || '-2027', 1, 'phone-confirmed', now(), 'agent', (n % 700)::text::xid8
    from generate_series(1000, 21000) n`.execute(db);
  await asOwner(database, 'analyze events');
  const { cursor } = await readChanges(db, undefined);
  const scans = async () => {
    await sql`select pg_stat_force_next_flush()`.execute(db);
    const { rows } = await sql<{ scans: number }>`
      select seq_scan::int as scans from pg_stat_user_tables where relname = 'events'`.execute(db);
    return rows[0]?.scans;
  };
  const before = await scans();
  await readChanges(db, cursor);
  expect(await scans()).toBe(before);
});

test('only the outbox announces by NOTIFY, which makes transactions commit one after another', async () => {
  const { rows } = await sql<{ name: string }>`
    select p.oid::regproc::text || ' on ' || t.tgrelid::regclass as name
    from pg_proc p left join pg_trigger t on t.tgfoid = p.oid
    where p.prosrc ilike '%notify%' and p.pronamespace = 'public'::regnamespace`.execute(db);
  expect(rows.map(({ name }) => name)).toEqual(['notify_outbox on outbox']);
});
