import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { explainMatch } from '../../../domain/matching/matching.ts';
import { readMatchDecisions, readReferralRequest } from '../../../store/matching/match-decisions.ts';
import { explainDecision, readExclusions } from '../../../store/matching/match-explanations.ts';
import {
  type ActivityHarness,
  activitiesOn,
  after,
  aPolicy,
  hours,
  monday,
  openActivityHarness,
  textAfter,
} from '../../harness/activity-harness.ts';
import { seedTermination } from '../../harness/people/evidence-fixtures.ts';
import { type AgentFixture, seedAgent, seedReferral } from '../../harness/people/fixtures.ts';
import { asOwner } from '../../harness/servers/postgres.ts';

let harness: ActivityHarness;
beforeAll(async () => {
  harness = await openActivityHarness();
});
afterAll(() => harness.close());
beforeEach(async () => {
  // agents of earlier tests do not serve in this one
  await harness.db.deleteFrom('serving').execute();
  await harness.db.updateTable('agents').set({ statesWanted: [] }).execute();
  await asOwner(harness, 'delete from candidate_periods');
});

async function addAgent(about: AgentFixture = {}): Promise<string> {
  return (await seedAgent(harness.db, about)).npn;
}

/** Reads the decisions of a referral, each with its explanation. */
async function explainedDecisions(referralId: string) {
  const referral = await readReferralRequest(harness.db, referralId);
  if (!referral) throw new Error('There is no such referral');
  const decisions = await readMatchDecisions(harness.db, referralId);
  const explained = decisions.map(async (decision) => ({
    ...decision,
    ...(await explainDecision(harness.db, referral, decision)),
  }));
  return { referral, decisions: await Promise.all(explained) };
}

/** Explains for each match decision why an agent was or was not asked. */
async function explanationsFor(referralId: string, npn: string): Promise<unknown[]> {
  const { referral, decisions } = await explainedDecisions(referralId);
  const exclusions = (await readExclusions(harness.db, referral, { npn, decisions })) ?? [];
  return decisions.map(({ npn: asked, ranked }, index) =>
    explainMatch(npn, { asked, ranked, excluded: exclusions[index]?.excluded ?? null }),
  );
}

test('a match decision shows its candidates: how many agents each rule excluded, and the order of the rest', async () => {
  const first = await addAgent({ agent: { lastOfferedAt: after(-hours(9)) } });
  const second = await addAgent({ agent: { lastOfferedAt: after(-hours(1)) } });
  const far = await addAgent({ zip: '79901' });
  const held = await addAgent({ agent: { heldAt: monday } });
  const off = await addAgent({ agent: { availableFrom: after(hours(1)) } });
  const spanish = await addAgent({ languages: ['es'] });
  const bounced = await addAgent({ agent: { contactPreference: 'email', emailUndeliverableAt: monday } });
  const busy = await addAgent();
  // Postgres indexed them by its own clock, and the test runs on Monday
  await harness.db.updateTable('candidatePeriods').set({ fromAt: monday }).execute();
  const elsewhere = await seedReferral(harness.db);
  await harness.db
    .updateTable('agents')
    .set({ lastOfferedAt: after(-hours(20)) })
    .where('npn', '=', busy)
    .execute();
  expect(
    await harness.activities.matchReferral({ woken: true, referralId: elsewhere, at: textAfter(0) }),
  ).toMatchObject({
    offer: { npn: busy },
  });

  const referralId = await seedReferral(harness.db);
  expect(await harness.activities.matchReferral({ woken: true, referralId, at: textAfter(1) })).toMatchObject(
    {
      offer: { npn: first },
    },
  );
  expect((await explainedDecisions(referralId)).decisions).toEqual([
    {
      at: after(1),
      asked: 0,
      npn: first,
      rung: 'near',
      cause: null,
      wishUnmet: null,
      limits: { nearMiles: 25, fartherMiles: 100, openOffersPerAgent: 1, uncontactedReferralsPerAgent: 3 },
      policyVersion: expect.any(String),
      considered: 8,
      excluded: { held: 1, unavailable: 1, language: 1, 'no-channel': 1, 'at-capacity': 1 },
      ranked: [
        expect.objectContaining({ npn: first, rung: 'near' }),
        expect.objectContaining({ npn: second, rung: 'near' }),
        expect.objectContaining({ npn: far, rung: 'state', idleSince: null }),
      ],
    },
  ]);
  expect(await explanationsFor(referralId, first)).toEqual([{ why: 'asked' }]);
  expect(await explanationsFor(referralId, far)).toEqual([{ why: 'others-first', rank: 3 }]);
  expect(await explanationsFor(referralId, held)).toEqual([{ why: 'held' }]);
  expect(await explanationsFor(referralId, off)).toEqual([{ why: 'unavailable' }]);
  expect(await explanationsFor(referralId, spanish)).toEqual([{ why: 'language' }]);
  expect(await explanationsFor(referralId, bounced)).toEqual([{ why: 'no-channel' }]);
  expect(await explanationsFor(referralId, busy)).toEqual([{ why: 'at-capacity' }]);

  // what changed since then does not change what it was chosen from
  await harness.db.updateTable('agents').set({ heldAt: monday }).where('npn', '=', second).execute();
  await harness.db.updateTable('candidatePeriods').set({ untilAt: null }).where('npn', '=', second).execute();
  expect(await explanationsFor(referralId, second)).toEqual([{ why: 'others-first', rank: 2 }]);
});

test('a match that found nobody is a decision too; an agent who declined counts as asked before in the next one', async () => {
  const npn = await addAgent();
  const referralId = await seedReferral(harness.db);
  const found = await harness.activities.matchReferral({ woken: true, referralId, at: textAfter(0) });
  const offerId = found.found === 'offer' ? found.offer.offerId : '';
  await harness.activities.endOffer({ referralId, offerId, end: 'declined', by: 'agent', at: textAfter(1) });
  await harness.activities.matchReferral({ woken: true, referralId, at: textAfter(2) });
  await harness.activities.matchReferral({ woken: true, referralId, at: textAfter(2) });
  const [, second, ...rest] = (await explainedDecisions(referralId)).decisions;
  expect(rest).toEqual([]);
  expect(second).toMatchObject({
    npn: null,
    cause: 'everyone-asked',
    asked: 1,
    considered: 1,
    excluded: { 'asked-before': 1 },
    ranked: [],
  });
  expect(await explanationsFor(referralId, npn)).toEqual([{ why: 'asked' }, { why: 'asked-before' }]);
});

test.each([2026, 2027])(
  'an agent whom the list terminates for cause in %s is asked for nothing, and the decision says so',
  async (planYear) => {
    const npn = await addAgent({ planYear: 2026 });
    await seedAgent(harness.db, { npn, planYear: 2027 });
    await seedTermination(harness.db, { npn, status: 'T4', datedOn: '2026-11-20', planYear });
    for (const year of [2026, 2027])
      await harness.activities.reviewOnboarding({ npn, planYear: year, at: textAfter(0) });
    const referralId = await seedReferral(harness.db);
    const found = await harness.activities.matchReferral({ woken: true, referralId, at: textAfter(1) });
    expect(found).toMatchObject({ found: 'not-now' });
    expect(await explanationsFor(referralId, npn)).toEqual([{ why: 'terminated' }]);
  },
);

test('an agent who was not a candidate then is explained as such, though they could be asked by now', async () => {
  await addAgent();
  const referralId = await seedReferral(harness.db);
  await harness.activities.matchReferral({ woken: true, referralId, at: textAfter(0) });
  const late = await addAgent();
  expect(await explanationsFor(referralId, late)).toEqual([{ why: 'not-a-candidate-then' }]);
});

test('a match that is repeated at the same instant and finds somebody is recorded with that agent', async () => {
  const referralId = await seedReferral(harness.db);
  const match = () => harness.activities.matchReferral({ woken: true, referralId, at: textAfter(0) });
  expect(await match()).toMatchObject({ found: 'not-now' });
  const npn = await addAgent();
  await harness.db.updateTable('candidatePeriods').set({ fromAt: monday }).execute();
  expect(await match()).toMatchObject({ offer: { npn } });
  await match();
  expect(await readMatchDecisions(harness.db, referralId)).toMatchObject([
    { at: monday, npn, rung: 'near', cause: null },
  ]);
});

test('a search that finds nobody is recorded once, however long its two attempts take', async () => {
  const referralId = await seedReferral(harness.db);
  let now = 0;
  const activities = activitiesOn(harness.db, aPolicy(), () => after((now += 1)));
  const match = () => activities.matchReferral({ woken: true, referralId, at: textAfter(0) });
  expect(await match()).toMatchObject({ found: 'not-now' });
  expect(await readMatchDecisions(harness.db, referralId)).toMatchObject([{ cause: 'nobody-available' }]);
  await match();
  expect(await readMatchDecisions(harness.db, referralId)).toHaveLength(2);
});
