import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { LookUpLicenses } from '../../../activities/feeds/registries/nipr.ts';
import { RegistryOutage } from '../../../activities/feeds/registries/registry-outage.ts';
import { createLicenseActivities } from '../../../activities/onboarding/licenses.ts';
import { createOnboardingActivities } from '../../../activities/onboarding/onboarding.ts';
import {
  type LookedUpLicense,
  readLicenseLookup,
  scheduleLicenseLookup,
} from '../../../store/feeds/license-lookups.ts';
import {
  type ActivityHarness,
  after,
  aPolicy,
  hours,
  openActivityHarness,
  slowClock,
  textAfter,
} from '../../harness/activity-harness.ts';
import { keyring } from '../../harness/keyring.ts';
import { seedEvidence } from '../../harness/people/evidence-fixtures.ts';
import { seedAgent } from '../../harness/people/fixtures.ts';

type Key = { npn: string; planYear: number };

let harness: ActivityHarness;
let key: Key;
beforeEach(async () => {
  harness = await openActivityHarness();
  key = await seedAgent(harness.db, { states: [], stage: 'awaiting-eligibility' });
  await scheduleLicenseLookup(harness.db, { npn: key.npn, at: after(0) });
});
afterEach(() => harness.close());

const health: LookedUpLicense = {
  state: 'TX',
  licenseNumber: 'new',
  licenseClass: 'Producer',
  resident: true,
  active: true,
  issuedOn: '2026-11-20',
  expiresOn: null,
  lineCode: '16',
  lineOfAuthority: 'Health',
  lineActive: true,
};

/** Fakes the license registry with or without an answer, and records every NPN it was asked about. */
function registry(...answers: (LookedUpLicense[] | 'down')[]) {
  const asked: string[] = [];
  const licensesOf: LookUpLicenses = async (npn) => {
    const answer = answers[asked.push(npn) - 1] ?? [];
    if (answer === 'down') throw new RegistryOutage('http-503');
    return answer;
  };
  const { lookUpLicense } = createLicenseActivities({
    db: harness.db,
    policy: aPolicy(),
    now: slowClock,
    licensesOf,
  });
  return { asked, lookUp: (ms: number, about = key) => lookUpLicense({ ...about, at: textAfter(ms) }) };
}

const lookup = () => readLicenseLookup(harness.db, key.npn);
const lookedUp = async () =>
  (await harness.events({ kind: 'onboarding', ...key }))
    .filter(({ kind }) => kind === 'license-looked-up')
    .map(({ data }) => data);

describe('the license of an agent whom the feed does not know', () => {
  test('is looked up with growing intervals until it is there', async () => {
    const { asked, lookUp } = registry([], [], 'down', [], [], [], [health]);
    const waits: number[] = [];
    for (let at = 0; asked.length < 6; at += waits.at(-1) ?? 0) {
      await lookUp(at);
      waits.push(Number((await lookup())?.nextAt) - after(at).getTime());
    }
    expect(waits).toEqual([1, 4, 12, 24, 48, 48].map(hours));
    expect((await lookedUp())[2]).toEqual({
      endedAs: 'outage',
      code: 'http-503',
      nextAt: after(hours(17)).toISOString(),
    });
    const review = await lookUp(waits.reduce((sum, wait) => sum + wait));
    expect(await lookup()).toMatchObject({ tries: 7, nextAt: null, endedAs: 'found' });
    expect(review.causes).not.toContain('licensed-with-health-line');
    expect(new Set(asked)).toEqual(new Set([key.npn]));
  });

  test.each([
    ['is not active yet', { active: false }],
    ['has no health-related line', { lineOfAuthority: 'Life' }],
    ['is not the resident one', { resident: false }],
  ])('is still looked up while what was found %s', async (_, change) => {
    const { lookUp } = registry([{ ...health, ...change }], [health]);
    const review = await lookUp(0);
    expect(review.causes).toContain('licensed-with-health-line');
    expect(review.causes).not.toContain('license-not-found');
    expect(await lookup()).toMatchObject({ tries: 1, nextAt: after(hours(1)), endedAs: 'found' });
    const next = await harness.activities.reviewOnboarding({ ...key, at: textAfter(hours(1)) });
    expect(next.pendingStep).toBe('look-up-license');
    expect((await lookUp(hours(1))).causes).not.toContain('licensed-with-health-line');
    expect(await lookup()).toMatchObject({ tries: 2, nextAt: null });
  });

  test('that was found and ends is looked up again, at once and then with growing intervals, until another counts', async () => {
    // it expires on the day of the lookup: it is valid until that day ends
    const { asked, lookUp } = registry([{ ...health, expiresOn: '2026-11-23' }], [], [], [health]);
    await lookUp(0);
    expect(await lookup()).toMatchObject({ tries: 1, nextAt: null, endedAs: 'found' });
    const still = await harness.activities.reviewOnboarding({ ...key, at: textAfter(hours(1)) });
    expect([still.pendingStep, await lookup()]).toEqual([
      'invite',
      expect.objectContaining({ nextAt: null }),
    ]);

    const review = await harness.activities.reviewOnboarding({ ...key, at: textAfter(hours(24)) });
    expect(review).toMatchObject({
      pendingStep: 'look-up-license',
      causes: expect.arrayContaining(['licensed-with-health-line']),
    });
    expect(await lookup()).toMatchObject({ tries: 0, nextAt: after(hours(24)) });
    await lookUp(hours(24));
    expect(await lookup()).toMatchObject({ tries: 1, nextAt: after(hours(25)), endedAs: 'none' });
    await lookUp(hours(25));
    expect(await lookup()).toMatchObject({ tries: 2, nextAt: after(hours(29)) });
    expect((await lookUp(hours(29))).causes).not.toContain('licensed-with-health-line');
    expect(await lookup()).toMatchObject({ tries: 3, nextAt: null, endedAs: 'found' });
    expect(asked).toHaveLength(4);
  });

  test('is looked up once, however often the activity runs', async () => {
    const { asked, lookUp } = registry([health]);
    const first = await lookUp(0);
    const before = [await lookup(), await lookedUp(), await harness.drainOutbox()];
    expect(await lookUp(0)).toEqual(first);
    expect([await lookup(), await lookedUp()]).toEqual(before.slice(0, 2));
    expect(await harness.drainOutbox()).toEqual([]);
    expect(asked).toHaveLength(1);
  });

  test('is not looked up before its time', async () => {
    const { asked, lookUp } = registry([], [health]);
    await lookUp(0);
    await lookUp(hours(1) - 1);
    expect(asked).toHaveLength(1);
  });

  test('is scheduled for lookup by the review itself, at once; an agent whom the feed knows is not looked up', async () => {
    const other = await seedAgent(harness.db, { states: [], stage: 'awaiting-eligibility' });
    const review = await harness.activities.reviewOnboarding({ ...other, at: textAfter(0) });
    expect(review.pendingStep).toBe('look-up-license');
    expect(review.causes).toContain('license-not-found');
    const known = await seedAgent(harness.db, { stage: 'awaiting-eligibility' });
    expect(await readLicenseLookup(harness.db, known.npn)).toBeUndefined();
  });

  test('is deleted once the feed knows the agent, so that no old answer outlives it', async () => {
    const { lookUp } = registry([health]);
    await lookUp(0);
    await seedEvidence(harness.db, { ...key, states: ['TX'] });
    await harness.activities.reviewOnboarding({ ...key, at: textAfter(hours(1)) });
    expect(await lookup()).toBeUndefined();
    expect(await harness.db.selectFrom('lookedUpLicenses').select('npn').execute()).toEqual([]);
  });

  test('is not scheduled for lookup where there is no registry', async () => {
    const { npn, planYear } = await seedAgent(harness.db, { states: [], stage: 'unreviewed' });
    const { reviewOnboarding } = createOnboardingActivities({
      db: harness.db,
      policy: aPolicy({ licenseLookupAfterMs: [] }),
      keyring,
      linkSecret: 'a secret of the tests',
      now: slowClock,
    });
    expect((await reviewOnboarding({ npn, planYear, at: textAfter(0) })).pendingStep).toBeUndefined();
    expect(await readLicenseLookup(harness.db, npn)).toBeUndefined();
  });

  test('is found once for both plan years, and the other one is woken', async () => {
    const other = await seedAgent(harness.db, {
      npn: key.npn,
      planYear: 2026,
      states: [],
      stage: 'awaiting-eligibility',
    });
    await harness.drainOutbox();
    // both may ask before either writes, and a registry answers both alike
    const { asked, lookUp } = registry([health], [health]);
    await Promise.all([lookUp(0), lookUp(0)]);
    const woken = await harness.drainOutbox();
    expect(new Set(woken.map((row) => JSON.stringify(row)))).toEqual(
      new Set([JSON.stringify({ type: 'wake-onboarding', payload: other })]),
    );
    const times = asked.length;
    await lookUp(0, other);
    expect(asked).toHaveLength(times);
    expect(await lookedUp()).toHaveLength(1);
  });

  test('is looked up no more where there is no registry', async () => {
    const { lookUpLicense } = createLicenseActivities({ db: harness.db, policy: aPolicy(), now: slowClock });
    for (const _ of [1, 2]) await lookUpLicense({ ...key, at: textAfter(0) });
    expect(await lookup()).toMatchObject({ tries: 0, nextAt: null });
    expect(await lookedUp()).toEqual([]);
  });
});
