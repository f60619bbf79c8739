import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Policy } from '../../../domain/policy.ts';
import { wakeReferralsForAgent } from '../../../store/agents/serving.ts';
import {
  type ActivityHarness,
  activitiesOn,
  after,
  aPolicy,
  hours,
  minutes,
  monday,
  openActivityHarness,
  textAfter,
} from '../../harness/activity-harness.ts';
import { seedAgent, seedReferral, seedWaitingReferral } from '../../harness/people/fixtures.ts';

let harness: ActivityHarness;
beforeEach(async () => {
  harness = await openActivityHarness();
});
afterEach(() => harness.close());

/** Monday's tests begin at nine in Austin; the service opens at ten and closes at four. */
const policy: Policy = aPolicy({
  serviceCalendar: {
    hours: [{ days: [1, 2, 3, 4, 5], fromMinute: 10 * 60, untilMinute: 16 * 60 }],
    closedSeasons: [],
  },
});
const opening = textAfter(hours(1));
const match = (referralId: string, at: string) =>
  activitiesOn(harness.db, policy).matchReferral({ woken: true, referralId, at });
const asked = (at = monday) => seedReferral(harness.db, { at, policy });

describe('while the service is closed', () => {
  test('a request waits for the opening and says when that is, though an agent is free', async () => {
    await seedAgent(harness.db);
    const referralId = await asked();
    expect(await match(referralId, textAfter(0))).toMatchObject({
      found: 'not-now',
      stage: 'queued',
      causes: ['outside-hours'],
      waitingUntil: opening,
      recheckAt: opening,
    });
    expect(await match(referralId, opening)).toMatchObject({ found: 'offer' });
  });

  test('its time to find an agent does not run', async () => {
    const referralId = await asked();
    const { budgetEndsAt } = await harness.db
      .selectFrom('referrals')
      .select('budgetEndsAt')
      .where('id', '=', referralId)
      .executeTakeFirstOrThrow();
    expect(budgetEndsAt).toEqual(after(hours(5)));
    // requested an hour before closing: the other three hours come tomorrow
    const late = await asked(after(hours(6)));
    const row = await harness.db
      .selectFrom('referrals')
      .select('budgetEndsAt')
      .where('id', '=', late)
      .executeTakeFirstOrThrow();
    expect(row.budgetEndsAt).toEqual(after(hours(28)));
  });

  test('a cascade stops for the night after the offer that runs', async () => {
    await seedAgent(harness.db);
    await seedAgent(harness.db);
    const referralId = await asked(after(hours(6)));
    const found = await match(referralId, textAfter(hours(6)));
    const { offerId } = (found as Extract<typeof found, { found: 'offer' }>).offer;
    const at = textAfter(hours(7));
    await harness.activities.endOffer({ referralId, offerId, end: 'expired', by: 'clock', at });
    expect(await match(referralId, at)).toMatchObject({
      causes: ['outside-hours'],
      waitingUntil: textAfter(hours(25)),
    });
  });
});

describe('at the opening', () => {
  test('the oldest referrals match first, as many as there are agents; the next when those have had their time', async () => {
    await seedAgent(harness.db);
    await seedAgent(harness.db);
    const waiting: string[] = [];
    for (const minute of [0, 1, 2]) waiting.push(await asked(after(minutes(minute))));
    const turns: unknown[] = [];
    for (const id of waiting.toReversed()) {
      const found = await match(id, textAfter(minutes(5)));
      turns.unshift(found.found === 'not-now' && found.recheckAt);
    }
    expect(turns).toEqual([opening, textAfter(hours(1) + 200), textAfter(hours(1) + minutes(15))]);
  });

  test('no referral is woken earlier for capacity that becomes free', async () => {
    const { npn } = await seedAgent(harness.db);
    const [early, open] = [await seedWaitingReferral(harness.db), await seedWaitingReferral(harness.db)];
    // far ahead of the clock of the database
    await harness.db
      .updateTable('referrals')
      .set({ opensAt: new Date(Date.now() + hours(24)) })
      .where('id', '=', early)
      .execute();
    await harness.drainOutbox();
    await wakeReferralsForAgent(harness.db, npn, 2);
    expect(await harness.drainOutbox()).toEqual([{ type: 'wake-referral', payload: { referralId: open } }]);
  });
});
