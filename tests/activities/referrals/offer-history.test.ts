import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { offerStates } from '../../../domain/referrals/offer-history.ts';
import { type HistoryFilter, readOfferHistory } from '../../../store/referrals/offers/offer-history.ts';
import {
  type ActivityHarness,
  after,
  hours,
  minutes,
  monday,
  openActivityHarness,
} from '../../harness/activity-harness.ts';
import { type ReferralFixture, seedAgent, seedReferral } from '../../harness/people/fixtures.ts';
import { addOffer } from '../../harness/people/people.ts';
import { asOwner } from '../../harness/servers/postgres.ts';
import { recordStatements } from '../../harness/statements.ts';

let harness: ActivityHarness;
let npn: string;
beforeAll(async () => {
  harness = await openActivityHarness();
  npn = (await seedAgent(harness.db)).npn;
});
afterAll(() => harness.close());
beforeEach(() => asOwner(harness, 'truncate referrals cascade'));

type Offer = Omit<Parameters<typeof addOffer>[1], 'referralId' | 'npn'>;

async function offer(about: ReferralFixture = {}, row: Offer = {}, to = npn): Promise<string> {
  const referralId = await seedReferral(harness.db, about);
  return addOffer(harness.db, { referralId, npn: to, offeredAt: monday, ...row });
}

const read = (filter: HistoryFilter = {}, more: { after?: { at: Date; id: string }; size?: number } = {}) =>
  readOfferHistory(harness.db, { npn, filter, after: undefined, size: 50, at: after(hours(1)), ...more });

describe('an offer is in the history with what became of it, and is found by that', () => {
  test.each(offerStates)('%s', async (became) => {
    const isOpen = ['offered', 'accepted', 'contacted'].includes(became);
    const contacted = { acceptedAt: after(minutes(1)), contactedAt: after(minutes(2)) };
    const open = { offered: {}, accepted: { acceptedAt: after(minutes(1)) }, contacted };
    const id = await offer({}, isOpen ? open[became as keyof typeof open] : { endedAs: became });
    await offer({}, became === 'closed' ? {} : { endedAs: 'closed', acceptedAt: after(minutes(1)) });
    const { page } = await read({ became });
    expect(page.map((one) => [one.id, one.became, one.endedAt === null])).toEqual([[id, became, isOpen]]);
  });
});

test('the history has why an agent declined or handed back, and what they reported of a referral that they closed or have', async () => {
  const closed = await offer({}, { endedAs: 'closed', acceptedAt: after(1) });
  const declined = await offer({}, { endedAs: 'declined' });
  const quoted = await offer({}, { acceptedAt: after(1), contactedAt: after(2) });
  const { db } = harness;
  await db.updateTable('offers').set({ reason: 'too-busy' }).where('id', '=', declined).execute();
  await db.updateTable('offers').set({ milestone: 'quoted' }).where('id', '=', quoted).execute();
  await db.updateTable('referrals').set({ outcome: 'enrolled' }).execute();
  const { page } = await read();
  const found = new Map(page.map(({ id, reason, outcome }) => [id, { reason, outcome }]));
  expect([closed, declined, quoted].map((id) => found.get(id))).toEqual([
    { reason: null, outcome: 'enrolled' },
    { reason: 'too-busy', outcome: null },
    { reason: null, outcome: 'quoted' },
  ]);
});

test('the history is searched by place, state, language, need and end together', async () => {
  const austin = await offer({ language: 'es' });
  const phoenix = await offer({ zip: '85004' }, { endedAs: 'declined' });
  const idsOf = async (filter: HistoryFilter) => (await read(filter)).page.map(({ id }) => id);
  expect(await idsOf({ place: 'aus' })).toEqual([austin]);
  expect(await idsOf({ place: '8500' })).toEqual([phoenix]);
  expect(await idsOf({ place: '%' })).toEqual([]);
  expect(await idsOf({ state: 'AZ' })).toEqual([phoenix]);
  expect(await idsOf({ language: 'es' })).toEqual([austin]);
  expect(await idsOf({ need: 'renew' })).toEqual([]);
  expect(await idsOf({ state: 'AZ', became: 'declined', need: 'new-coverage' })).toEqual([phoenix]);
  expect(await idsOf({ state: 'AZ', became: 'expired' })).toEqual([]);
});

test('pages follow each other without a gap or a repeat, also where offers were made at the same instant', async () => {
  const ids: string[] = [];
  for (let index = 0; index < 5; index += 1)
    ids.push(await offer({}, { offeredAt: after(index < 3 ? 0 : 1) }));
  const read2: string[] = [];
  let position: { at: Date; id: string } | undefined;
  for (;;) {
    const { page, isLast } = await read({}, { size: 2, ...(position ? { after: position } : {}) });
    read2.push(...page.map(({ id }) => id));
    const last = page.at(-1);
    if (isLast || !last) break;
    position = { at: last.offeredAt, id: last.id };
  }
  expect(read2).toHaveLength(5);
  expect(read2.toSorted()).toEqual(ids.toSorted());
});

test('a page of the history is one statement, however many offers it has', async () => {
  for (let index = 0; index < 3; index += 1) await offer();
  expect(await recordStatements(() => read())).toHaveLength(1);
});

test('an agent sees the history of their own offers alone, it is recorded that they saw it, and names no consumer', async () => {
  const { npn: other } = await seedAgent(harness.db);
  await offer({}, { endedAs: 'expired' }, other);
  const own = await offer({}, { acceptedAt: after(1) });
  const { page } = await read();
  expect(page.map(({ id }) => id)).toEqual([own]);
  expect(JSON.stringify(page)).not.toMatch(/Cora|cora@/);
  const disclosures = await harness.db
    .selectFrom('disclosures')
    .select(['offerId', 'shown', 'through'])
    .execute();
  expect(disclosures).toEqual([{ offerId: own, shown: 'offer', through: 'portal' }]);
});
