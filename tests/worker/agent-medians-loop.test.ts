import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { readAgentFigures, readOwnEnds } from '../../store/referrals/offers/agent-figures.ts';
import { refreshAgentMedians } from '../../worker/loops/agent-medians-loop.ts';
import {
  type ActivityHarness,
  after,
  aPolicy,
  hours,
  minutes,
  monday,
  openActivityHarness,
} from '../harness/activity-harness.ts';
import { seedReferral } from '../harness/people/fixtures.ts';
import { addAgent, addOffer } from '../harness/people/people.ts';
import { asOwner } from '../harness/servers/postgres.ts';

let harness: ActivityHarness;
beforeAll(async () => {
  harness = await openActivityHarness();
});
afterAll(() => harness.close());
beforeEach(() => asOwner(harness, 'truncate agents, referrals, agent_medians cascade'));

const now = after(hours(24));
const policy = aPolicy();
const contactWithinMs = policy.followUpWindowMs;

type Offer = Omit<Parameters<typeof addOffer>[1], 'referralId' | 'npn'> & { endedAt?: Date };

async function offer(npn: string, { endedAt, ...row }: Offer = {}): Promise<string> {
  const referralId = await seedReferral(harness.db);
  const id = await addOffer(harness.db, { referralId, npn, offeredAt: monday, ...row });
  if (endedAt) await harness.db.updateTable('offers').set({ endedAt }).where('id', '=', id).execute();
  return id;
}

/** Agents who could be asked in Texas on Monday. */
async function agents(count: number): Promise<string[]> {
  const npns: string[] = [];
  for (let index = 0; index < count; index += 1) npns.push(await addAgent(harness.db));
  await harness.db
    .insertInto('candidatePeriods')
    .values(npns.map((npn) => ({ npn, state: 'TX', fromAt: monday, untilAt: after(hours(8)) })))
    .execute();
  return npns;
}

const refresh = (at = now) => refreshAgentMedians(harness.db, { at, policy });
const figuresOf = (npn: string, at = now) => readAgentFigures(harness.db, { npn, at, contactWithinMs });

test('an agent’s figures count what they were offered: answers, their time, first contact in time, and enrollments', async () => {
  const [npn = ''] = await agents(1);
  await offer(npn, { endedAs: 'declined', endedAt: after(minutes(4)) });
  await offer(npn, { endedAs: 'expired' });
  await offer(npn, { endedAs: 'withdrawn' });
  await offer(npn, { endedAs: 'taken' });
  await offer(npn, { acceptedAt: after(minutes(2)), endedAs: 'silent' });
  const inTime = { acceptedAt: after(minutes(2)), contactedAt: after(minutes(30)), endedAs: 'closed' };
  const enrolled = await offer(npn, inTime);
  const late = await offer(npn, { ...inTime, contactedAt: after(minutes(90)) });
  const { db } = harness;
  await db
    .updateTable('offers')
    .set({ contactDueAt: after(minutes(62)) })
    .where('id', 'in', [enrolled, late])
    .execute();
  await db
    .updateTable('referrals')
    .set({ outcome: 'enrolled' })
    .where('id', 'in', db.selectFrom('offers').select('referralId').where('id', '=', enrolled))
    .execute();
  expect(await figuresOf(npn)).toEqual([
    {
      state: 'TX',
      own: {
        offers: 6,
        answeredShare: 0.8,
        acceptedShare: 0.6,
        answerSeconds: 120,
        contactedInTimeShare: 1 / 3,
        enrolledShare: 0.5,
      },
      medians: null,
    },
  ]);
  expect(await readOwnEnds(db, { npn, at: now })).toEqual([
    { became: 'closed', offers: 2 },
    { became: 'declined', offers: 1 },
    { became: 'expired', offers: 1 },
    { became: 'silent', offers: 1 },
    { became: 'taken', offers: 1 },
    { became: 'withdrawn', offers: 1 },
  ]);
});

test('the median is that of all who could be asked, and of a figure that fewer than ten agents have there is none', async () => {
  const npns = await agents(11);
  for (const [index, npn] of npns.entries()) {
    if (index < 10)
      await offer(npn, { endedAs: index < 4 ? 'expired' : 'declined', endedAt: after(minutes(3)) });
    if (index < 3) await offer(npn, { acceptedAt: after(minutes(1)), endedAs: 'silent' });
  }
  expect(await refresh()).toBe(true);
  const [found] = await figuresOf(npns[10] ?? '');
  expect(found).toEqual({
    state: 'TX',
    own: {
      offers: 0,
      answeredShare: null,
      acceptedShare: null,
      answerSeconds: null,
      contactedInTimeShare: null,
      enrolledShare: null,
    },
    medians: {
      agents: 11,
      countedAt: now,
      offers: 1,
      answeredShare: 1,
      acceptedShare: 0,
      answerSeconds: null,
      contactedInTimeShare: null,
      enrolledShare: null,
    },
  });
});

test('of fewer than ten agents nothing is stored but their number, and the database takes nothing else', async () => {
  const npns = await agents(9);
  for (const npn of npns) await offer(npn, { endedAs: 'declined', endedAt: after(minutes(3)) });
  await refresh();
  const stored = await harness.db.selectFrom('agentMedians').selectAll().execute();
  expect(stored).toMatchObject([
    { state: 'TX', agents: 9, offers: null, answeredShare: null, answerSeconds: null },
  ]);
  const few = { state: 'AZ', agents: 9, offers: 1, countedAt: now };
  await expect(harness.db.insertInto('agentMedians').values(few).execute()).rejects.toThrow('check');
});

test('medians are counted again after six hours, over the offers of 30 days', async () => {
  const [npn = ''] = await agents(10);
  await offer(npn, { endedAs: 'declined', endedAt: after(minutes(3)) });
  expect([await refresh(), await refresh(after(hours(29))), await refresh(after(hours(31)))]).toEqual([
    true,
    false,
    true,
  ]);
  const later = after(hours(24 * 31));
  expect(await figuresOf(npn, later)).toEqual([]);
  await refresh(later);
  expect(await harness.db.selectFrom('agentMedians').selectAll().execute()).toEqual([]);
});
