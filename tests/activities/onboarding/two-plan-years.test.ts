import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { NoticeContents } from '../../../domain/text/notice-data.ts';
import {
  type ActivityHarness,
  after,
  hours,
  minutes,
  openActivityHarness,
  textAfter,
} from '../../harness/activity-harness.ts';
import { seedEvidence, seedTermination } from '../../harness/people/evidence-fixtures.ts';
import { seedAcceptedTerms, seedAgent } from '../../harness/people/fixtures.ts';
import { asOwner } from '../../harness/servers/postgres.ts';

let harness: ActivityHarness;
beforeEach(async () => {
  harness = await openActivityHarness();
});
afterEach(() => harness.close());

/** Creates an agent who is active for two plan years, as in every open enrollment. */
async function addActive(states = ['TX', 'FL']) {
  const { npn } = await seedAgent(harness.db, { planYear: 2026, states });
  await seedAgent(harness.db, { npn, planYear: 2027, states });
  return npn;
}

/** Reviews both onboardings, one after the other. */
async function reviewBoth(npn: string, ms: number, first: 2026 | 2027 = 2026) {
  const second = first === 2026 ? 2027 : 2026;
  const stages = [];
  for (const [step, planYear] of [first, second].entries())
    stages.push(
      (await harness.activities.reviewOnboarding({ npn, planYear, at: textAfter(ms + step) })).stage,
    );
  return stages;
}

/** Notices since both are active. */
async function newNotices() {
  const rows = await harness.db
    .selectFrom('notices')
    .select(['kind', 'data'])
    .where('createdAt', '>', after(0))
    .orderBy('createdAt')
    .execute();
  return rows.map(({ kind, data }) => ({ kind, data: data as NoticeContents }));
}
const lose = (state: string) =>
  harness.db.updateTable('licenses').set({ active: false }).where('state', '=', state).execute();
const inactive = { because: 'license-inactive', asOf: expect.any(String) };

test('an agent whom the list terminates for cause in one plan year serves no state in the other, until reinstated', async () => {
  const npn = await addActive();
  const serving = async () => {
    const rows = await harness.db.selectFrom('serving').select(['planYear', 'state']).execute();
    return rows.map(({ planYear, state }) => `${planYear} ${state}`).toSorted();
  };
  const causesOf2027 = async () =>
    (await harness.activities.reviewOnboarding({ npn, planYear: 2027, at: textAfter(hours(1)) })).causes;
  const messages = () => harness.db.selectFrom('outbox').select(['type', 'payload']).execute();
  expect(await serving()).toEqual(['2026 FL', '2026 TX', '2027 FL', '2027 TX']);
  await seedTermination(harness.db, { npn, status: 'T3', datedOn: '2026-11-20', planYear: 2026 });
  await harness.db.deleteFrom('outbox').execute();
  expect(await reviewBoth(npn, minutes(1))).toEqual(['suspended', 'active']);
  expect(await messages()).toContainEqual({ type: 'wake-onboarding', payload: { npn, planYear: 2027 } });
  expect([await causesOf2027(), await serving()]).toEqual([['terminated-for-cause'], []]);
  // nothing carries on, and the states are not lost for a reason of their own
  expect(await newNotices()).toEqual([{ kind: 'suspended', data: { unmet: [expect.anything()] } }]);
  await seedTermination(harness.db, { npn, status: 'R3', datedOn: '2026-11-22', planYear: 2026 });
  expect(await reviewBoth(npn, hours(2))).toEqual(['active', 'active']);
  expect([await causesOf2027(), (await serving()).length]).toEqual([[], 4]);
});

describe('an agent who is active for two plan years is notified once', () => {
  test('that the license at home is lost, and that all is well again, with what is on record', async () => {
    const npn = await addActive();
    await lose('TX');
    expect(await reviewBoth(npn, hours(1))).toEqual(['suspended', 'suspended']);
    await harness.db.updateTable('licenses').set({ active: true }).execute();
    expect(await reviewBoth(npn, hours(2), 2027)).toEqual(['active', 'active']);
    expect(await newNotices()).toEqual([
      {
        kind: 'suspended',
        data: {
          unmet: [
            expect.objectContaining({ name: 'licensed-with-health-line', evidence: 'TX', ...inactive }),
          ],
        },
      },
      {
        kind: 'active-again',
        data: {
          restored: [{ name: 'licensed-with-health-line', evidence: 'FL TX', asOf: expect.any(String) }],
        },
      },
    ]);
  });

  test('that ops put them on hold and released them, in mails of no plan year that blame no registry', async () => {
    const npn = await addActive();
    const hold = (heldAt: Date | null) =>
      harness.db.updateTable('agents').set({ heldAt }).where('npn', '=', npn).execute();
    await hold(after(hours(1)));
    expect(await reviewBoth(npn, hours(1))).toEqual(['suspended', 'suspended']);
    await hold(null);
    expect(await reviewBoth(npn, hours(2), 2027)).toEqual(['active', 'active']);
    expect(await newNotices()).toEqual([
      { kind: 'held', data: {} },
      { kind: 'released', data: {} },
    ]);
  });

  test('that a hold remains once what else was missing is in order', async () => {
    const npn = await addActive();
    await lose('TX');
    await harness.db
      .updateTable('agents')
      .set({ heldAt: after(hours(1)) })
      .where('npn', '=', npn)
      .execute();
    await reviewBoth(npn, hours(1));
    await harness.db.updateTable('licenses').set({ active: true }).execute();
    expect(await reviewBoth(npn, hours(2))).toEqual(['suspended', 'suspended']);
    expect((await newNotices()).map(({ kind }) => kind)).toEqual(['suspended', 'held']);
  });

  test.each([2026, 2027] as const)(
    'that a state is lost and that it came back, with what is on record; %s looks first',
    async (first) => {
      const npn = await addActive();
      await lose('FL');
      expect(await reviewBoth(npn, hours(1), first)).toEqual(['active', 'active']);
      await harness.db.updateTable('licenses').set({ active: true }).execute();
      await reviewBoth(npn, hours(2), first);
      expect(await newNotices()).toEqual([
        {
          kind: 'states-changed',
          data: { lost: ['FL'], gained: [], records: [{ state: 'FL', ...inactive }] },
        },
        {
          kind: 'states-changed',
          data: {
            lost: [],
            gained: ['FL'],
            records: [{ state: 'FL', because: null, asOf: expect.any(String) }],
          },
        },
      ]);
    },
  );

  test('that terms are missing, and is reminded once at each time', async () => {
    const npn = await addActive();
    await asOwner(harness, 'delete from terms_acceptances');
    expect(await reviewBoth(npn, hours(1))).toEqual(['awaiting-terms', 'awaiting-terms']);
    for (const planYear of [2026, 2027])
      await harness.activities.remindOfTerms({ npn, planYear, at: textAfter(hours(26)) });
    expect((await newNotices()).map(({ kind }) => kind)).toEqual(['terms-needed', 'terms-reminder']);
    await seedAcceptedTerms(harness.db, npn);
    expect(await reviewBoth(npn, hours(27))).toEqual(['active', 'active']);
    for (const planYear of [2026, 2027])
      await harness.activities.remindOfTerms({ npn, planYear, at: textAfter(hours(80)) });
    expect((await newNotices()).map(({ kind }) => kind)).toEqual(['terms-needed', 'terms-reminder']);
  });

  test('that a license ends, at each stated time, whichever year warns', async () => {
    const npn = await addActive(['TX']);
    await harness.db.updateTable('licenses').set({ expiresOn: '2026-12-20' }).execute();
    const warnBoth = async (ms: number) => {
      for (const planYear of [2026, 2027])
        await harness.activities.warnOfExpiration({ npn, planYear, at: textAfter(ms) });
    };
    await warnBoth(hours(1));
    await warnBoth(hours(24 * 22));
    await warnBoth(hours(24 * 23));
    const ending = { subject: 'TX', endsOn: '2026-12-20', asOf: expect.any(String) };
    expect((await newNotices()).map(({ kind, data }) => [kind, data.expirations])).toEqual([
      ['expiring-soon', [ending]],
      ['expiring-soon', [ending]],
    ]);
  });
});

test('a condition that one plan year lacks suspends that one alone, and the notice says that the other carries on', async () => {
  const npn = await addActive();
  await seedEvidence(harness.db, {
    npn,
    planYear: 2026,
    states: ['TX', 'FL'],
    registration: { npnValid: 'N', npnValidKept: 'N' },
  });
  expect(await reviewBoth(npn, hours(1))).toEqual(['suspended', 'active']);
  expect(await newNotices()).toEqual([
    { kind: 'suspended', data: { unmet: [expect.objectContaining({ name: 'npn-valid' })], carriesOn: 2027 } },
  ]);
});

test('an agent who carries on under the next plan year gets no notice when the old one ends', async () => {
  const npn = await addActive();
  const newYear = Date.parse('2027-01-01T05:00:00Z') - after(0).getTime();
  expect(await reviewBoth(npn, newYear)).toEqual(['lapsed', 'active']);
  expect(await newNotices()).toEqual([]);
});

test('another document that gets a new version while terms are missing is asked for, and reminded of anew', async () => {
  const key = await seedAgent(harness.db);
  const removeAcceptances = (kind: string) =>
    asOwner(harness, `delete from terms_acceptances where kind = '${kind}'`);
  await removeAcceptances('terms-of-use');
  await harness.activities.reviewOnboarding({ ...key, at: textAfter(hours(1)) });
  await harness.activities.remindOfTerms({ ...key, at: textAfter(hours(25)) });
  await removeAcceptances('agents-and-brokers-terms-of-use');
  const later = await harness.activities.reviewOnboarding({ ...key, at: textAfter(hours(26)) });
  expect(later.nextChangeAt).toBe(textAfter(hours(50)));
  await harness.activities.reviewOnboarding({ ...key, at: textAfter(hours(26) + minutes(1)) });
  expect(await harness.notices()).toEqual(['active', 'terms-needed', 'terms-reminder', 'terms-needed']);
});
