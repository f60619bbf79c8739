import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Skip } from '../../../domain/matching/skips.ts';
import { changeProfile } from '../../../store/agents/profiles.ts';
import { beginSkip, endSkip, readSuggestedSkips } from '../../../store/agents/skips.ts';
import type { Tx } from '../../../store/database/connection.ts';
import { readMatchDecisions, readReferralRequest } from '../../../store/matching/match-decisions.ts';
import { readExclusions } from '../../../store/matching/match-explanations.ts';
import {
  type ActivityHarness,
  after,
  aPolicy,
  minutes,
  monday,
  openActivityHarness,
  textAfter,
} from '../../harness/activity-harness.ts';
import { keyring } from '../../harness/keyring.ts';
import { type ReferralFixture, seedAgent, seedOffer, seedReferral } from '../../harness/people/fixtures.ts';

let harness: ActivityHarness;
beforeEach(async () => {
  harness = await openActivityHarness();
});
afterEach(() => harness.close());

const policy = aPolicy({ suggestFilterAfter: 3 });
const inVietnamese: Skip = { kind: 'language', value: 'vi' };
const inEnglish: Skip = { kind: 'language', value: 'en' };
const fromAustin: Skip = { kind: 'area', value: '787' };

const addAgent = async () => (await seedAgent(harness.db, { languages: ['en', 'vi'] })).npn;
const change = <Result>(
  npn: string,
  skip: Skip,
  as: (tx: Tx, about: Parameters<typeof beginSkip>[1]) => Promise<Result>,
  at = after(minutes(5)),
) => harness.db.transaction().execute((tx) => as(tx, { npn, skip, at, policy }));
const suggestionsFor = async (npn: string) =>
  (await readSuggestedSkips(harness.db, { npn, policy })).suggestions;
const match = (referralId: string, at = textAfter(minutes(6))) =>
  harness.activities.matchReferral({ woken: true, referralId, at });
const causesOf = async (about: ReferralFixture) => {
  const found = await match(await seedReferral(harness.db, about));
  return found.found === 'offer' ? found.offer.npn : found.found;
};

/** Lets the only agent decline requests, in turn, for a reason. */
async function decline(
  count: number,
  about: ReferralFixture,
  reason: 'too-busy' | 'conflict-of-interest' = 'too-busy',
) {
  for (let index = 0; index < count; index += 1) {
    const { referralId, offerId } = await seedOffer(harness, about);
    const ended = {
      referralId,
      offerId,
      end: 'declined',
      by: 'agent',
      reason,
      at: textAfter(minutes(1)),
    } as const;
    await harness.activities.endOffer(ended);
  }
}

test('what an agent declined for want of time or of the area, as often as the policy says, can be skipped and nothing else', async () => {
  const npn = await addAgent();
  await decline(2, { language: 'vi' });
  await decline(3, { language: 'vi', zip: '79901' }, 'conflict-of-interest');
  expect(await suggestionsFor(npn)).toEqual([]);
  expect(await change(npn, inVietnamese, beginSkip)).toBe(false);
  await decline(1, { language: 'vi', zip: '79901' });
  expect(await suggestionsFor(npn)).toEqual([inVietnamese]);
  expect(await change(npn, fromAustin, beginSkip)).toBe(false);
  expect(await change(npn, inVietnamese, beginSkip)).toBe(true);
  expect(await change(npn, inVietnamese, beginSkip)).toBe(true);
  expect(await suggestionsFor(npn)).toEqual([]);
  const events = await harness.events({ kind: 'onboarding', npn, planYear: 2027 });
  expect(events.filter(({ kind }) => kind === 'skip-changed')).toMatchObject([
    { by: 'agent', data: { ...inVietnamese, isSkipped: true } },
  ]);
});

test('an agent who skips a language is not asked in it, not even with an interpreter, and is in any other', async () => {
  const npn = await addAgent();
  await decline(3, { language: 'vi' });
  await change(npn, inVietnamese, beginSkip);
  const buckets = await harness.db.selectFrom('candidateIndex').select('bucket').execute();
  expect(buckets.filter(({ bucket }) => bucket.startsWith('TX vi'))).toEqual([]);
  expect(await causesOf({ language: 'vi' })).toBe('not-now');
  expect(await causesOf({ language: 'vi', interpreter: true })).toBe('not-now');
  expect(await causesOf({ language: 'en' })).toBe(npn);
});

test('an agent who skips an area is not asked from it, and is from any other', async () => {
  const npn = await addAgent();
  await decline(3, {});
  await change(npn, fromAustin, beginSkip);
  expect(await causesOf({ zip: '78702' })).toBe('not-now');
  expect(await causesOf({ zip: '79901' })).toBe(npn);
});

test('an agent who no longer skips is asked again, and wakes who waits; the decision before keeps its reason', async () => {
  const npn = await addAgent();
  await decline(3, {});
  await change(npn, fromAustin, beginSkip);
  const referralId = await seedReferral(harness.db);
  expect(await match(referralId)).toMatchObject({ found: 'not-now' });
  await harness.drainOutbox();
  await change(npn, fromAustin, endSkip, after(minutes(10)));
  expect(await harness.drainOutbox()).toContainEqual({ type: 'wake-referral', payload: { referralId } });
  expect(await suggestionsFor(npn)).toEqual([inEnglish]);
  expect(await match(referralId, textAfter(minutes(11)))).toMatchObject({ offer: { npn } });
  const referral = await readReferralRequest(harness.db, referralId);
  const decisions = await readMatchDecisions(harness.db, referralId);
  await harness.db.updateTable('candidatePeriods').set({ fromAt: monday }).execute();
  expect(referral && (await readExclusions(harness.db, referral, { npn, decisions }))).toEqual([
    { excluded: 'skips-area', since: after(minutes(5)) },
    { excluded: null, since: null },
  ]);
});

test('an agent who does not want a suggestion gets it again only after as many further declines', async () => {
  const npn = await addAgent();
  await decline(3, {});
  await change(npn, fromAustin, endSkip, after(minutes(2)));
  expect(await suggestionsFor(npn)).toEqual([inEnglish]);
  expect(await causesOf({})).toBe(npn);
  expect(await harness.db.selectFrom('agentSkips').selectAll().execute()).toMatchObject([
    { ...fromAustin, fromAt: after(minutes(2)), untilAt: after(minutes(2)) },
  ]);
});

test('an agent who skips leaves a request that all others were asked for without anybody to ask', async () => {
  const [skipping, other] = [await addAgent(), await addAgent()];
  const [offer] = [await seedOffer(harness)];
  await harness.db
    .updateTable('agents')
    .set({ skippedAreas: ['787'] })
    .where('npn', '=', offer.npn === skipping ? other : skipping)
    .execute();
  await harness.activities.endOffer({ ...offer, end: 'declined', by: 'agent', at: textAfter(1) });
  expect(await match(offer.referralId)).toMatchObject({ found: 'not-now', causes: ['everyone-asked'] });
});

test('a client who names an agent is no stranger: what the agent skips does not keep them from being asked first', async () => {
  const npn = await addAgent();
  await decline(3, {});
  await change(npn, fromAustin, beginSkip);
  expect(await causesOf({ agentWish: { by: 'npn', agent: npn } })).toBe(npn);
});

test('who gives up the last language that they do not skip gets requests in the others again', async () => {
  const npn = await addAgent();
  await decline(3, { language: 'vi' });
  await change(npn, inVietnamese, beginSkip);
  const changed = { npn, changes: { languages: ['vi'] }, place: undefined, phone: undefined };
  await harness.db
    .transaction()
    .execute((tx) => changeProfile(tx, keyring, { ...changed, at: after(minutes(5)), policy }));
  expect((await readSuggestedSkips(harness.db, { npn, policy })).skips).toEqual([]);
  expect(await causesOf({ language: 'vi' })).toBe(npn);
});
