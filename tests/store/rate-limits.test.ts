import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createDatabase } from '../../runtime/database.ts';
import type { Database } from '../../store/database/connection.ts';
import type { DB } from '../../store/database/schema.ts';
import { clearUses, countAttempt, countUses, forgiveAttempt, takeBackUses } from '../../store/rate-limits.ts';
import { createTestDatabase, type TestDatabase } from '../harness/servers/postgres.ts';
import { countStatements } from '../harness/statements.ts';

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

const now = 1_000_000;
const windowMs = 60_000;
const counter = (points: number) => ({ key: randomUUID(), points, windowMs });
const usesOf = (key: string) => db.selectFrom('rateLimits').select('points').where('key', '=', key).execute();

test('uses of several limits take one statement, begin and commit beside it', async () => {
  const counters = [counter(3), counter(3), counter(3)];
  const counting = async () => {
    const counted = await countUses(db, counters, now);
    expect(counted).toEqual(counters.map(() => ({ uses: 1, endsAt: now + windowMs })));
  };
  expect(await countStatements(counting)).toBe(3);
});

test('a use above a limit counts there, and against no limit behind it', async () => {
  const [before, above, behind] = [counter(9), counter(1), counter(9)];
  await countUses(db, [above], now);
  const counted = await countUses(db, [before, above, behind], now);
  expect(counted.map(({ uses }) => uses)).toEqual([1, 2]);
  expect([await usesOf(above.key), await usesOf(behind.key)]).toEqual([[{ points: 2 }], []]);
});

test('uses at the same time pass exactly as far as the limits allow', async () => {
  const [wide, narrow] = [counter(100), counter(7)];
  const counted = await Promise.all(Array.from({ length: 30 }, () => countUses(db, [wide, narrow], now)));
  const usesOfNarrow = counted.map(([, ofNarrow]) => ofNarrow?.uses ?? 0);
  expect(usesOfNarrow.toSorted((one, other) => one - other)).toEqual(
    Array.from({ length: 30 }, (_, at) => at + 1),
  );
  expect(usesOfNarrow.filter((uses) => uses <= narrow.points)).toHaveLength(7);
});

test('a window begins with its first use and is followed by a new one', async () => {
  const one = counter(3);
  const at = async (ms: number) => (await countUses(db, [one], now + ms))[0];
  expect(await at(0)).toEqual({ uses: 1, endsAt: now + windowMs });
  expect(await at(windowMs - 1)).toEqual({ uses: 2, endsAt: now + windowMs });
  expect(await at(windowMs)).toEqual({ uses: 1, endsAt: now + 2 * windowMs });
});

test('an attempt that began before another and is counted after it does not wait for it', async () => {
  const key = randomUUID();
  const limit = { points: 5, maxWaitMs: 60_000, resetAfterMs: windowMs };
  const attempt = (ms: number) => countAttempt(db, { key, at: new Date(now + ms), limit });
  expect([await attempt(30), await attempt(20)]).toEqual([0, 0]);
  await forgiveAttempt(db, key);
  expect(await attempt(10)).toBe(0);
  const later: number[] = [];
  for (let count = 0; count < 5; count += 1) later.push(await attempt(40));
  expect(later).toEqual([0, 0, 0, 0, 1_000]);
});

describe('a use that is taken back', () => {
  test('is not counted any more, and none is given away for a window that is over', async () => {
    const [one, other] = [counter(3), counter(3)];
    const keys = [one.key, other.key];
    await countUses(db, [one, other], now);
    await countUses(db, [one], now);
    await takeBackUses(db, keys, now);
    expect([await usesOf(one.key), await usesOf(other.key)]).toEqual([[{ points: 1 }], [{ points: 0 }]]);
    await takeBackUses(db, keys, now + windowMs);
    expect(await usesOf(one.key)).toEqual([{ points: 1 }]);
    await clearUses(db, keys);
    expect(await usesOf(one.key)).toEqual([]);
  });

  test('and others that are counted at the same time do not wait for each other in a circle', async () => {
    const counters = Array.from({ length: 6 }, () => counter(1_000));
    const keys = counters.map(({ key }) => key);
    await countUses(db, counters, now);
    const work = Array.from({ length: 40 }, (_, at) =>
      at % 2 === 0 ? countUses(db, counters, now) : takeBackUses(db, keys, now),
    );
    await expect(Promise.all(work)).resolves.toHaveLength(40);
  });
});
