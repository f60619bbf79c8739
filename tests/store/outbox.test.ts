import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createDatabase } from '../../runtime/database.ts';
import type { Database } from '../../store/database/connection.ts';
import type { DB } from '../../store/database/schema.ts';
import {
  claimDueMessages,
  enqueue,
  insertMessagesSql,
  type OutboxMessage,
  wakeOnboardings,
  wakeOtherYears,
} from '../../store/outbox.ts';
import { createTestDatabase, type TestDatabase } from '../harness/postgres.ts';

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
  await sql`truncate outbox`.execute(db);
  await sql`delete from onboardings`.execute(db);
});

/** Reads what the relay reads. */
async function messages(): Promise<OutboxMessage[]> {
  const rows = await db.transaction().execute((tx) => claimDueMessages(tx, 10));
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
    await sql`truncate outbox`.execute(db);
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

test('no function of the database writes messages, where the compiler could not check them', async () => {
  const { rows } = await sql<{ proname: string }>`
    select proname from pg_proc where pronamespace = 'public'::regnamespace and prosrc ~* 'into\\s+outbox'`.execute(
    db,
  );
  expect(rows).toEqual([]);
});
