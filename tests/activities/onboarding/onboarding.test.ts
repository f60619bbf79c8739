import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { refusalOf } from '../../../domain/failures.ts';
import { requestInvitation } from '../../../store/onboarding/invitation-requests.ts';
import { linkToken, sha256 } from '../../../store/tokens.ts';
import {
  type ActivityHarness,
  activitiesOn,
  after,
  aPolicy,
  hours,
  linkSecret,
  minutes,
  monday,
  openActivityHarness,
  textAfter,
} from '../../harness/activity-harness.ts';
import { seedEvidence } from '../../harness/people/evidence-fixtures.ts';
import { seedAcceptedTerms, seedAgent } from '../../harness/people/fixtures.ts';
import { asOwner } from '../../harness/servers/postgres.ts';

let harness: ActivityHarness;
beforeEach(async () => {
  harness = await openActivityHarness();
});
afterEach(() => harness.close());

const invitations = () => harness.db.selectFrom('invitations').selectAll().orderBy('number').execute();
const eventKinds = async ({ npn, planYear }: { npn: string; planYear: number }) =>
  (await harness.events({ kind: 'onboarding', npn, planYear })).map(({ kind, data }) => data.stage ?? kind);
const askFor = (key: { npn: string; planYear: number }, at: Date) =>
  harness.db
    .transaction()
    .execute((tx) => requestInvitation(tx, { ...key, at, by: 'agent', evenIfLive: true }));

describe('an eligible agent', () => {
  test('whose invitation met a full mailbox waits for the next one, and nothing else; not once the address is bad', async () => {
    const key = await seedAgent(harness.db, { stage: 'invited' });
    const retryAt = new Date(monday.getTime() + hours(4));
    const failed = { endedAs: 'undeliverable', endedAt: monday, retryAt };
    await harness.db.updateTable('invitations').set(failed).execute();
    const stage = 'invitation-undeliverable';
    const review = await harness.activities.reviewOnboarding({ ...key, at: textAfter(minutes(1)) });
    expect(review).toMatchObject({ stage, pendingStep: undefined, retryAt: textAfter(hours(4)) });
    const entered = (await harness.events({ kind: 'onboarding', ...key })).at(-1);
    expect(entered).toMatchObject({ kind: 'stage-entered', data: { stage, retryAt: textAfter(hours(4)) } });
    const then = { ...key, at: textAfter(hours(4)) };
    expect(await harness.activities.reviewOnboarding(then)).toMatchObject({ pendingStep: 'invite' });
    await harness.db.updateTable('agents').set({ emailUndeliverableAt: monday }).execute();
    const late = await harness.activities.reviewOnboarding(then);
    expect([late.stage, late.pendingStep, late.retryAt]).toEqual([stage, undefined, undefined]);
  });

  test('whose invitation came back is invited at the new address by itself, once the feed brings one', async () => {
    const key = await seedAgent(harness.db, { stage: 'invited' });
    await harness.db.updateTable('invitations').set({ endedAs: 'undeliverable', endedAt: monday }).execute();
    await harness.db.updateTable('agents').set({ emailUndeliverableAt: monday }).execute();
    const input = { ...key, at: textAfter(minutes(1)) };
    expect(await harness.activities.reviewOnboarding(input)).toMatchObject({
      stage: 'invitation-undeliverable',
      pendingStep: undefined,
    });
    await seedEvidence(harness.db, { ...key, training: { email: 'ada@new.example.com' } });
    expect(await harness.activities.reviewOnboarding(input)).toMatchObject({ pendingStep: 'invite' });
    expect(await harness.activities.inviteAgent(input)).toMatchObject({ stage: 'invited' });
    expect((await invitations()).at(-1)).toMatchObject({ sentTo: 'ada@new.example.com', endedAt: null });
  });

  test('is to be invited: the review says so, and takes the name from the feed', async () => {
    const key = await seedAgent(harness.db, { stage: 'unreviewed' });
    const review = await harness.activities.reviewOnboarding({ ...key, at: textAfter(0) });
    expect(review).toMatchObject({
      stage: 'awaiting-eligibility',
      causes: [],
      pendingStep: 'invite',
      states: [],
    });
    expect(await harness.db.selectFrom('agents').select(['npn', 'firstName', 'email']).execute()).toEqual([
      { npn: key.npn, firstName: 'Ada', email: `agent-${key.npn}@example.com` },
    ]);
  });

  test('is invited with one link that lives for 48 hours, however often the activity runs', async () => {
    const key = await seedAgent(harness.db, { stage: 'unreviewed' });
    const input = { ...key, at: textAfter(0) };
    const first = await harness.activities.inviteAgent(input);
    const again = await harness.activities.inviteAgent(input);

    expect(first).toMatchObject({
      stage: 'invited',
      linkExpiresAt: textAfter(hours(48)),
      pendingStep: undefined,
    });
    expect(first.nextChangeAt).toBe(textAfter(hours(36)));
    expect(again).toEqual(first);
    const [invitation, ...others] = await invitations();
    expect(others).toEqual([]);
    expect(invitation).toMatchObject({
      number: 1,
      sentTo: `agent-${key.npn}@example.com`,
      issuedAt: monday,
      remindAt: after(hours(36)),
      expiresAt: after(hours(48)),
      endedAt: null,
      policyVersion: 'tests-1',
    });
    expect(await eventKinds(key)).toEqual(['awaiting-eligibility', 'invitation-issued', 'invited']);
    expect(await harness.notices()).toEqual(['invitation']);
    expect(first.notices).toMatchObject([{ channels: ['email'] }]);
  });

  test('has a link whose token only the holder of the secret can make', async () => {
    await seedAgent(harness.db, { stage: 'invited' });
    const { id, tokenSha256 } = await harness.db
      .selectFrom('invitations')
      .select(['id', 'tokenSha256'])
      .executeTakeFirstOrThrow();
    expect(sha256(linkToken(linkSecret, 'invitation', id))).toBe(tokenSha256);
    expect(sha256(linkToken('another secret', 'invitation', id))).not.toBe(tokenSha256);
    expect(sha256(linkToken(linkSecret, 'referral', id))).not.toBe(tokenSha256);
  });

  test('who is invited by two workers at once has one link and one mail', async () => {
    const key = await seedAgent(harness.db, { stage: 'unreviewed' });
    await Promise.all(
      Array.from({ length: 6 }, () => harness.activities.inviteAgent({ ...key, at: textAfter(0) })),
    );
    expect(await invitations()).toHaveLength(1);
    expect(await harness.notices()).toEqual(['invitation']);
    expect(await eventKinds(key)).toEqual(['awaiting-eligibility', 'invitation-issued', 'invited']);
  });

  test('keeps the stored deadlines when the policy changes; the next link follows the new policy', async () => {
    const key = await seedAgent(harness.db, { stage: 'invited' });
    const changed = activitiesOn(harness.db, aPolicy({ version: 'tests-2', invitationTtlMs: hours(24) }));
    const review = await changed.reviewOnboarding({ ...key, at: textAfter(hours(1)) });
    expect(review.linkExpiresAt).toBe(textAfter(hours(48)));
    await askFor(key, after(hours(2)));
    await changed.inviteAgent({ ...key, at: textAfter(hours(2) + 1_000) });
    expect(await invitations()).toMatchObject([
      { policyVersion: 'tests-1', expiresAt: after(hours(48)) },
      { policyVersion: 'tests-2', expiresAt: after(hours(26) + 1_000) },
    ]);
  });
});

describe('an agent who lacks something', () => {
  test('is not invited, and every cause is shown', async () => {
    const key = await seedAgent(harness.db, {
      stage: 'unreviewed',
      training: { courseworkCompletedOn: null },
      registration: { npnValid: 'N', npnValidKept: 'N' },
    });
    const review = await harness.activities.inviteAgent({ ...key, at: textAfter(0) });
    const causes = ['help-on-demand-coursework', 'npn-valid'];
    expect(review).toMatchObject({ stage: 'awaiting-eligibility', causes, pendingStep: undefined });
    expect(await invitations()).toEqual([]);
    const [entered] = await harness.events({ kind: 'onboarding', ...key });
    expect(entered).toMatchObject({ kind: 'stage-entered', sequence: 1, by: 'service', data: { causes } });
  });

  test('is reviewed again on a future date that the feeds already name', async () => {
    const key = await seedAgent(harness.db, {
      stage: 'unreviewed',
      training: { courseworkCompletedOn: '2026-11-25' },
    });
    const review = await harness.activities.reviewOnboarding({ ...key, at: textAfter(0) });
    expect(review.nextChangeAt).toBe('2026-11-25T05:00:00.000Z');
    const then = await harness.activities.reviewOnboarding({ ...key, at: '2026-11-25T05:00:00.000Z' });
    expect(then).toMatchObject({ causes: [], pendingStep: 'invite' });
  });

  test('without an onboarding is refused for good', async () => {
    const nobody = { npn: '999', planYear: 2027, at: textAfter(0) };
    for (const activity of [
      harness.activities.reviewOnboarding,
      harness.activities.inviteAgent,
      harness.activities.remindOfTerms,
    ]) {
      const refusal = await activity(nobody).catch(refusalOf);
      expect(refusal).toMatchObject({ type: 'not-found', details: { npn: '999', planYear: 2027 } });
    }
  });
});

describe('an unused invitation', () => {
  test('brings one reminder, 12 hours before its link expires', async () => {
    const key = await seedAgent(harness.db, { stage: 'invited' });
    const early = await harness.activities.remindOfInvitation({ ...key, at: textAfter(hours(36) - 1) });
    expect(early.notices).toHaveLength(1);
    const input = { ...key, at: textAfter(hours(36)) };
    expect(await harness.activities.reviewOnboarding(input)).toMatchObject({
      pendingStep: 'remind-of-invitation',
    });
    const first = await harness.activities.remindOfInvitation(input);
    expect(await harness.activities.remindOfInvitation(input)).toEqual(first);
    expect(await harness.notices()).toEqual(['invitation', 'invitation-reminder']);
    expect(await eventKinds(key)).toEqual([
      'awaiting-eligibility',
      'invitation-issued',
      'invited',
      'reminded-of-invitation',
    ]);
  });

  test('ends at its stored instant, however late the review', async () => {
    const key = await seedAgent(harness.db, { stage: 'invited' });
    const late = { ...key, at: textAfter(hours(60)) };
    const review = await harness.activities.reviewOnboarding(late);
    expect(review).toMatchObject({
      stage: 'invitation-expired',
      causes: ['expired'],
      pendingStep: undefined,
    });
    expect(await harness.activities.reviewOnboarding(late)).toEqual(review);
    expect(await invitations()).toMatchObject([{ endedAs: 'expired', endedAt: after(hours(48)) }]);
    expect(await eventKinds(key)).toEqual([
      'awaiting-eligibility',
      'invitation-issued',
      'invited',
      'invitation-expired',
    ]);
  });

  test('is replaced by the next one, so that one link lives at a time', async () => {
    const key = await seedAgent(harness.db, { stage: 'invited' });
    await askFor(key, after(minutes(10)));
    const input = { ...key, at: textAfter(minutes(11)) };
    const review = await harness.activities.inviteAgent(input);
    expect(await harness.activities.inviteAgent(input)).toEqual(review);
    expect(review).toMatchObject({ stage: 'invited', linkExpiresAt: textAfter(minutes(11) + hours(48)) });
    expect(await invitations()).toMatchObject([
      { number: 1, endedAs: 'replaced', endedAt: after(minutes(11)) },
      { number: 2, endedAs: null },
    ]);
    expect(await harness.notices()).toEqual(['invitation', 'invitation']);
  });

  test('requested by a clock that is ahead of ours is still issued once', async () => {
    const key = await seedAgent(harness.db, { stage: 'invited' });
    await askFor(key, after(minutes(10) + 700));
    const input = { ...key, at: textAfter(minutes(10)) };
    expect(await harness.activities.inviteAgent(input)).toMatchObject({
      stage: 'invited',
      pendingStep: undefined,
    });
    await harness.activities.inviteAgent(input);
    await harness.activities.inviteAgent({ ...key, at: textAfter(minutes(10) + 500) });
    expect(await invitations()).toHaveLength(2);
  });

  test('that has expired is renewed when asked for', async () => {
    const key = await seedAgent(harness.db, { stage: 'invited' });
    await harness.activities.reviewOnboarding({ ...key, at: textAfter(hours(49)) });
    await askFor(key, after(hours(50)));
    const at = textAfter(hours(50) + 1_000);
    expect(await harness.activities.reviewOnboarding({ ...key, at })).toMatchObject({
      pendingStep: 'invite',
    });
    expect(await harness.activities.inviteAgent({ ...key, at })).toMatchObject({ stage: 'invited' });
    expect(await invitations()).toMatchObject([{ endedAs: 'expired' }, { endedAs: null }]);
  });
});

describe('a registered agent', () => {
  test('is reminded of the terms at the scheduled instants, once each, also after an outage', async () => {
    const key = await seedAgent(harness.db, { stage: 'awaiting-terms' });
    const day = { ...key, at: textAfter(hours(24)) };
    expect(await harness.activities.reviewOnboarding({ ...key, at: textAfter(0) })).toMatchObject({
      causes: ['terms-of-use', 'agents-and-brokers-terms-of-use'],
      nextChangeAt: textAfter(hours(24)),
    });
    const first = await harness.activities.remindOfTerms(day);
    expect(await harness.activities.remindOfTerms(day)).toEqual(first);
    expect(first.nextChangeAt).toBe(textAfter(hours(72)));
    expect(await harness.activities.reviewOnboarding({ ...key, at: textAfter(hours(200)) })).toMatchObject({
      pendingStep: 'remind-of-terms',
    });
    await harness.activities.remindOfTerms({ ...key, at: textAfter(hours(200)) });
    await harness.activities.remindOfTerms({ ...key, at: textAfter(hours(201)) });
    const reminders = (await harness.notices()).filter((kind) => kind === 'terms-reminder');
    expect(reminders).toHaveLength(2);
  });

  test('is active once both sets of terms are accepted, and is notified once', async () => {
    const key = await seedAgent(harness.db, { stage: 'awaiting-terms' });
    await seedAcceptedTerms(harness.db, key.npn, after(minutes(5)));
    const input = { ...key, at: textAfter(minutes(6)) };
    const review = await harness.activities.reviewOnboarding(input);
    expect(review).toMatchObject({ stage: 'active', causes: [], states: ['TX'], since: input.at });
    expect(await harness.activities.reviewOnboarding(input)).toEqual(review);
    expect(await harness.notices()).toEqual(['active']);
    expect(await eventKinds(key)).toEqual([
      'awaiting-eligibility',
      'awaiting-terms',
      'terms-accepted',
      'terms-accepted',
      'active',
    ]);
    const sequences = (await harness.events({ kind: 'onboarding', ...key })).map(({ sequence }) => sequence);
    expect(sequences).toEqual([1, 2, 3, 4, 5]);
    expect(await harness.drainOutbox()).toContainEqual({ type: 'wake-onboarding', payload: key });
  });

  test('with one of the two is not active: no state is served before both', async () => {
    const key = await seedAgent(harness.db, { stage: 'awaiting-terms' });
    await seedAcceptedTerms(harness.db, key.npn);
    await asOwner(harness, `delete from terms_acceptances where kind = 'terms-of-use'`);
    const review = await harness.activities.reviewOnboarding({ ...key, at: textAfter(0) });
    expect(review).toMatchObject({ stage: 'awaiting-terms', causes: ['terms-of-use'], states: [] });
    expect(await harness.db.selectFrom('serving').selectAll().execute()).toEqual([]);
  });

  test('is suspended when a condition fails and active again when it is met, notified each time', async () => {
    const key = await seedAgent(harness.db);
    await seedEvidence(harness.db, { ...key, registration: { npnValid: 'N', npnValidKept: 'N' } });
    const suspended = await harness.activities.reviewOnboarding({ ...key, at: textAfter(hours(1)) });
    expect(suspended).toMatchObject({ stage: 'suspended', causes: ['npn-valid'], states: [] });
    await seedEvidence(harness.db, key);
    const again = await harness.activities.reviewOnboarding({ ...key, at: textAfter(hours(2)) });
    expect(again).toMatchObject({ stage: 'active', states: ['TX'] });
    expect(await harness.notices()).toEqual(['active', 'suspended', 'active-again']);
  });

  test('lapses with the registration: closed, notified, serving nobody, and not reopened', async () => {
    const key = await seedAgent(harness.db, { registration: { endsOn: '2026-11-30' } });
    const last = await harness.activities.reviewOnboarding({ ...key, at: '2026-12-01T04:59:59.999Z' });
    expect(last).toMatchObject({ stage: 'active', nextChangeAt: '2026-12-01T05:00:00.000Z' });
    const input = { ...key, at: '2026-12-01T05:00:00.000Z' };
    const lapsed = await harness.activities.reviewOnboarding(input);
    expect(lapsed).toMatchObject({ stage: 'lapsed', states: [], nextChangeAt: undefined });
    expect(await harness.db.selectFrom('serving').selectAll().execute()).toEqual([]);
    expect(await harness.notices()).toEqual(['active', 'lapsed']);

    await seedEvidence(harness.db, key);
    await harness.activities.reviewOnboarding({ ...key, at: '2026-12-02T05:00:00.000Z' });
    const row = await harness.db.selectFrom('onboardings').selectAll().executeTakeFirstOrThrow();
    expect(row).toMatchObject({ stage: 'lapsed', closedAt: new Date(input.at) });
    expect(await harness.db.selectFrom('serving').selectAll().execute()).toEqual([]);
  });

  test('whose plan year lapsed and was opened again by a later end date is active again, with what is on record', async () => {
    const key = await seedAgent(harness.db, { registration: { endsOn: '2026-11-30' } });
    await harness.activities.reviewOnboarding({ ...key, at: '2026-12-01T05:00:00.000Z' });
    await seedEvidence(harness.db, key);
    const reopened = { stage: 'suspended', causes: ['marketplace-registration'], closedAt: null };
    await harness.db.updateTable('onboardings').set(reopened).execute();
    expect(
      await harness.activities.reviewOnboarding({ ...key, at: '2026-12-02T05:00:00.000Z' }),
    ).toMatchObject({
      stage: 'active',
      states: ['TX'],
    });
    expect(await harness.notices()).toEqual(['active', 'lapsed', 'active-again']);
    const { data } = await harness.db
      .selectFrom('notices')
      .select('data')
      .where('kind', '=', 'active-again')
      .executeTakeFirstOrThrow();
    expect(data).toMatchObject({ restored: [{ name: 'marketplace-registration' }] });
  });
});
