import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { WeeklyHours } from '../../domain/agents/availability.ts';
import { addAbsence, changeAvailability, removeAbsence } from '../../store/agents/availability.ts';
import { changeProfile } from '../../store/agents/profiles.ts';
import type { Database } from '../../store/database/connection.ts';
import { findPlace } from '../../store/zip-codes.ts';
import { refreshWindows, startAvailabilityLoop } from '../../worker/loops/availability-loop.ts';
import {
  type ActivityHarness,
  after,
  aPolicy,
  hours,
  minutes,
  monday,
  openActivityHarness,
} from '../harness/activity-harness.ts';
import { eventually } from '../harness/eventually.ts';
import { keyring } from '../harness/keyring.ts';
import { neverStopping } from '../harness/never-stopping.ts';
import { seedAgent, seedOffer, seedWaitingReferral } from '../harness/people/fixtures.ts';

let harness: ActivityHarness;
beforeAll(async () => {
  harness = await openActivityHarness();
});
afterAll(() => harness.close());
beforeEach(async () => {
  // agents of earlier tests neither get offers nor change availability in this one
  await harness.db.updateTable('agents').set({ leftAt: monday, availabilityChangesAt: null }).execute();
  await harness.db.updateTable('referrals').set({ stage: 'closed' }).execute();
  await harness.drainOutbox();
});

const policy = aPolicy();
const warnings: object[] = [];
const log = { warn: (values: object) => void warnings.push(values) };
// agents here live in Austin, where Monday's tests begin at nine
const nineToFive: WeeklyHours = { monday: [{ from: '09:00', until: '17:00' }] };
const sunday = after(-hours(12));
const twoOffersOneCall = { openOffersPerAgent: 2, uncontactedReferralsPerAgent: 1 };
const changing = (npn: string, at: Date) => ({ npn, at, limits: policy });
const refresh = (at: Date, more: { limit?: number; woken?: Set<string>; failed?: Set<string> } = {}) =>
  refreshWindows({ db: harness.db, policy, log }, { at, stopping: neverStopping, ...more });

async function addAgentWith(set: WeeklyHours = nineToFive, at = sunday): Promise<string> {
  const { npn } = await seedAgent(harness.db, { at: after(-hours(24)) });
  await harness.db.transaction().execute((tx) => changeAvailability(tx, changing(npn, at), { hours: set }));
  return npn;
}

/** Creates a request that found nobody and waits. */
async function addWaiting(at = after(-hours(1)), about: { zip?: string } = {}): Promise<string> {
  const id = await seedWaitingReferral(harness.db, { at, ...about });
  await harness.db.updateTable('referrals').set({ stage: 'queued' }).where('id', '=', id).execute();
  return id;
}

async function windowOf(npn: string) {
  const row = await harness.db
    .selectFrom('agents')
    .select(['availableFrom', 'availableUntil', 'availabilityChangesAt'])
    .where('npn', '=', npn)
    .executeTakeFirstOrThrow();
  // Postgres has infinite timestamps, a Date cannot be infinite
  const textOf = (at: Date | number | null) => (at instanceof Date ? at.toISOString() : at);
  return [row.availableFrom, row.availableUntil, row.availabilityChangesAt].map(textOf);
}

async function wakes(): Promise<unknown[]> {
  const messages = await harness.drainOutbox();
  return messages.filter(({ type }) => type === 'wake-referral').map(({ payload }) => payload);
}

const five = after(hours(8)).toISOString();
const nextMonday = after(hours(7 * 24)).toISOString();

describe('hours', () => {
  test('begin by themselves: the oldest that waits and fits is woken, once', async () => {
    const npn = await addAgentWith();
    const [younger, oldest] = [await addWaiting(after(-minutes(10))), await addWaiting()];
    await addWaiting(after(-hours(3)), { zip: '33101' });
    await harness.drainOutbox();
    expect(await windowOf(npn)).toEqual([monday.toISOString(), five, monday.toISOString()]);
    expect(await refresh(after(-1))).toEqual({ refreshed: 0, isFull: false });

    expect(await refresh(monday)).toEqual({ refreshed: 1, isFull: false });
    expect(await windowOf(npn)).toEqual([Number.NEGATIVE_INFINITY, five, five]);
    expect(await wakes()).toEqual([{ referralId: oldest }]);
    expect(await refresh(after(minutes(1)))).toEqual({ refreshed: 0, isFull: false });
    expect(await wakes()).toEqual([]);
    expect(younger).not.toBe(oldest);
  });

  test('end by themselves, and the next ones follow', async () => {
    const npn = await addAgentWith();
    await refresh(monday);
    await addWaiting();
    await harness.drainOutbox();
    await refresh(after(hours(8)));
    expect(await windowOf(npn)).toEqual([nextMonday, after(hours(7 * 24 + 8)).toISOString(), nextMonday]);
    expect(await wakes()).toEqual([]);
  });

  test('that began or ended while no worker ran are caught up on', async () => {
    const npn = await addAgentWith();
    const referralId = await addWaiting();
    await harness.drainOutbox();
    await refresh(after(hours(7 * 24 + 2)));
    expect(await windowOf(npn)).toEqual([
      Number.NEGATIVE_INFINITY,
      after(hours(7 * 24 + 8)).toISOString(),
      after(hours(7 * 24 + 8)).toISOString(),
    ]);
    expect(await wakes()).toEqual([{ referralId }]);
  });

  test.each([
    ['holds one offer', {}],
    ['may hold two offers, but has no more to call than the one', twoOffersOneCall],
  ])('of an agent without capacity wake no referral: the agent %s', async (_why, limits) => {
    const npn = await addAgentWith({});
    const offer = await seedOffer(harness, { at: sunday });
    expect(offer.npn).toBe(npn);
    await harness.db
      .transaction()
      .execute((tx) => changeAvailability(tx, changing(npn, sunday), { hours: nineToFive }));
    await addWaiting();
    await harness.drainOutbox();
    await refreshWindows(
      { db: harness.db, policy: { ...policy, ...limits }, log },
      { at: monday, stopping: neverStopping },
    );
    expect(await wakes()).toEqual([]);
  });
});

test('many begin at once: each is claimed by one worker, and each agent wakes another referral', async () => {
  const npns: string[] = [];
  for (let count = 0; count < 6; count += 1) npns.push(await addAgentWith());
  const waiting: string[] = [];
  for (let count = 0; count < 9; count += 1) waiting.push(await addWaiting(after(minutes(count - 60))));
  await harness.drainOutbox();

  const woken = new Set<string>();
  const first = await Promise.all([refresh(monday, { limit: 2, woken }), refresh(monday, { limit: 2 })]);
  expect(first.map(({ refreshed }) => refreshed)).toEqual([2, 2]);
  expect(await refresh(monday, { limit: 4, woken })).toEqual({ refreshed: 2, isFull: false });
  const found = (await wakes()) as { referralId: string }[];
  // one worker's pages wake the four oldest; the other worker's page wakes two, which can be the same
  expect([...woken].toSorted()).toEqual(waiting.slice(0, 4).toSorted());
  expect(found).toHaveLength(6);
  expect(new Set(found.map(({ referralId }) => referralId))).toEqual(new Set(waiting.slice(0, 4)));
});

test('an agent whose row fails stops no other, is logged by NPN, and is tried again', async () => {
  const [before, bad, later] = [await addAgentWith(), await addAgentWith(), await addAgentWith()];
  await harness.db.updateTable('agents').set({ timeZone: 'Mars/Olympus' }).where('npn', '=', bad).execute();
  const failed = new Set<string>();
  const page = () => refresh(monday, { limit: 2, failed });
  // as many failing rows as a page holds would come first in each page
  expect(await page()).toEqual({ refreshed: 1, isFull: true });
  expect(await page()).toEqual({ refreshed: 1, isFull: false });
  expect([(await windowOf(before))[2], (await windowOf(later))[2]]).toEqual([five, five]);
  expect(warnings).toEqual([{ id: bad, reason: 'RangeError' }]);

  await harness.db
    .updateTable('agents')
    .set({ timeZone: 'America/Chicago' })
    .where('npn', '=', bad)
    .execute();
  expect(await refresh(monday)).toEqual({ refreshed: 1, isFull: false });
});

test('a page takes as many queries for forty agents as for four', async () => {
  const counted = async (agents: number) => {
    for (let count = 0; count < agents; count += 1) await addAgentWith();
    let queries = 0;
    const db = harness.db.withPlugin({
      transformQuery({ node }) {
        queries += 1;
        return node;
      },
      transformResult: async ({ result }) => result,
    });
    await addWaiting();
    expect(await refreshWindows({ db, policy, log }, { at: monday, stopping: neverStopping })).toMatchObject({
      refreshed: agents,
    });
    return queries;
  };
  const few = await counted(4);
  expect(await counted(40)).toBe(few);
  expect(few).toBe(5);
});

describe('what an agent sets', () => {
  test('an override takes effect at once, ends by itself, and is recorded once', async () => {
    const npn = await addAgentWith({});
    const referralId = await addWaiting();
    const at = after(-minutes(30));
    const override = { is: 'off' as const, untilAt: monday };
    await harness.drainOutbox();
    for (const _time of [1, 2])
      await harness.db.transaction().execute((tx) => changeAvailability(tx, changing(npn, at), { override }));
    const mondayText = monday.toISOString();
    expect(await windowOf(npn)).toEqual([mondayText, Number.POSITIVE_INFINITY, mondayText]);
    const events = await harness.events({ kind: 'onboarding', npn, planYear: 2027 });
    expect(events.filter(({ kind }) => kind === 'availability-changed')).toEqual([
      expect.objectContaining({
        by: 'agent',
        data: { parts: ['override'], isAvailable: false, until: mondayText },
      }),
    ]);
    expect(await wakes()).toEqual([]);
    await refresh(monday);
    expect(await windowOf(npn)).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, null]);
    expect(await wakes()).toEqual([{ referralId }]);
  });

  test('becoming available outside the hours wakes a waiting referral; while available, nothing more', async () => {
    const npn = await addAgentWith();
    const referralId = await addWaiting();
    await harness.drainOutbox();
    const at = after(-minutes(30));
    const on = { is: 'on' as const, untilAt: after(minutes(30)) };
    await harness.db
      .transaction()
      .execute((tx) => changeAvailability(tx, changing(npn, at), { override: on }));
    expect(await wakes()).toEqual([{ referralId }]);
    // the hours take over at nine, so that the availability ends with them
    expect(await windowOf(npn)).toEqual([Number.NEGATIVE_INFINITY, five, five]);
    await harness.db
      .transaction()
      .execute((tx) => changeAvailability(tx, changing(npn, at), { override: { is: 'on', untilAt: null } }));
    expect(await wakes()).toEqual([]);
  });

  test('an absence is entered once and taken back once, by its own agent', async () => {
    const npn = await addAgentWith({});
    const other = await addAgentWith({});
    const run = <T>(work: Parameters<ReturnType<Database['transaction']>['execute']>[0]) =>
      harness.db.transaction().execute(work) as Promise<T>;
    const absence = { from: '2026-11-23', until: '2026-11-24' };
    const id = await run<string>((tx) => addAbsence(tx, changing(npn, sunday), absence));
    expect(await run((tx) => addAbsence(tx, changing(npn, sunday), absence))).toBe(id);
    const begins = '2026-11-23T06:00:00.000Z';
    expect(await windowOf(npn)).toEqual([Number.NEGATIVE_INFINITY, begins, begins]);
    expect(await run((tx) => removeAbsence(tx, changing(other, sunday), id))).toBe(false);
    const back = (at: Date) => run((tx) => removeAbsence(tx, changing(npn, at), id));
    expect([await back(sunday), await back(monday)]).toEqual([true, true]);
    expect(await windowOf(npn)).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, null]);
    const events = await harness.events({ kind: 'onboarding', npn, planYear: 2027 });
    expect(events.filter(({ kind }) => kind === 'availability-changed')).toHaveLength(2);
  });

  test('another ZIP moves the hours with its clock', async () => {
    const npn = await addAgentWith();
    const place = await findPlace(harness.db, '10001');
    const change = { npn, changes: { zip: '10001' }, place, phone: undefined, at: sunday, policy };
    await harness.db.transaction().execute((tx) => changeProfile(tx, keyring, change));
    expect((await windowOf(npn))[0]).toBe(after(-hours(1)).toISOString());
  });
});

test('the loop does it by itself, on the clock of the machine, and ends when stopped', async () => {
  const npn = await addAgentWith({});
  const referralId = await addWaiting();
  await harness.drainOutbox();
  const now = new Date();
  const override = { is: 'off' as const, untilAt: new Date(now.getTime() + 300) };
  await harness.db.transaction().execute((tx) => changeAvailability(tx, changing(npn, now), { override }));
  const loop = startAvailabilityLoop(
    { db: harness.db, policy, log: { warn: () => undefined } },
    { tickMs: 100 },
  );
  await eventually(async () => expect((await windowOf(npn))[2]).toBeNull());
  await loop.stop();
  expect(await wakes()).toEqual([{ referralId }]);
});
