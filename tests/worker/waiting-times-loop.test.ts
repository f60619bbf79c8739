import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { chooseWaitingTimes, waitingPeriods } from '../../domain/referrals/waiting-times.ts';
import { readWaitingTimes, saveWaitingTimes } from '../../store/referrals/waiting-times.ts';
import { refreshWaitingTimes } from '../../worker/loops/waiting-times-loop.ts';
import {
  type ActivityHarness,
  after,
  hours,
  minutes,
  monday,
  openActivityHarness,
} from '../harness/activity-harness.ts';
import { neverStopping } from '../harness/never-stopping.ts';
import { addAgent } from '../harness/people/people.ts';
import { asOwner } from '../harness/servers/postgres.ts';

let harness: ActivityHarness;
let npn: string;
beforeAll(async () => {
  harness = await openActivityHarness();
  npn = await addAgent(harness.db);
});
afterAll(() => harness.close());
beforeEach(() => asOwner(harness, 'truncate referrals, waiting_times cascade'));

const days = (count: number) => hours(24 * count);

interface Requests {
  count: number;
  state?: string;
  language?: string;
  /** When they came. Ten days ago by default, at another hour of the day than now. */
  at?: Date;
  stage?: string;
  causes?: string[];
  /** Minutes that the request with this index waited for an agent; without it none accepted. */
  waited?: (index: number) => number;
  /** Minutes until another agent accepted, to whom the request came from the first. */
  thenAfter?: number;
  /** Minutes until the code was entered. */
  confirmedAfter?: number;
}

async function addRequests({ count, at = after(-days(10) - hours(3)), ...about }: Requests): Promise<void> {
  const { state = 'UT', language = 'es', waited, thenAfter, confirmedAfter } = about;
  const later = (ms: number) => new Date(at.getTime() + ms);
  const ids = Array.from({ length: count }, () => randomUUID());
  const { stage = waited ? 'contacted' : 'unmatched', causes = [] } = about;
  const place = { zip: '84101', city: 'Salt Lake City', timeZone: 'America/Denver' };
  const asked = { interpreter: false, coverageYear: 2027, need: 'renew', policyVersion: '-' };
  const hashes = { tokenSha256: '-', requestSha256: '-' };
  const fixed = { ...place, ...asked, ...hashes, since: at, createdAt: at, budgetEndsAt: at };
  await harness.db
    .insertInto('referrals')
    .values(
      ids.map((id) => ({
        id,
        state,
        language,
        stage,
        causes,
        ...fixed,
        idempotencyKeySha256: id,
      })),
    )
    .execute();
  if (confirmedAfter !== undefined)
    await harness.db
      .insertInto('contactCodes')
      .values(
        ids.map((referralId) => ({
          referralId,
          id: randomUUID(),
          createdAt: at,
          expiresAt: at,
          tries: 0,
          confirmedAt: later(minutes(confirmedAfter)),
        })),
      )
      .execute();
  if (!waited) return;
  const offer = { npn, shortCode: '4821', offeredAt: at, expiresAt: at, policyVersion: '-' };
  const ended = { endedAs: 'declined', endedAt: at, endedBy: 'agent' };
  await harness.db
    .insertInto('offers')
    .values(
      ids.flatMap((referralId, index) => [
        { id: randomUUID(), referralId, number: 1, ...offer, ...ended },
        {
          id: randomUUID(),
          referralId,
          number: 2,
          ...offer,
          acceptedAt: later(minutes(waited(index))),
          ...(thenAfter === undefined ? {} : { ...ended, endedAs: 'handed-back' }),
        },
        ...(thenAfter === undefined
          ? []
          : [{ id: randomUUID(), referralId, number: 3, ...offer, acceptedAt: later(minutes(thenAfter)) }]),
      ]),
    )
    .execute();
}

/** Counts both periods and returns what is said of a state and language. */
async function waitingTimesOf(state: string, language: string, at = monday) {
  await forgetCounts();
  for (const period of waitingPeriods) await refresh(period, at);
  return chooseWaitingTimes(await readWaitingTimes(harness.db, { state, language }), at);
}

const forgetCounts = () =>
  harness.db
    .updateTable('waitingTimeCounts')
    .set({ countedAt: new Date(0) })
    .execute();

const refresh = (period: (typeof waitingPeriods)[number], at: Date) =>
  refreshWaitingTimes(harness.db, { period, at, stopping: neverStopping });

const found = (medianMinutes: number, ninetiethMinutes: number) => ({ medianMinutes, ninetiethMinutes });

test('nothing is said of 19 requests, and of 20 how long half of them and nine of ten waited', async () => {
  await addRequests({ count: 19, waited: (index) => index + 1 });
  expect(await waitingTimesOf('UT', 'es')).toEqual({ found: undefined, unmatched: undefined });
  expect(await harness.db.selectFrom('waitingTimes').selectAll().execute()).toEqual([]);
  await addRequests({ count: 1, waited: () => 20 });
  const said = await waitingTimesOf('UT', 'es');
  expect(said.found).toMatchObject({ state: 'UT', language: 'es', found: found(10, 18) });
  expect(said.unmatched).toMatchObject({ state: 'UT', language: 'es', unmatchedShare: 0 });
});

test('where a language has too few requests, its state is shown, and where that has too few, all states', async () => {
  await addRequests({ count: 19, language: 'vi', waited: () => 50 });
  await addRequests({ count: 21, language: 'en', waited: () => 2 });
  await addRequests({ count: 5, state: 'TX', waited: () => 7 });
  expect((await waitingTimesOf('UT', 'vi')).found).toMatchObject({
    state: 'UT',
    language: null,
    found: found(2, 50),
  });
  expect((await waitingTimesOf('UT', 'en')).found).toMatchObject({ language: 'en', found: found(2, 2) });
  expect((await waitingTimesOf('TX', 'es')).found).toMatchObject({ state: null, found: found(7, 50) });
});

test('this hour of the day counts first: that of the last seven days, and no other', async () => {
  const thisHour = (day: number, minute: number) => after(minutes(minute) - days(day));
  for (const day of [1, 2, 3, 4, 5, 6, 7]) {
    await addRequests({ count: 3, at: thisHour(day, 0), waited: () => 2 });
    await addRequests({ count: 1, at: thisHour(day, 59), waited: () => 3 });
    await addRequests({ count: 9, at: thisHour(day, 60), waited: () => 40 });
    await addRequests({ count: 9, at: thisHour(day, -1), waited: () => 40 });
  }
  await addRequests({ count: 90, at: thisHour(8, 5), waited: () => 40 });
  await addRequests({ count: 90, at: thisHour(31, 5), waited: () => 90 });
  const said = (await waitingTimesOf('UT', 'es', thisHour(0, 30))).found;
  expect(said).toMatchObject({ period: 'this-hour', found: found(2, 3) });
  // half a day later there are no requests of that hour, so the month is shown
  const other = (await waitingTimesOf('UT', 'es', thisHour(0, 30 + 12 * 60))).found;
  expect(other).toMatchObject({ period: 'month', found: found(40, 40) });
});

test('the share without an agent leaves out who still waits, withdrew or gave a wrong contact', async () => {
  await addRequests({ count: 30, waited: () => 2 });
  await addRequests({ count: 10 });
  await addRequests({ count: 50, causes: ['contact-wrong'] });
  for (const stage of ['queued', 'withdrawn', 'unconfirmed']) await addRequests({ count: 50, stage });
  const { unmatched } = await waitingTimesOf('UT', 'es');
  expect(unmatched).toMatchObject({ state: 'UT', language: 'es', unmatchedShare: 0.25 });
});

test('a group where hardly anybody finds an agent says so, and takes the times from a wider one', async () => {
  await addRequests({ count: 20, language: 'vi' });
  await addRequests({ count: 19, language: 'vi', waited: () => 60 });
  await addRequests({ count: 30, language: 'en', waited: () => 2 });
  const said = await waitingTimesOf('UT', 'vi');
  expect(said.unmatched).toMatchObject({ language: 'vi', unmatchedShare: 20 / 39 });
  expect(said.found).toMatchObject({ state: 'UT', language: null });
});

test('a request that was accepted, handed back and ended without an agent counts as one without', async () => {
  await addRequests({ count: 10, stage: 'unmatched', waited: () => 2 });
  await addRequests({ count: 10, waited: () => 2 });
  const said = await waitingTimesOf('UT', 'es');
  expect([said.unmatched?.unmatchedShare, said.found?.found]).toEqual([0.5, found(2, 2)]);
});

test('the wait ends with the first agent who accepts, also where another one took over', async () => {
  await addRequests({ count: 20, waited: () => 3, thenAfter: 90 });
  expect((await waitingTimesOf('UT', 'es')).found?.found).toEqual(found(3, 3));
});

test('the wait begins with the code that confirmed the request; a minute begun is a minute', async () => {
  await addRequests({ count: 20, confirmedAfter: 30, waited: () => 31.5 });
  expect((await waitingTimesOf('UT', 'es')).found?.found).toEqual(found(2, 2));
});

test('nobody counts an hour or, within six hours, a month again', async () => {
  await forgetCounts();
  const at = after(minutes(20));
  expect(await refresh('this-hour', at)).toBe(true);
  expect(await refresh('this-hour', after(minutes(59)))).toBe(false);
  expect(await refresh('this-hour', after(minutes(60)))).toBe(true);
  expect(await refresh('month', at)).toBe(true);
  expect(await refresh('month', after(minutes(20) + hours(6)))).toBe(false);
  expect(await refresh('month', after(minutes(21) + hours(6)))).toBe(true);
});

test('of two workers that count at the same time, the later count stays, whichever ends first', async () => {
  await forgetCounts();
  await addRequests({ count: 20, waited: () => 3 });
  expect(await refresh('month', after(minutes(1)))).toBe(true);
  const slower = { period: 'month', at: monday, groups: [] } as const;
  await harness.db.transaction().execute((tx) => saveWaitingTimes(tx, slower));
  const [stored] = await readWaitingTimes(harness.db, { state: 'UT', language: 'es' });
  expect(stored).toMatchObject({ countedAt: after(minutes(1)) });
  const together = await Promise.all([refresh('month', after(hours(7))), refresh('month', after(hours(7)))]);
  expect(together).toContain(true);
  expect(await readWaitingTimes(harness.db, { state: 'UT', language: 'es' })).toHaveLength(3);
});

test('the database itself refuses a row of fewer than 20 requests', async () => {
  const row = { period: 'month', state: 'UT', requests: 19, unmatchedShare: 0 };
  await expect(harness.db.insertInto('waitingTimes').values(row).execute()).rejects.toThrow(
    'waiting_times_requests_check',
  );
});
