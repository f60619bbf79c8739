import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Policy } from '../../../domain/policy.ts';
import { savePushSubscription } from '../../../store/agents/push-subscriptions.ts';
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
import {
  type AgentFixture,
  type ReferralFixture,
  seedAgent,
  seedOffer,
  seedReferral,
} from '../../harness/people/fixtures.ts';

let harness: ActivityHarness;
beforeEach(async () => {
  harness = await openActivityHarness();
});
afterEach(() => harness.close());

const match = (referralId: string, at = textAfter(0), policy?: Partial<Policy>) =>
  activitiesOn(harness.db, aPolicy(policy)).matchReferral({ woken: true, referralId, at });

/** Lists the agents a referral is offered to, in order; each of them declines. */
async function askedInTurn(about: ReferralFixture = {}, policy?: Partial<Policy>): Promise<string[]> {
  const referralId = await seedReferral(harness.db, about);
  const asked: string[] = [];
  for (;;) {
    const found = await match(referralId, textAfter(0), policy);
    if (found.found !== 'offer') return asked;
    asked.push(found.offer.npn);
    const { offerId } = found.offer;
    await harness.activities.endOffer({
      referralId,
      offerId,
      end: 'declined',
      by: 'agent',
      at: textAfter(0),
    });
  }
}

/** Ends every running offer, so that each agent has free capacity again. */
const freeAll = () =>
  harness.db
    .updateTable('offers')
    .set({ endedAt: monday, endedAs: 'declined', endedBy: 'agent' })
    .where('endedAt', 'is', null)
    .execute();

describe('an agent who is available', () => {
  test('is asked; one who is not yet or no longer available is not, which does not count as “everyone was asked”', async () => {
    const { npn: soon } = await seedAgent(harness.db);
    const { npn: gone } = await seedAgent(harness.db);
    const { npn: here } = await seedAgent(harness.db);
    const setWindow = (npn: string, availableFrom: Date | '-infinity', availableUntil: Date) =>
      harness.db
        .updateTable('agents')
        .set({ availableFrom, availableUntil })
        .where('npn', '=', npn)
        .execute();
    await setWindow(soon, after(minutes(1)), after(hours(8)));
    await setWindow(gone, '-infinity', after(0));
    await setWindow(here, '-infinity', after(minutes(1)));
    const referralId = await seedReferral(harness.db);
    const found = await match(referralId);
    expect(found).toMatchObject({ found: 'offer', offer: { npn: here } });
    const { offerId } = (found as Extract<typeof found, { found: 'offer' }>).offer;
    await harness.activities.endOffer({
      referralId,
      offerId,
      end: 'declined',
      by: 'agent',
      at: textAfter(0),
    });
    expect(await match(referralId)).toMatchObject({ found: 'not-now', causes: ['nobody-available'] });
    // a minute later one window has begun, and the availability loop has recorded that
    await setWindow(soon, '-infinity', after(hours(8)));
    expect(await match(referralId, textAfter(minutes(1)))).toMatchObject({
      found: 'offer',
      offer: { npn: soon },
    });
  });
});

test.each([
  ['is a landline', { phoneLineType: 'landline' }],
  ['takes no texts', { phoneLineType: 'no-texts' }],
  ['is no number', { phoneLineType: 'no-number' }],
  ['is not confirmed where it has to be', { phoneMustBeConfirmed: true, phoneConfirmedAt: null }],
])('an agent whose mail is returned is not asked over a phone that %s', async (_, agent) => {
  await seedAgent(harness.db, {
    agent: { ...agent, contactPreference: 'email-text', emailUndeliverableAt: monday },
  });
  expect(await match(await seedReferral(harness.db))).toMatchObject({ found: 'not-now' });
});

describe('a match', () => {
  test('reserves one agent for 15 minutes: offer, event, stage and notice; a repeat finds the same', async () => {
    const { npn } = await seedAgent(harness.db);
    const referralId = await seedReferral(harness.db);
    const first = await match(referralId);
    expect(first).toMatchObject({
      found: 'offer',
      stage: 'offering',
      waitingUntil: textAfter(minutes(15)),
      offer: { npn, number: 1, expiresAt: textAfter(minutes(15)), notice: { channels: ['email', 'text'] } },
    });
    expect(await match(referralId)).toEqual(first);
    expect(await match(referralId, textAfter(minutes(3)))).toEqual(first);
    const offers = await harness.db.selectFrom('offers').selectAll().execute();
    expect(offers).toMatchObject([
      { npn, number: 1, offeredAt: monday, policyVersion: 'tests-1', endedAt: null },
    ]);
    expect(offers[0]?.shortCode).toMatch(/^[1-9]\d{3}$/);
    const events = await harness.events({ kind: 'referral', referralId });
    expect(events.map(({ kind, data }) => data.stage ?? kind)).toEqual(['requested', 'offered', 'offering']);
    expect(await harness.notices({ referralId })).toEqual(['offer', 'referral-received']);
  });

  test('of a referral that is closed is over', async () => {
    await seedAgent(harness.db);
    const referralId = await seedReferral(harness.db);
    await harness.activities.closeReferral({ referralId, stage: 'withdrawn', at: textAfter(0) });
    expect(await match(referralId)).toMatchObject({ found: 'over', stage: 'withdrawn' });
  });

  test('finds no agent who was asked for this referral before', async () => {
    const { npn } = await seedAgent(harness.db);
    expect(await askedInTurn()).toEqual([npn]);
  });
});

describe('nobody is asked who', () => {
  test.each<[string, AgentFixture]>([
    ['has not accepted the terms', { stage: 'awaiting-terms' }],
    ['is only invited', { stage: 'invited' }],
    ['serves another state', { states: ['FL'] }],
    ['is licensed in the state and does not want it', { agent: { statesWanted: ['FL'] } }],
    ['wants the state and is not licensed there', { states: ['FL'], agent: { statesWanted: ['TX'] } }],
    ['does not speak the language', { languages: ['es', 'vi'] }],
    ['is held', { agent: { heldAt: monday } }],
    ['has left', { agent: { leftAt: monday } }],
    ['lapsed a moment ago', { registration: { endsOn: '2026-11-22' } }],
    [
      'has an address that returns mail and chose email only',
      { agent: { emailUndeliverableAt: monday, contactPreference: 'email' } },
    ],
    [
      'has an address that returns mail and no device for the app',
      { agent: { emailUndeliverableAt: monday, contactPreference: 'email-app' } },
    ],
  ])('%s', async (_case, about) => {
    await seedAgent(harness.db, about);
    expect(await askedInTurn()).toEqual([]);
    const { npn } = await seedAgent(harness.db);
    expect(await askedInTurn()).toEqual([npn]);
  });

  test('served the state until an instant that has passed, though nothing was reviewed since', async () => {
    await seedAgent(harness.db, { registration: { endsOn: '2026-11-23' } });
    const policy = aPolicy({ referralBudgetMs: hours(48) });
    const referralId = await seedReferral(harness.db, { policy });
    expect(await match(referralId, '2026-11-24T05:00:00.000Z')).toMatchObject({ found: 'not-now' });
    expect(await match(referralId, '2026-11-24T04:59:59.999Z')).toMatchObject({ found: 'offer' });
  });
});

describe('an agent whose mail comes back', () => {
  test('is asked while a text reaches them, by text alone', async () => {
    await seedAgent(harness.db, { agent: { emailUndeliverableAt: monday } });
    const found = await match(await seedReferral(harness.db));
    expect(found).toMatchObject({ found: 'offer', offer: { notice: { channels: ['text'] } } });
  });

  test('is asked while the app reaches them', async () => {
    const agent = { emailUndeliverableAt: monday, contactPreference: 'email-app' };
    const { npn } = await seedAgent(harness.db, { agent });
    const endpoint = 'https://push.example.com/1';
    await savePushSubscription(harness.db, { endpoint, npn, p256dh: 'p', auth: 'a', name: 'a', at: monday });
    const found = await match(await seedReferral(harness.db));
    expect(found).toMatchObject({ found: 'offer', offer: { notice: { channels: ['push'] } } });
  });
});

describe('an agent’s capacity', () => {
  test('is one unanswered offer', async () => {
    await seedAgent(harness.db);
    const { referralId, offerId } = await seedOffer(harness);
    const waiting = await seedReferral(harness.db);
    expect(await match(waiting)).toMatchObject({ found: 'not-now', causes: ['nobody-available'] });
    await harness.activities.acceptOffer({ referralId, offerId, at: textAfter(1) });
    expect(await match(waiting, textAfter(2))).toMatchObject({ found: 'offer' });
  });

  test('is as many unanswered offers as the policy allows', async () => {
    await seedAgent(harness.db);
    const results: string[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      const referralId = await seedReferral(harness.db);
      results.push((await match(referralId, textAfter(turn), { openOffersPerAgent: 2 })).found);
    }
    expect(results).toEqual(['offer', 'offer', 'not-now']);
  });

  test('never exceeds the limit without contact, even if every offer is accepted at once', async () => {
    await seedAgent(harness.db);
    const policy = { openOffersPerAgent: 2, uncontactedReferralsPerAgent: 2 };
    const first = await seedOffer(harness);
    await harness.activities.acceptOffer({ ...first, at: textAfter(0) });
    const [second, third] = [await seedReferral(harness.db), await seedReferral(harness.db)];
    expect(await match(second, textAfter(1), policy)).toMatchObject({ found: 'offer' });
    expect(await match(third, textAfter(2), policy)).toMatchObject({ found: 'not-now' });
    await harness.activities.recordOutcome({ ...first, outcome: 'contacted', at: textAfter(3) });
    expect(await match(third, textAfter(4), policy)).toMatchObject({ found: 'offer' });
  });

  test('is as many accepted referrals without contact as the policy allows; contact frees one', async () => {
    await seedAgent(harness.db);
    const policy = { uncontactedReferralsPerAgent: 1 };
    const offer = await seedOffer(harness);
    await harness.activities.acceptOffer({ ...offer, at: textAfter(0) });
    const waiting = await seedReferral(harness.db);
    expect(await match(waiting, textAfter(1), policy)).toMatchObject({ found: 'not-now' });
    await harness.activities.recordOutcome({ ...offer, outcome: 'contacted', at: textAfter(2) });
    expect(await match(waiting, textAfter(3), policy)).toMatchObject({ found: 'offer' });
  });
});

describe('the agent who is asked first', () => {
  const far = '79901'; // El Paso, 528 miles from Austin
  const near = '78704';

  test('speaks the language; agents with an interpreter come later, and only if the consumer accepts one', async () => {
    const english = await seedAgent(harness.db, { zip: '78701' });
    const spanish = await seedAgent(harness.db, { languages: ['es'], zip: far });
    expect(await askedInTurn({ language: 'es', interpreter: true })).toEqual([spanish.npn, english.npn]);
    expect(await askedInTurn({ language: 'es' })).toEqual([spanish.npn]);
  });

  test('is near, before one who has been idle for longer', async () => {
    const there = await seedAgent(harness.db, { zip: far });
    const here = await seedAgent(harness.db, { zip: near, agent: { lastOfferedAt: after(-1) } });
    expect(await askedInTurn()).toEqual([here.npn, there.npn]);
  });

  test('was never asked, or else has been idle longest, even if another near one is nearer', async () => {
    const recent = await seedAgent(harness.db, { zip: '78701', agent: { lastOfferedAt: after(-hours(1)) } });
    const idle = await seedAgent(harness.db, { zip: near, agent: { lastOfferedAt: after(-hours(9)) } });
    const never = await seedAgent(harness.db, { zip: near });
    expect(await askedInTurn()).toEqual([never.npn, idle.npn, recent.npn]);
  });

  test('is within 100 miles, before the rest of the state and those without a known position', async () => {
    const recently = { agent: { lastOfferedAt: after(-1) } };
    const nowhere = await seedAgent(harness.db, { agent: { lat: null, lon: null } });
    const elPaso = await seedAgent(harness.db, { zip: far, agent: { lastOfferedAt: after(-hours(1)) } });
    const sanAntonio = await seedAgent(harness.db, { zip: '78205', ...recently }); // 73 miles
    expect(await askedInTurn()).toEqual([sanAntonio.npn, nowhere.npn, elPaso.npn]);
    await freeAll();
    const longestIdle = { lastOfferedAt: after(-hours(1)) };
    await harness.db.updateTable('agents').set(longestIdle).where('npn', '=', elPaso.npn).execute();
    const found = await match(await seedReferral(harness.db), textAfter(1), { fartherMiles: 70 });
    expect(found).toMatchObject({ found: 'offer', offer: { npn: elPaso.npn } });
  });

  test('can be anybody where the ZIP of the request has no position', async () => {
    const { npn } = await seedAgent(harness.db);
    expect(await askedInTurn({ place: { lat: null, lon: null } })).toEqual([npn]);
  });

  test('differs from one request to the next among equal agents', async () => {
    for (let count = 0; count < 4; count += 1) await seedAgent(harness.db);
    const firsts = new Set<string>();
    for (let count = 0; count < 24; count += 1) {
      const found = await match(await seedReferral(harness.db));
      if (found.found === 'offer') firsts.add(found.offer.npn);
      await freeAll();
      await harness.db.updateTable('agents').set({ lastOfferedAt: null }).execute();
    }
    expect(firsts.size).toBeGreaterThan(1);
  });
});

describe('a referral for which nobody is available', () => {
  test('waits, says why, and matches again by itself; a repeat writes no second event', async () => {
    const referralId = await seedReferral(harness.db);
    const found = await match(referralId, textAfter(minutes(1)));
    expect(found).toMatchObject({
      found: 'not-now',
      recheckAt: textAfter(minutes(6)),
      stage: 'queued',
      causes: ['nobody-available'],
      waitingUntil: textAfter(hours(4)),
    });
    expect(await match(referralId, textAfter(minutes(1)))).toEqual(found);
    const events = await harness.events({ kind: 'referral', referralId });
    expect(events.map(({ kind }) => kind)).toEqual(['requested', 'stage-entered']);
  });

  test('says that everyone was asked when all agents who fit were asked', async () => {
    await seedAgent(harness.db);
    const { referralId, offerId } = await seedOffer(harness);
    await harness.activities.endOffer({
      referralId,
      offerId,
      end: 'declined',
      by: 'agent',
      at: textAfter(1),
    });
    expect(await match(referralId, textAfter(2))).toMatchObject({ causes: ['everyone-asked'] });
    await seedAgent(harness.db);
    await seedOffer(harness);
    expect(await match(referralId, textAfter(3))).toMatchObject({ causes: ['nobody-available'] });
  });

  test('never matches after its budget ends, and then it is over', async () => {
    const referralId = await seedReferral(harness.db);
    const late = await match(referralId, textAfter(hours(4) - minutes(2)));
    expect(late).toMatchObject({ found: 'not-now', recheckAt: textAfter(hours(4)) });
    await seedAgent(harness.db);
    expect(await match(referralId, textAfter(hours(4)))).toMatchObject({ found: 'over', stage: 'queued' });
  });

  test('is over when as many agents were asked as the policy allows', async () => {
    for (let count = 0; count < 3; count += 1) await seedAgent(harness.db);
    const policy = { maxOffersPerReferral: 2 };
    expect(await askedInTurn({}, policy)).toHaveLength(2);
    const { id } = await harness.db.selectFrom('referrals').select('id').executeTakeFirstOrThrow();
    expect(await match(id, textAfter(0), policy)).toMatchObject({ found: 'over' });
  });
});
