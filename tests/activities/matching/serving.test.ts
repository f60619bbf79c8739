import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { loadReferenceData } from '../../../store/database/reference/load.ts';
import { answerAgentRequest } from '../../../store/onboarding/agent-requests.ts';
import {
  type ActivityHarness,
  after,
  hours,
  minutes,
  monday,
  openActivityHarness,
  textAfter,
} from '../../harness/activity-harness.ts';
import { seedEvidence } from '../../harness/people/evidence-fixtures.ts';
import { seedAgent, seedOffer, seedReferral, seedWaitingReferral } from '../../harness/people/fixtures.ts';
import { asOwner } from '../../harness/servers/postgres.ts';

type Key = { npn: string; planYear: number };

let harness: ActivityHarness;
beforeEach(async () => {
  harness = await openActivityHarness();
});
afterEach(() => harness.close());

const serving = async () =>
  (
    await harness.db
      .selectFrom('serving')
      .select(['npn', 'planYear', 'state', 'fromAt', 'untilAt'])
      .orderBy('planYear')
      .orderBy('state')
      .execute()
  ).map(({ planYear, state, fromAt, untilAt }) => ({ planYear, state, fromAt, untilAt }));
const review = (key: Key, at: string) => harness.activities.reviewOnboarding({ ...key, at });
const rescinds = async () => (await harness.drainOutbox()).filter(({ type }) => type === 'rescind-offer');
const wakes = async () =>
  (await harness.drainOutbox()).flatMap(({ type, payload }) =>
    type === 'wake-referral' ? [(payload as { referralId: string }).referralId] : [],
  );

describe('what matching reads of an active agent', () => {
  test('is one row per state, valid until the standing changes by itself', async () => {
    const key = await seedAgent(harness.db, {
      states: ['TX', 'FL'],
      registration: { endsOn: '2026-12-31' },
    });
    const untilAt = new Date('2027-01-01T05:00:00Z');
    const both = [
      { planYear: 2027, state: 'FL', fromAt: monday, untilAt },
      { planYear: 2027, state: 'TX', fromAt: monday, untilAt },
    ];
    expect(await serving()).toEqual(both);
    await review(key, textAfter(hours(1)));
    expect(await serving()).toEqual(both);
  });

  test('is not ended by an earlier warning: a reminder is no reason to stop serving', async () => {
    const key = await seedAgent(harness.db, { license: { expiresOn: '2027-02-20' } });
    const { nextChangeAt } = await review(key, textAfter(hours(1)));
    const [{ untilAt } = { untilAt: null }] = await serving();
    expect(untilAt).toEqual(new Date('2027-02-21T05:00:00Z'));
    expect(nextChangeAt && new Date(nextChangeAt) < new Date('2027-02-21T05:00:00Z')).toBe(true);
  });

  test('ends when a known future version of the terms comes into force', async () => {
    const key = await seedAgent(harness.db);
    const effectiveAt = new Date('2127-03-01T05:00:00Z');
    const kind = 'terms-of-use';
    await asOwner(
      harness,
      `insert into terms_documents (kind, version, effective_at, sha256, text)
       values ('${kind}', '2127-1', '${effectiveAt.toISOString()}', '-', 'Later')`,
    );
    await harness.db.updateTable('registrationCompletions').set({ endsOn: '2127-12-31' }).execute();
    await review(key, textAfter(hours(1)));
    expect((await serving()).map(({ untilAt }) => untilAt)).toEqual([effectiveAt]);
    expect(await review(key, effectiveAt.toISOString())).toMatchObject({
      stage: 'awaiting-terms',
      causes: [kind],
    });
  });

  test('ends at once when a version in force is loaded, before any review', async () => {
    const key = await seedAgent(harness.db);
    await harness.drainOutbox();
    // as it was before this version existed
    await asOwner(
      harness,
      `delete from terms_acceptances where kind = 'terms-of-use'; delete from terms_documents where kind = 'terms-of-use'`,
    );
    const client = new Client({ connectionString: harness.ownerUrl });
    await client.connect();
    await loadReferenceData(client);
    expect(await harness.drainOutbox()).toEqual([{ type: 'wake-onboarding', payload: key }]);
    const referralId = await seedReferral(harness.db);
    expect(
      (await harness.activities.matchReferral({ woken: true, referralId, at: textAfter(minutes(1)) })).found,
    ).not.toBe('offer');
    expect(await review(key, textAfter(minutes(2)))).toMatchObject({ causes: ['terms-of-use'] });
    // loading the same version again changes nothing
    await loadReferenceData(client);
    await client.end();
    expect((await harness.drainOutbox()).filter(({ type }) => type === 'wake-onboarding')).toEqual([]);
  });

  test('follows the evidence: a lost state goes, a gained one comes', async () => {
    const key = await seedAgent(harness.db, { states: ['TX', 'FL'] });
    await seedEvidence(harness.db, { ...key, states: ['TX', 'OK'] });
    await review(key, textAfter(hours(1)));
    expect((await serving()).map(({ state, fromAt }) => [state, fromAt])).toEqual([
      ['OK', after(hours(1))],
      ['TX', monday],
    ]);
  });

  test('is not a state that runs its own marketplace', async () => {
    await seedAgent(harness.db, { states: ['NY', 'TX'] });
    expect((await serving()).map(({ state }) => state)).toEqual(['TX']);
  });
});

describe('a state that is lost', () => {
  test('has its running offers rescinded, and no others', async () => {
    const key = await seedAgent(harness.db, { states: ['TX', 'FL'] });
    const inTexas = await seedOffer(harness);
    await harness.activities.acceptOffer({ ...inTexas, at: textAfter(minutes(1)) });
    const inFlorida = await seedOffer(harness, { zip: '33101' });
    await harness.drainOutbox();
    await seedEvidence(harness.db, { ...key, states: ['TX'] });
    await review(key, textAfter(minutes(2)));
    await review(key, textAfter(minutes(2)));
    const { referralId, offerId } = inFlorida;
    // repeated with every review until the workflow has ended the offer
    const rescind = { type: 'rescind-offer', payload: { referralId, offerId } };
    expect(await rescinds()).toEqual([rescind, rescind]);
  });

  const losses = {
    'the registration': (db: ActivityHarness['db']) =>
      db.updateTable('registrationCompletions').set({ endsOn: '2026-01-31' }).execute(),
    'the license at home': (db: ActivityHarness['db']) =>
      db.updateTable('licenses').set({ active: false }).where('state', '=', 'TX').execute(),
  };
  test.each(Object.entries(losses))('with %s has all of them rescinded', async (_, lose) => {
    const key = await seedAgent(harness.db, { states: ['TX', 'FL'] });
    const inTexas = await seedOffer(harness);
    await harness.activities.acceptOffer({ ...inTexas, at: textAfter(minutes(1)) });
    await seedOffer(harness, { zip: '33101' });
    await harness.drainOutbox();
    await lose(harness.db);
    expect((await review(key, textAfter(minutes(2)))).stage).not.toBe('active');
    expect(await rescinds()).toHaveLength(2);
  });

  test('with another version of the terms keeps its offers and gets no more until the agent accepts it', async () => {
    const key = await seedAgent(harness.db, { states: ['TX', 'FL'] });
    const inTexas = await seedOffer(harness);
    await harness.activities.acceptOffer({ ...inTexas, at: textAfter(minutes(1)) });
    const inFlorida = await seedOffer(harness, { zip: '33101' });
    await harness.drainOutbox();
    await asOwner(harness, `delete from terms_acceptances where npn = '${key.npn}'`);
    expect(await review(key, textAfter(minutes(2)))).toMatchObject({ stage: 'awaiting-terms', states: [] });
    expect(await serving()).toEqual([]);
    expect(await rescinds()).toEqual([]);
    // a license that is lost meanwhile still rescinds the offers in its state
    const lose = (state: string) =>
      harness.db.updateTable('licenses').set({ active: false }).where('state', '=', state).execute();
    const offersOf = async () => (await rescinds()).map(({ payload }) => payload);
    await lose('FL');
    expect(await review(key, textAfter(minutes(3)))).toMatchObject({ stage: 'awaiting-terms' });
    expect(await offersOf()).toEqual([{ referralId: inFlorida.referralId, offerId: inFlorida.offerId }]);
    await lose('TX');
    expect(await review(key, textAfter(minutes(4)))).toMatchObject({ stage: 'suspended' });
    expect(await rescinds()).toHaveLength(2);
  });

  test('under one plan year only keeps its offers while another plan year covers it', async () => {
    const old = await seedAgent(harness.db, { planYear: 2026 });
    await seedAgent(harness.db, { npn: old.npn, planYear: 2027 });
    await seedOffer(harness);
    await harness.drainOutbox();
    expect(await review(old, '2027-01-01T05:00:00.000Z')).toMatchObject({ stage: 'lapsed' });
    expect((await serving()).map(({ planYear }) => planYear)).toEqual([2027]);
    expect(await rescinds()).toEqual([]);
  });
});

describe('a state that is gained', () => {
  test('wakes the oldest waiting referral there that fits, and no other', async () => {
    const shared = { at: monday };
    await seedReferral(harness.db, { ...shared, zip: '33101' });
    await seedReferral(harness.db, { ...shared, language: 'vi' });
    const younger = await seedWaitingReferral(harness.db, { at: after(minutes(3)) });
    const oldest = await seedWaitingReferral(harness.db, { at: after(minutes(2)) });
    await harness.drainOutbox();
    await seedAgent(harness.db, { at: after(minutes(5)) });
    expect(await wakes()).toEqual([oldest]);
    expect(younger).not.toBe(oldest);
  });
});

const agent = (npn: string) =>
  harness.db
    .selectFrom('agents')
    .select(['firstName', 'email', 'languages', 'statesWanted', 'emailUndeliverableAt'])
    .where('npn', '=', npn)
    .executeTakeFirstOrThrow();

describe('a changed email address', () => {
  const announcedTo = async () =>
    (
      await harness.db
        .selectFrom('notices')
        .select('toAddress')
        .where('kind', '=', 'address-changed')
        .orderBy('toAddress')
        .execute()
    ).map(({ toAddress }) => toAddress);
  const changeEmail = (key: Key, email: string) => seedEvidence(harness.db, { ...key, training: { email } });

  test('is announced to the old and the new one, once', async () => {
    const key = await seedAgent(harness.db);
    await changeEmail(key, 'bea@example.com');
    await review(key, textAfter(minutes(1)));
    await review(key, textAfter(minutes(2)));
    expect(await announcedTo()).toEqual([`agent-${key.npn}@example.com`, null]);
  });

  test('is announced to the new one alone where mail to the old one was returned', async () => {
    const key = await seedAgent(harness.db, { agent: { emailUndeliverableAt: monday } });
    await changeEmail(key, 'bea@example.com');
    await review(key, textAfter(minutes(1)));
    expect(await announcedTo()).toEqual([null]);
  });

  test('is announced to both also when a request finds it after the end of the onboarding', async () => {
    const key = await seedAgent(harness.db);
    await review(key, '2028-01-01T05:00:00.000Z');
    await changeEmail(key, 'bea@example.com');
    await harness.drainOutbox();
    const at = new Date('2028-01-02T15:00:00Z');
    const request = { npn: key.npn, at, asks: 'log-in-reminder' } as const;
    await harness.db.transaction().execute((tx) => answerAgentRequest(tx, request));
    expect(await announcedTo()).toEqual([`agent-${key.npn}@example.com`, null]);
    const sent = (await harness.drainOutbox()).map(({ payload }) => (payload as { kind: string }).kind);
    expect(sent).toEqual(['address-changed', 'address-changed', 'log-in-reminder']);
  });
});

describe('name and email address', () => {
  test('come from the row of the newest plan year, whichever onboarding is reviewed', async () => {
    const old = await seedAgent(harness.db, {
      planYear: 2026,
      training: { firstName: 'Old', email: 'old@example.com' },
    });
    await seedAgent(harness.db, {
      npn: old.npn,
      stage: 'unreviewed',
      training: { firstName: 'New', email: 'new@example.com' },
    });
    await review(old, textAfter(minutes(1)));
    expect(await agent(old.npn)).toMatchObject({ firstName: 'New', email: 'new@example.com' });
  });

  test('follow the feed after registration; languages and states are the agent’s own from then on', async () => {
    const change = { languages: ['es'], states: ['FL'], training: { firstName: 'Bea' } };
    const early = await seedAgent(harness.db, { stage: 'invited' });
    const late = await seedAgent(harness.db);
    for (const key of [early, late]) {
      await seedEvidence(harness.db, { ...key, ...change });
      await review(key, textAfter(minutes(1)));
    }
    const proposed = { firstName: 'Bea', languages: ['es'], statesWanted: ['FL'] };
    expect(await agent(early.npn)).toMatchObject(proposed);
    expect(await agent(late.npn)).toMatchObject({ ...proposed, languages: ['en'], statesWanted: ['TX'] });
  });

  test('that came back are tried again only when the address changes', async () => {
    const key = await seedAgent(harness.db, { agent: { emailUndeliverableAt: monday } });
    await seedEvidence(harness.db, { ...key, training: { firstName: 'Bea' } });
    await review(key, textAfter(minutes(1)));
    expect(await agent(key.npn)).toMatchObject({ firstName: 'Bea', emailUndeliverableAt: monday });
    await seedEvidence(harness.db, { ...key, training: { email: 'bea@example.com' } });
    await review(key, textAfter(minutes(2)));
    expect(await agent(key.npn)).toMatchObject({ email: 'bea@example.com', emailUndeliverableAt: null });
  });
});

test('an agent who can be reached again wakes the oldest waiting referral', async () => {
  const key = await seedAgent(harness.db, { agent: { contactPreference: 'email' } });
  const unreachable = (at: Date | null) =>
    harness.db.updateTable('agents').set({ emailUndeliverableAt: at }).where('npn', '=', key.npn).execute();
  await unreachable(monday);
  expect(await review(key, textAfter(minutes(1)))).toMatchObject({ causes: ['no-channel'] });
  const waiting = [await seedReferral(harness.db), await seedReferral(harness.db, { at: after(minutes(1)) })];
  for (const referralId of waiting)
    await harness.activities.matchReferral({ woken: true, referralId, at: textAfter(minutes(2)) });
  await harness.drainOutbox();
  await unreachable(null);
  expect(await review(key, textAfter(minutes(3)))).toMatchObject({ causes: [] });
  expect(await wakes()).toEqual([waiting[0]]);
  await review(key, textAfter(minutes(4)));
  expect(await wakes()).toEqual([]);
});
