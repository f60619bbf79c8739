import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { NotServingCause } from '../../../domain/agents/not-serving.ts';
import { changeAvailability } from '../../../store/agents/availability.ts';
import { recordDeparture } from '../../../store/agents/departures.ts';
import { readNotServing } from '../../../store/agents/not-serving.ts';
import {
  type ActivityHarness,
  after,
  aPolicy,
  hours,
  monday,
  openActivityHarness,
  textAfter,
} from '../../harness/activity-harness.ts';
import { seedAgent, seedOffer, seedReferral } from '../../harness/people/fixtures.ts';
import { recordStatements } from '../../harness/statements.ts';

let harness: ActivityHarness;
beforeEach(async () => {
  harness = await openActivityHarness();
});
afterEach(() => harness.close());

const limits = aPolicy();
const causesOf = (npn: string) => readNotServing(harness.db, { npn, at: monday, limits });
const change = (npn: string, columns: object) =>
  harness.db.updateTable('agents').set(columns).where('npn', '=', npn).execute();
const setAvailability = (npn: string, settings: Parameters<typeof changeAvailability>[2]) =>
  harness.db.transaction().execute((tx) => changeAvailability(tx, { npn, at: monday, limits }, settings));
/** Whether matching finds somebody for a new request from Texas. */
async function isSomebodyAsked(): Promise<boolean> {
  const referralId = await seedReferral(harness.db);
  const match = await harness.activities.matchReferral({ woken: true, referralId, at: textAfter(0) });
  return match.found === 'offer';
}

/** What keeps the only agent from being asked, with the instant at which it ends by itself. */
const obstacles: readonly [NotServingCause, (npn: string) => Promise<unknown>, Date | undefined][] = [
  [
    'left',
    (npn) =>
      harness.db
        .transaction()
        .execute((tx) => recordDeparture(tx, { npn, because: 'other', by: 'agent', at: monday })),
    undefined,
  ],
  ['held', (npn) => change(npn, { heldAt: monday }), undefined],
  [
    'suspended',
    async (npn) => {
      await harness.db.updateTable('licenses').set({ active: false }).execute();
      await harness.activities.reviewOnboarding({ npn, planYear: 2027, at: textAfter(0) });
    },
    undefined,
  ],
  ['no-state', (npn) => change(npn, { statesWanted: ['FL'] }), undefined],
  [
    'no-channel',
    (npn) => change(npn, { contactPreference: 'email', emailUndeliverableAt: monday }),
    undefined,
  ],
  ['resting', (npn) => change(npn, { restingSince: monday }), undefined],
  [
    'away',
    (npn) => setAvailability(npn, { absences: [{ from: '2026-11-23', until: '2026-11-24' }] }),
    new Date('2026-11-25T06:00:00Z'),
  ],
  [
    'switched-off',
    (npn) => setAvailability(npn, { override: { is: 'off', untilAt: after(hours(2)) } }),
    after(hours(2)),
  ],
  [
    'outside-hours',
    (npn) => setAvailability(npn, { hours: { monday: [{ from: '12:00', until: '17:00' }] } }),
    after(hours(3)),
  ],
  [
    'at-capacity',
    async () => {
      for (let offers = 0; offers < limits.openOffersPerAgent; offers += 1)
        await seedOffer(harness, { contact: { name: 'Cora', email: `${randomUUID()}@example.org` } });
    },
    undefined,
  ],
];

describe('an agent whom matching passes over reads why:', () => {
  test.each(obstacles)('%s', async (cause, obstruct, until) => {
    const { npn } = await seedAgent(harness.db);
    await obstruct(npn);
    expect(await causesOf(npn)).toEqual([{ cause, until, states: [] }]);
    expect(await isSomebodyAsked()).toBe(false);
  });

  test('not-active', async () => {
    const { npn } = await seedAgent(harness.db, { stage: 'awaiting-terms' });
    expect(await causesOf(npn)).toEqual([{ cause: 'not-active', until: undefined, states: [] }]);
    expect(await isSomebodyAsked()).toBe(false);
  });

  test('several at once, the strongest first', async () => {
    const { npn } = await seedAgent(harness.db);
    // a change of the availability would end the rest
    for (const [cause, obstruct] of obstacles.toReversed())
      if (['no-channel', 'resting', 'away'].includes(cause)) await obstruct(npn);
    expect((await causesOf(npn)).map(({ cause }) => cause)).toEqual(['no-channel', 'resting', 'away']);
  });

  test('a hold and what else is missing, and nothing that could be mended in vain', async () => {
    const { npn } = await seedAgent(harness.db);
    for (const [cause, obstruct] of obstacles)
      if (['suspended', 'held', 'resting'].includes(cause)) await obstruct(npn);
    expect((await causesOf(npn)).map(({ cause }) => cause)).toEqual(['held', 'suspended']);
  });
});

test('whoever matching asks reads no cause, which costs one query', async () => {
  const { npn } = await seedAgent(harness.db);
  const statements = await recordStatements(async () => expect(await causesOf(npn)).toEqual([]));
  expect(statements).toHaveLength(1);
  expect(await isSomebodyAsked()).toBe(true);
});

test('an agent all of whose states take no requests reads which; one with another state reads nothing', async () => {
  const [{ npn: inTexas }, { npn: inTwo }] = [
    await seedAgent(harness.db),
    await seedAgent(harness.db, { states: ['TX', 'FL'] }),
  ];
  const accountId = await harness.db.selectFrom('accounts').select('id').executeTakeFirstOrThrow();
  await harness.db
    .insertInto('intakePauses')
    .values({
      id: randomUUID(),
      state: 'TX',
      pausedAt: monday,
      pausedBy: accountId.id,
      pauseReason: 'A storm',
      notice: '{}',
    })
    .execute();
  expect(await causesOf(inTexas)).toEqual([{ cause: 'intake-paused', until: undefined, states: ['TX'] }]);
  expect(await causesOf(inTwo)).toEqual([]);
});
