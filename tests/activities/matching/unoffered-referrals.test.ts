import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { WishRung } from '../../../domain/matching/agent-wish.ts';
import type { Rung } from '../../../domain/matching/matching.ts';
import { type UnofferedReason, unofferedReasons } from '../../../domain/matching/unoffered.ts';
import { recordEvent } from '../../../store/events.ts';
import { recordMatchDecision } from '../../../store/matching/match-decisions.ts';
import { readUnofferedReferrals } from '../../../store/referrals/matching/unoffered-referrals.ts';
import {
  type ActivityHarness,
  after,
  aPolicy,
  hours,
  minutes,
  monday,
  openActivityHarness,
} from '../../harness/activity-harness.ts';
import { type ReferralFixture, seedAgent, seedReferral } from '../../harness/people/fixtures.ts';
import { addAccount, addOffer } from '../../harness/people/people.ts';
import { asOwner } from '../../harness/servers/postgres.ts';
import { recordStatements } from '../../harness/statements.ts';

let harness: ActivityHarness;
let other: string;
beforeAll(async () => {
  harness = await openActivityHarness();
  other = (await seedAgent(harness.db)).npn;
});
afterAll(() => harness.close());
beforeEach(() => asOwner(harness, 'truncate referrals cascade'));

/** An agent in Austin who serves Texas since Monday and was a candidate in these times; Postgres has periods by its own clock. */
async function agentWho({
  could = [[monday, null]] as [from: Date, until: Date | null][],
  ...about
}: Parameters<typeof seedAgent>[1] & { could?: [from: Date, until: Date | null][] } = {}): Promise<string> {
  const { npn } = await seedAgent(harness.db, about);
  await setCandidate(npn, could);
  return npn;
}

async function setCandidate(npn: string, could: readonly [from: Date, until: Date | null][], state = 'TX') {
  await asOwner(harness, `delete from candidate_periods where npn = '${npn}'`);
  if (could.length === 0) return;
  await harness.db
    .insertInto('candidatePeriods')
    .values(could.map(([fromAt, untilAt]) => ({ npn, state, fromAt, untilAt })))
    .execute();
}

interface Search {
  at?: Date;
  /** Null: nobody was found. */
  rung?: Rung | WishRung | null;
}

/** A request whose searches ended with this agent asked, and whose search is over. */
async function request(about: ReferralFixture = {}, searches: Search[] = [{}], stage = 'accepted') {
  const referralId = await seedReferral(harness.db, about);
  const policy = aPolicy();
  for (const { at = after(minutes(5)), rung = 'near' } of searches)
    await harness.db.transaction().execute((tx) =>
      recordMatchDecision(tx, {
        referralId,
        at,
        asked: 0,
        policy,
        wishUnmet: null,
        ...(rung === null ? { cause: 'nobody-available' } : { npn: other, rung }),
      }),
    );
  await harness.db.updateTable('referrals').set({ stage }).where('id', '=', referralId).execute();
  return referralId;
}

const read = (npn: string) =>
  harness.db
    .transaction()
    .execute((tx) => readUnofferedReferrals(tx, { npn, since: after(-hours(1)), latest: 50 }));
const reasonsFor = async (npn: string) => (await read(npn)).latest.map(({ reason }) => reason);

async function hold(npn: string, action: 'hold' | 'release', at: Date) {
  const { accountId } = await addAccount(harness.db, { role: 'ops' });
  await harness.db
    .insertInto('opsActions')
    .values({ id: randomUUID(), accountId, action, npn, reason: 'A complaint', at })
    .execute();
}

const change = (npn: string, set: Parameters<typeof agentColumns>[1]) => agentColumns(npn, set);
function agentColumns(npn: string, set: { leftAt?: Date; statesWanted?: string[] }) {
  return harness.db.updateTable('agents').set(set).where('npn', '=', npn).execute();
}

async function skip(npn: string, kind: string, value: string) {
  await harness.db.insertInto('agentSkips').values({ npn, kind, value, fromAt: monday }).execute();
}

/** For each reason an agent and a request that was kept from them by it. */
const cases: Record<UnofferedReason, () => Promise<string>> = {
  async left() {
    const npn = await agentWho({ could: [] });
    await change(npn, { leftAt: after(minutes(1)) });
    await setCandidate(npn, []);
    await request();
    return npn;
  },
  async held() {
    const npn = await agentWho({ could: [] });
    await hold(npn, 'hold', after(minutes(1)));
    await hold(npn, 'release', after(hours(1)));
    await request();
    return npn;
  },
  async resting() {
    const npn = await agentWho({ could: [] });
    const rest = { id: randomUUID(), npn, beganAt: monday, unseenOffers: 3 };
    await harness.db
      .insertInto('rests')
      .values({ ...rest, endedAt: after(hours(1)), endedBy: 'confirmed' })
      .execute();
    await request();
    return npn;
  },
  async 'not-serving'() {
    const npn = await agentWho({ could: [] });
    await harness.db.transaction().execute((tx) =>
      recordEvent(tx, {
        subject: { kind: 'onboarding', npn, planYear: 2027 },
        kind: 'stage-entered',
        at: after(minutes(1)),
        by: 'service',
        data: { stage: 'suspended', causes: [], nextChangeAt: null },
      }),
    );
    await request();
    return npn;
  },
  async 'state-not-wanted'() {
    const npn = await agentWho();
    await change(npn, { statesWanted: [] });
    await setCandidate(npn, []);
    await request();
    return npn;
  },
  async language() {
    await request({ language: 'vi' });
    return agentWho();
  },
  async 'skips-language'() {
    const npn = await agentWho({ languages: ['en', 'vi'] });
    await skip(npn, 'language', 'vi');
    await request({ language: 'vi', interpreter: true });
    return npn;
  },
  async 'skips-area'() {
    const npn = await agentWho();
    await skip(npn, 'area', '787');
    await request();
    return npn;
  },
  async unavailable() {
    await request();
    return agentWho({ could: [[after(minutes(10)), null]] });
  },
  async 'no-channel'() {
    await request();
    return agentWho({ agent: { contactPreference: 'email', emailUndeliverableAt: monday } });
  },
  async 'at-capacity'() {
    const npn = await agentWho();
    const referralId = await seedReferral(harness.db);
    await addOffer(harness.db, { referralId, npn, offeredAt: monday });
    await request();
    return npn;
  },
  async 'changed-since'() {
    await request({}, [{ rung: null }], 'unmatched');
    return agentWho();
  },
  async 'another-wished'() {
    await request({}, [{ rung: 'named' }]);
    return agentWho();
  },
  async 'others-speak-it'() {
    await request({ language: 'vi', interpreter: true });
    return agentWho();
  },
  async 'others-nearer'() {
    await request();
    return agentWho({ zip: '79901' });
  },
  async 'others-waited-longer'() {
    await request();
    return agentWho();
  },
};

describe('a request that was not offered to an agent is explained by the rule that kept it away', () => {
  test.each(unofferedReasons)('%s', async (reason) => {
    expect(await reasonsFor(await cases[reason]())).toEqual([reason]);
  });
});

test('of several searches the one counts that came closest to the agent', async () => {
  const npn = await agentWho({ could: [[after(minutes(10)), after(minutes(20))]] });
  await request({}, [
    { at: after(minutes(5)), rung: null },
    { at: after(minutes(15)) },
    { at: after(minutes(25)) },
  ]);
  expect(await reasonsFor(npn)).toEqual(['others-waited-longer']);
});

test('what was over at the search keeps nobody away: a hold, a rest, an offer that had ended', async () => {
  const npn = await agentWho({ could: [[after(minutes(5)), null]] });
  await hold(npn, 'hold', after(-hours(1)));
  await hold(npn, 'release', after(minutes(4)));
  const referralId = await seedReferral(harness.db);
  const offerId = await addOffer(harness.db, { referralId, npn, offeredAt: monday });
  const ended = { endedAs: 'declined', endedAt: after(minutes(4)), endedBy: 'agent' };
  await harness.db.updateTable('offers').set(ended).where('id', '=', offerId).execute();
  await request();
  expect(await reasonsFor(npn)).toEqual(['others-waited-longer']);
});

test('in a state that they do not serve, an agent who could be asked elsewhere then is told that they did not serve it', async () => {
  const npn = await agentWho({ could: [] });
  await harness.db
    .updateTable('agents')
    .set({ statesWanted: ['TX', 'AZ'] })
    .where('npn', '=', npn)
    .execute();
  await setCandidate(npn, [[monday, null]]);
  await request({ zip: '85004' });
  expect(await reasonsFor(npn)).toEqual(['not-serving']);
});

test('what was offered is counted as offered, what is still searched for or lies in other states not at all', async () => {
  const npn = await agentWho();
  const offered = await request();
  await addOffer(harness.db, { referralId: offered, npn, offeredAt: after(minutes(5)), endedAs: 'declined' });
  await request({}, [{ rung: null }], 'queued');
  await request({ zip: '85004' });
  await request({ language: 'vi', at: after(hours(24)) }, [{ at: after(hours(25)) }]);
  const { counts, states, since } = await read(npn);
  expect([states, since, counts.toSorted((a, b) => a.day.localeCompare(b.day))]).toEqual([
    ['TX'],
    after(-hours(1)),
    [
      { day: '2026-11-23', reason: 'offered', requests: 1 },
      { day: '2026-11-24', reason: 'language', requests: 1 },
    ],
  ]);
});

test('the answer takes three statements, however many requests and searches there are', async () => {
  const npn = await agentWho();
  for (let index = 0; index < 3; index += 1) await request({}, [{}, { at: after(minutes(9)) }]);
  expect(await recordStatements(() => read(npn))).toHaveLength(3);
});

test('nothing is told that could identify a consumer: no place in the state, the hour alone, no language one does not speak', async () => {
  const npn = await agentWho();
  await request({ language: 'vi', at: after(minutes(42)) });
  const referralId = await request({ at: after(minutes(17)) });
  await addOffer(harness.db, { referralId, npn: other, endedAs: 'expired' });
  const { latest } = await read(npn);
  const told = { hour: '2026-11-23T15:00:00.000Z', state: 'TX', need: 'new-coverage' };
  expect(latest).toEqual([
    { ...told, language: null, reason: 'language', asked: 0 },
    { ...told, language: 'en', reason: 'others-waited-longer', asked: 1 },
  ]);
});
