import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { AgentWish } from '../../../domain/matching/agent-wish.ts';
import { readMatchDecisions } from '../../../store/matching/match-decisions.ts';
import {
  type ActivityHarness,
  after,
  hours,
  monday,
  openActivityHarness,
  textAfter,
} from '../../harness/activity-harness.ts';
import { type AgentFixture, seedAgent, seedReferral } from '../../harness/people/fixtures.ts';
import { recordStatements } from '../../harness/statements.ts';

let harness: ActivityHarness;
beforeEach(async () => {
  harness = await openActivityHarness();
});
afterEach(() => harness.close());

const addAgent = async (about: AgentFixture = {}) => (await seedAgent(harness.db, about)).npn;
const match = (referralId: string, at = textAfter(0)) =>
  harness.activities.matchReferral({ woken: true, referralId, at });
const npnOf = (npn: string): AgentWish => ({ by: 'npn', agent: npn });
const nameOf = (name: string): AgentWish => ({ by: 'name', agent: name });
const calling = (firstName: string, lastName: string): AgentFixture => ({
  training: { firstName, lastName },
});
const decisions = async (referralId: string) =>
  (await readMatchDecisions(harness.db, referralId)).map(({ npn, rung, cause, wishUnmet }) => ({
    npn,
    rung,
    cause,
    wishUnmet,
  }));

/** Asks for an agent and returns whom the first match chose, on which rung, and why not the agent of the wish. */
async function firstDecision(agentWish: AgentWish) {
  const referralId = await seedReferral(harness.db, { agentWish });
  await match(referralId);
  const [{ cause: _, ...decision } = { npn: null }] = await decisions(referralId);
  return decision;
}

describe('an agent whom the consumer names', () => {
  test('is asked first, though farther and asked more recently than others; after a decline the others are', async () => {
    const near = await addAgent();
    const named = await addAgent({ zip: '79901', agent: { lastOfferedAt: after(-hours(1)) } });
    const referralId = await seedReferral(harness.db, { agentWish: npnOf(named) });
    const found = await match(referralId);
    expect(found).toMatchObject({ found: 'offer', offer: { npn: named } });
    const offerId = found.found === 'offer' ? found.offer.offerId : '';
    await harness.activities.endOffer({
      referralId,
      offerId,
      end: 'declined',
      by: 'agent',
      at: textAfter(1),
    });
    expect(await match(referralId, textAfter(2))).toMatchObject({ offer: { npn: near } });
    expect(await decisions(referralId)).toEqual([
      { npn: named, rung: 'named', cause: null, wishUnmet: null },
      { npn: near, rung: 'near', cause: null, wishUnmet: null },
    ]);
  });

  test.each([
    ['is on hold', 'held', { heldAt: monday }],
    ['is away', 'unavailable', { availableFrom: after(hours(1)) }],
    ['does not speak the language', 'language', { languages: ['es'] }],
    ['does not want the state', 'state-not-wanted', { statesWanted: ['FL'] }],
    ['has left', 'left', { leftAt: monday, leftBecause: 'agent', leftBy: 'agent' }],
  ] as const)(
    'and who %s is not asked; others are, and the decision says why (%s)',
    async (_, why, columns) => {
      const other = await addAgent();
      const named = await addAgent({ agent: { lastOfferedAt: after(-hours(9)) } });
      await harness.db
        .updateTable('agents')
        .set({ ...columns } as object)
        .where('npn', '=', named)
        .execute();
      expect(await firstDecision(npnOf(named))).toEqual({ npn: other, rung: 'near', wishUnmet: why });
    },
  );

  test('and who has as many referrals as they can take is not asked', async () => {
    const named = await addAgent();
    expect(await firstDecision(npnOf(named))).toMatchObject({ npn: named });
    const other = await addAgent();
    expect(await firstDecision(npnOf(named))).toEqual({ npn: other, rung: 'near', wishUnmet: 'at-capacity' });
  });

  test('and who takes no part is nobody; if none other is free either, the decision keeps both causes', async () => {
    const referralId = await seedReferral(harness.db, { agentWish: npnOf('9') });
    await match(referralId);
    expect(await decisions(referralId)).toEqual([
      { npn: null, rung: null, cause: 'nobody-available', wishUnmet: 'nobody-meant' },
    ]);
  });

  test.each([['josé núñez'], ['NUNEZ, Jose'], ['Jose M. Nuñez'], ['José  Nu’ñez']])(
    'is found by the name “%s”',
    async (typed) => {
      await addAgent();
      const named = await addAgent({ ...calling('José', 'Núñez'), zip: '79901' });
      expect(await firstDecision(nameOf(typed))).toMatchObject({ npn: named, rung: 'named' });
    },
  );

  test('is not asked by a name that two agents of the state have, and is by one that another state has too', async () => {
    const near = await addAgent();
    const first = await addAgent({ ...calling('Ana', 'Reyes'), zip: '79901' });
    await addAgent({ ...calling('Ana', 'Reyes'), states: ['FL'], zip: '33101' });
    expect(await firstDecision(nameOf('Ana Reyes'))).toMatchObject({ npn: first, rung: 'named' });
    await addAgent({ ...calling('Ana', 'Reyes'), zip: '79901' });
    expect(await firstDecision(nameOf('Ana Reyes'))).toMatchObject({ npn: near, wishUnmet: 'several-meant' });
  });

  test('gets one offer where two consumers name them at once; the other consumer’s goes to others', async () => {
    const named = await addAgent();
    await addAgent();
    const one = await seedReferral(harness.db, { agentWish: npnOf(named) });
    const two = await seedReferral(harness.db, { agentWish: npnOf(named) });
    await Promise.all([match(one), match(two)]);
    const both = [...(await decisions(one)), ...(await decisions(two))];
    expect(
      both.map(({ rung, wishUnmet }) => `${rung} ${wishUnmet}`).toSorted((a, b) => a.localeCompare(b)),
    ).toEqual(['named null', 'near at-capacity']);
  });
});

describe('the agent who helped before', () => {
  const key = (address: string) => [{ channel: 'email' as const, key: address }];

  /** Seeds an earlier request that an agent helped with, of a contact that was confirmed. */
  async function helped(address: string, offer: object = {}): Promise<string> {
    const referralId = await seedReferral(harness.db, { contactKeys: key(address), at: after(-hours(9000)) });
    await confirm(referralId);
    const npn = await addAgent({ zip: '79901' });
    const found = await harness.db
      .insertInto('offers')
      .values({
        id: referralId,
        referralId,
        npn,
        number: 1,
        shortCode: '1234',
        offeredAt: after(-hours(9000)),
        expiresAt: after(-hours(9000)),
        acceptedAt: after(-hours(9000)),
        contactedAt: after(-hours(8999)),
        endedAt: after(-hours(8998)),
        endedAs: 'closed',
        policyVersion: 'tests',
        ...offer,
      })
      .returning('npn')
      .executeTakeFirstOrThrow();
    await harness.db
      .updateTable('referrals')
      .set({ closedAt: monday })
      .where('id', '=', referralId)
      .execute();
    return found.npn;
  }
  const confirm = (referralId: string) =>
    harness.db
      .updateTable('contactKeys')
      .set({ confirmedAt: monday })
      .where('referralId', '=', referralId)
      .execute();
  const returning = async (address: string, { isConfirmed = true } = {}) => {
    const agentWish = { by: 'helped-before' as const, agent: null };
    const referralId = await seedReferral(harness.db, { contactKeys: key(address), agentWish });
    if (isConfirmed) await confirm(referralId);
    await match(referralId);
    return (await decisions(referralId))[0];
  };

  test('is asked first by who confirmed the same address then and now', async () => {
    const near = await addAgent();
    const npn = await helped('a');
    expect(await returning('a')).toMatchObject({ npn, rung: 'helped-before', wishUnmet: null });
    expect(await returning('b')).toMatchObject({ npn: near, wishUnmet: 'nobody-meant' });
  });

  test('is not asked by who only typed the address, nor by its earlier request that only typed it', async () => {
    const near = await addAgent();
    await helped('a');
    expect(await returning('a', { isConfirmed: false })).toMatchObject({
      npn: near,
      wishUnmet: 'nobody-meant',
    });
    await helped('b');
    await harness.db.updateTable('contactKeys').set({ confirmedAt: null }).where('key', '=', 'b').execute();
    expect(await returning('b')).toMatchObject({ wishUnmet: 'nobody-meant' });
  });

  test('is none who accepted and did not call, or whom the consumer replaced', async () => {
    await addAgent();
    await helped('a', { contactedAt: null, endedAs: 'silent' });
    await helped('b', { endedAs: 'another-asked' });
    expect(await returning('a')).toMatchObject({ wishUnmet: 'nobody-meant' });
    expect(await returning('b')).toMatchObject({ wishUnmet: 'nobody-meant' });
  });
});

test('a request without a wish costs no statement more; one with a name or an NPN reads it, and one agent', async () => {
  const named = await addAgent();
  await addAgent();
  await addAgent();
  const statements = async (agentWish?: AgentWish) => {
    const referralId = await seedReferral(harness.db, agentWish ? { agentWish } : {});
    return recordStatements(() => match(referralId));
  };
  const reads = (sent: string[]) =>
    sent.filter((text) => /from agents a where a.npn = .* limit 2/s.test(text));
  const [first, without, unmet] = [
    await statements(npnOf(named)),
    await statements(),
    await statements(npnOf(named)),
  ];
  // the agent is read, and once more when the row is locked
  expect([first, without, unmet].map((sent) => reads(sent).length)).toEqual([2, 0, 1]);
  expect(unmet).toHaveLength(without.length + 2);
});
