import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createDatabase } from '../../runtime/database.ts';
import type { DB } from '../../store/database/schema.ts';
import { startAvailabilityLoop } from '../../worker/loops/availability-loop.ts';
import { type Loop, type LoopWork, startLoop } from '../../worker/loops/loop.ts';
import { processEach } from '../../worker/outbox/process-each.ts';
import { aPolicy } from '../harness/activity-harness.ts';
import { eventually } from '../harness/eventually.ts';
import { createTestDatabase, type TestDatabase } from '../harness/servers/postgres.ts';
import { openPostgresProxy } from '../harness/servers/postgres-proxy.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

let warnings: object[] = [];
const log = { warn: (values: object, message: string) => void warnings.push({ ...values, message }) };
const loops: Loop[] = [];
afterEach(async () => {
  await Promise.all(loops.splice(0).map((loop) => loop.stop()));
  warnings = [];
});

const anHour = 3_600_000;

function start(work: Partial<LoopWork> & Pick<LoopWork, 'beginPass'>): Loop {
  const loop = startLoop({ tickMs: anHour, log, failureMessage: 'Failed, will retry', ...work });
  loops.push(loop);
  return loop;
}

/** Starts a loop whose first passes fail, and that notes when each pass began. */
function startFailing(failures: number): { begun: number[]; loop: Loop } {
  const begun: number[] = [];
  const loop = start({
    beginPass: () => {
      begun.push(performance.now());
      return async () => {
        if (begun.length <= failures) throw Object.assign(new Error('quotes a row'), { code: '57P01' });
        return { isFull: false };
      };
    },
  });
  return { begun, loop };
}

const elapsed = async (work: () => Promise<void>) => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

test('a pass has pages until one is not full, and each pass begins anew', async () => {
  const passes: number[] = [];
  start({
    tickMs: 1,
    beginPass: () => {
      passes.push(0);
      const pass = passes.length - 1;
      return async () => ({ isFull: (passes[pass] = (passes[pass] ?? 0) + 1) < 3 });
    },
  });
  await eventually(() => expect(passes.length).toBeGreaterThan(2));
  expect(passes.slice(0, 2)).toEqual([3, 3]);
});

test('a loop that is woken begins its next pass at once, also when it is woken during a pass', async () => {
  let passes = 0;
  let endPage: () => void = () => undefined;
  const loop = start({
    beginPass: () => {
      passes += 1;
      return () => new Promise((resolve) => (endPage = () => resolve({ isFull: false })));
    },
  });
  await eventually(() => expect(passes).toBe(1));
  loop.wake();
  endPage();
  await eventually(() => expect(passes).toBe(2));
  endPage();
  loop.wake();
  await eventually(() => expect(passes).toBe(3));
  endPage();
});

test('a pass that fails is logged without the words of its error, and tried again after growing delays', async () => {
  const { begun, loop } = startFailing(3);
  const waking = setInterval(() => loop.wake(), 5);
  await eventually(() => expect(begun.length).toBeGreaterThan(3));
  clearInterval(waking);
  const delays = [1, 2, 3].map((pass) => (begun[pass] ?? 0) - (begun[pass - 1] ?? 0));
  // a hint that comes meanwhile does not shorten them
  for (const [index, least] of [250, 500, 1_000].entries()) expect(delays[index]).toBeGreaterThan(least - 20);
  const warning = { reason: 'Error 57P01', message: 'Failed, will retry' };
  expect(warnings).toEqual([warning, warning, warning]);
});

describe('a stop takes less than a second', () => {
  test('while the loop waits for its next pass', async () => {
    let passes = 0;
    const loop = start({
      beginPass: () => {
        passes += 1;
        return async () => ({ isFull: false });
      },
    });
    await eventually(() => expect(passes).toBe(1));
    expect(await elapsed(loop.stop)).toBeLessThan(1_000);
    expect(passes).toBe(1);
  });

  test('while the loop waits to try again', async () => {
    const { begun, loop } = startFailing(9);
    await eventually(() => expect(begun.length).toBe(3));
    expect(await elapsed(loop.stop)).toBeLessThan(1_000);
    expect(begun).toHaveLength(3);
  });

  test('while Postgres does not answer', async () => {
    const proxy = await openPostgresProxy(database.url);
    const db = createDatabase<DB>(proxy.url);
    await sql`select 1`.execute(db);
    proxy.silence();
    const loop = startAvailabilityLoop({ db, policy: aPolicy(), log }, { tickMs: 10 });
    expect(await elapsed(loop.stop)).toBeLessThan(1_000);
    // the transaction that no answer will end holds its connection
    await Promise.all([db.destroy(), proxy.close()]);
    expect(warnings).toEqual([]);
  });

  test('after the row that is being processed; the others are left to another pass', async () => {
    const done: string[] = [];
    const loop = start({
      beginPass: () => async (stopping) => {
        const work = async (id: string) => {
          done.push(id);
          if (done.length === 2) void loop.stop();
          return true;
        };
        await processEach(['a', 'b', 'c'], { work, failed: new Set(), log, message: '', stopping });
        return { isFull: true };
      },
    });
    await eventually(() => expect(done).toHaveLength(2));
    await loop.stop();
    expect(done).toEqual(['a', 'b']);
  });
});
