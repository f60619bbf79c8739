import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { refusalOf } from '../../../domain/failures.ts';
import type { LineType } from '../../../domain/notifications/contact.ts';
import { requestInvitation } from '../../../store/onboarding/invitation-requests.ts';
import {
  saveRegistrationRequest,
  type TypedRegistration,
} from '../../../store/onboarding/registration-requests.ts';
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
import { seedAgent } from '../../harness/people/fixtures.ts';

type Key = { npn: string; planYear: number };

let harness: ActivityHarness;
let key: Key;
beforeEach(async () => {
  harness = await openActivityHarness();
  key = await seedAgent(harness.db, { stage: 'invited' });
});
afterEach(() => harness.close());

/** Form data of an agent for the link of the latest invitation. */
async function submitForm(
  about: Key = key,
  change: Partial<TypedRegistration & { phoneLineType: LineType | null }> = {},
): Promise<string> {
  const { id: invitationId } = await harness.db
    .selectFrom('invitations')
    .select('id')
    .where('npn', '=', about.npn)
    .orderBy('number', 'desc')
    .executeTakeFirstOrThrow();
  return saveRegistrationRequest(harness.db, {
    invitationId,
    username: 'ada.alder',
    passwordHash: '$argon2id$x',
    phone: '+15125550101',
    phoneLineType: 'mobile',
    contactPreference: 'email-text-app',
    zip: '78701',
    termsVersion: '2027-1',
    ipAddress: '192.0.2.7',
    userAgent: 'a browser',
    at: monday,
    ...change,
  });
}

const register = (registrationRequestId: string, at = textAfter(minutes(5)), about = key) =>
  harness.activities.completeRegistration({ ...about, registrationRequestId, at });

const refusal = (registrationRequestId: string, at?: string, about?: Key) =>
  register(registrationRequestId, at, about).then(
    (review) => Promise.reject(new Error(`It was taken in: ${review.stage}`)),
    refusalOf,
  );

/** Reads everything that a registration writes. */
async function writtenRows() {
  const { db } = harness;
  return {
    accounts: await db.selectFrom('accounts').selectAll().where('role', '=', 'agent').execute(),
    acceptances: await db.selectFrom('termsAcceptances').selectAll().execute(),
    agents: await db.selectFrom('agents').selectAll().orderBy('npn').execute(),
    invitations: await db.selectFrom('invitations').selectAll().orderBy('id').execute(),
    requests: await db.selectFrom('registrationRequests').selectAll().orderBy('id').execute(),
    events: await db.selectFrom('events').selectAll().orderBy('sequence').execute(),
    notices: await harness.notices(),
  };
}

describe('a registration', () => {
  test('becomes account, profile and acceptance of the Terms of Use, and ends the invitation', async () => {
    const review = await register(await submitForm());
    expect(review).toMatchObject({
      stage: 'awaiting-terms',
      causes: ['agents-and-brokers-terms-of-use'],
      linkExpiresAt: undefined,
    });
    const at = after(minutes(5));
    const now = await writtenRows();
    expect(now.accounts).toMatchObject([
      { username: 'ada.alder', role: 'agent', npn: key.npn, createdAt: at },
    ]);
    expect(now.agents).toMatchObject([
      {
        phone: '+15125550101',
        contactPreference: 'email-text-app',
        zip: '78701',
        registeredAt: at,
        timeZone: 'America/Chicago',
        lat: expect.closeTo(30.27, 1),
        lon: expect.closeTo(-97.74, 1),
      },
    ]);
    const accountId = now.accounts[0]?.id;
    expect(now.acceptances).toMatchObject([
      {
        kind: 'terms-of-use',
        version: '2027-1',
        acceptedAt: at,
        accountId,
        ipAddress: '192.0.2.7',
        userAgent: 'a browser',
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
    expect(now.invitations).toMatchObject([{ endedAs: 'registered', endedAt: at }]);
    expect(now.events.map(({ kind }) => kind)).toEqual([
      'stage-entered',
      'invitation-issued',
      'stage-entered',
      'registered',
      'phone-code-sent',
      'stage-entered',
    ]);
    expect(now.notices).toEqual(['invitation', 'phone-code', 'registration-confirmed']);
  });

  test('that is repeated after a lost answer is answered as the first time and changes nothing', async () => {
    const request = await submitForm();
    const first = await register(request);
    const before = await writtenRows();
    expect(await register(request)).toEqual(first);
    expect(await register(request, textAfter(hours(50)))).toMatchObject({ stage: 'awaiting-terms' });
    const now = await writtenRows();
    expect(now.notices.filter((kind) => kind === 'registration-confirmed')).toHaveLength(1);
    expect(now.notices.filter((kind) => kind === 'phone-code')).toHaveLength(1);
    expect(now.events).toEqual(before.events);
    expect(now.accounts).toEqual(before.accounts);
  });

  test('leaves nothing of what was typed behind, for any attempt', async () => {
    const others = [
      await submitForm(key, { username: 'other' }),
      await submitForm(key, { username: 'third' }),
    ];
    await register(await submitForm());
    expect((await writtenRows()).requests).toEqual([]);
    expect(await refusal(others[0] ?? '')).toMatchObject({ type: 'invitation-ended' });
    expect((await writtenRows()).accounts).toHaveLength(1);
  });

  test('sends a code to the phone where texts were chosen, which the review names', async () => {
    const { notices } = await register(await submitForm());
    expect(notices).toContainEqual(expect.objectContaining({ kind: 'phone-code', channels: ['text'] }));
    const [code] = await harness.db.selectFrom('phoneCodes').selectAll().execute();
    expect(code).toMatchObject({ npn: key.npn, expiresAt: after(minutes(15)), tries: 0, confirmedAt: null });
    const notice = await harness.db
      .selectFrom('notices')
      .select(['data', 'untilAt'])
      .where('kind', '=', 'phone-code')
      .executeTakeFirst();
    expect(notice).toEqual({ data: { phoneCodeId: code?.id }, untilAt: after(minutes(15)) });
  });

  test('sends no code where mail alone was chosen', async () => {
    const { notices } = await register(await submitForm(key, { contactPreference: 'email' }));
    expect(notices.map(({ kind }) => kind)).not.toContain('phone-code');
    expect(await harness.db.selectFrom('phoneCodes').selectAll().execute()).toEqual([]);
  });

  test('saves the line type of the phone, or when to look it up again', async () => {
    await register(await submitForm());
    expect((await writtenRows()).agents).toMatchObject([{ phoneLineType: 'mobile', phoneCheckAt: null }]);
    const other = await seedAgent(harness.db, { stage: 'invited' });
    await register(await submitForm(other, { username: 'bo.birch', phoneLineType: null }), undefined, other);
    expect((await writtenRows()).agents.find(({ npn }) => npn === other.npn)).toMatchObject({
      phone: '+15125550101',
      phoneLineType: null,
      phoneCheckAt: after(minutes(20)),
      phoneConfirmedAt: null,
    });
  });

  test('sent twice at once is accepted once', async () => {
    const requests = [await submitForm(), await submitForm(key, { username: 'ada.two' })];
    const taken = await Promise.allSettled(requests.map((request) => register(request)));
    expect(taken.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect((await writtenRows()).accounts).toHaveLength(1);
    expect((await writtenRows()).notices).toEqual(['invitation', 'phone-code', 'registration-confirmed']);
  });
});

/** Expects a registration to be refused and to change nothing. @returns the type of the refusal */
async function refusalOfRequest(request: string, at?: string) {
  const before = await writtenRows();
  const { type, details } = (await refusal(request, at)) ?? {};
  return { type, details, isUnchanged: isDeepStrictEqual(await writtenRows(), before) };
}

describe('a registration is refused for good, and nothing of it stays, when', () => {
  test('the username is taken, in whatever case', async () => {
    const other = await seedAgent(harness.db, { stage: 'invited' });
    await register(await submitForm(other, { username: 'Ada.Alder' }), undefined, other);
    expect(await refusalOfRequest(await submitForm())).toMatchObject({
      type: 'username-taken',
      isUnchanged: true,
    });
  });

  test('two agents send one username at once: the second one', async () => {
    const other = await seedAgent(harness.db, { stage: 'invited' });
    const [mine, theirs] = [await submitForm(), await submitForm(other)];
    const taken = await Promise.allSettled([register(mine), register(theirs, undefined, other)]);
    const losers = taken.flatMap((one) => (one.status === 'rejected' ? [refusalOf(one.reason)?.type] : []));
    expect(losers).toEqual(['username-taken']);
    expect((await writtenRows()).accounts).toHaveLength(1);
    expect((await writtenRows()).acceptances).toHaveLength(1);
  });

  test('the 48 hours are over, to the millisecond', async () => {
    const request = await submitForm();
    expect(await refusalOfRequest(request, textAfter(hours(48)))).toEqual({
      type: 'invitation-expired',
      details: { at: textAfter(hours(48)) },
      isUnchanged: true,
    });
    expect(await register(request, textAfter(hours(48) - 1))).toMatchObject({ stage: 'awaiting-terms' });
  });

  test('the invitation was ended as expired before', async () => {
    const request = await submitForm();
    await harness.activities.reviewOnboarding({ ...key, at: textAfter(hours(48)) });
    expect(await refusalOfRequest(request, textAfter(hours(49)))).toMatchObject({
      type: 'invitation-expired',
      isUnchanged: true,
    });
  });

  test('the 48th hour passes while it waits: whichever is first, all of it is kept or nothing', async () => {
    const request = await submitForm();
    const [registration, review] = await Promise.allSettled([
      register(request, textAfter(hours(48) - 1)),
      harness.activities.reviewOnboarding({ ...key, at: textAfter(hours(48)) }),
    ]);
    expect(review.status).toBe('fulfilled');
    const { accounts, acceptances, agents, invitations, requests } = await writtenRows();
    const isRegistered = registration.status === 'fulfilled';
    const refusalType = isRegistered ? undefined : refusalOf(registration.reason)?.type;
    expect(refusalType).toBe(isRegistered ? undefined : 'invitation-expired');
    expect(accounts).toHaveLength(isRegistered ? 1 : 0);
    expect(acceptances).toHaveLength(isRegistered ? 1 : 0);
    expect(agents[0]?.registeredAt).toEqual(isRegistered ? after(hours(48) - 1) : null);
    expect(invitations).toMatchObject([{ endedAs: isRegistered ? 'registered' : 'expired' }]);
    expect(requests).toEqual([]);
  });

  test('the link was ended and the typed data deleted: the answer is still about the link', async () => {
    const request = await submitForm();
    await harness.activities.reviewOnboarding({ ...key, at: textAfter(hours(48)) });
    expect((await writtenRows()).requests).toEqual([]);
    expect(await refusalOfRequest(request, textAfter(hours(48) - 1))).toEqual({
      type: 'invitation-expired',
      details: { at: textAfter(hours(48)) },
      isUnchanged: true,
    });
  });

  test('the link was replaced by a newer one', async () => {
    const request = await submitForm();
    const renewal = { ...key, at: after(minutes(1)), by: 'agent' as const, evenIfLive: true };
    await harness.db.transaction().execute((tx) => requestInvitation(tx, renewal));
    await harness.activities.inviteAgent({ ...key, at: textAfter(minutes(2)) });
    expect(await refusalOfRequest(request)).toMatchObject({ type: 'invitation-ended', isUnchanged: true });
  });

  test('the conditions are not met any more', async () => {
    const request = await submitForm();
    await seedEvidence(harness.db, { ...key, license: { active: false } });
    expect(await refusalOfRequest(request)).toMatchObject({ type: 'not-eligible', isUnchanged: true });
    // the workflow's validator lets it through, so that the activity refuses it; the link stays alive
    expect(await harness.activities.reviewOnboarding({ ...key, at: textAfter(minutes(6)) })).toMatchObject({
      stage: 'awaiting-eligibility',
      linkExpiresAt: textAfter(hours(48)),
    });
  });

  test('the version of the Terms of Use is unknown', async () => {
    expect(await refusalOfRequest(await submitForm(key, { termsVersion: '1999-1' }))).toMatchObject({
      type: 'terms-version',
      isUnchanged: true,
    });
  });

  test("the request is unknown, or another agent's", async () => {
    const other = await seedAgent(harness.db, { stage: 'invited' });
    const theirs = await submitForm(other);
    expect(await refusalOfRequest(randomUUID())).toMatchObject({ type: 'not-found', isUnchanged: true });
    expect(await refusalOfRequest(theirs)).toMatchObject({ type: 'not-found', isUnchanged: true });
  });
});

describe('an agent with two plan years under way', () => {
  test('registers for the new year with a link of the old one, which has lapsed meanwhile', async () => {
    const lastDays = new Date('2026-12-30T15:00:00Z');
    const old = await seedAgent(harness.db, { planYear: 2026, stage: 'invited', at: lastDays });
    const next = await seedAgent(harness.db, { npn: old.npn, stage: 'awaiting-eligibility', at: lastDays });
    const request = await submitForm(old);
    const newYear = '2027-01-01T06:00:00.000Z';
    expect(await harness.activities.reviewOnboarding({ ...old, at: newYear })).toMatchObject({
      stage: 'lapsed',
    });
    expect(await harness.activities.reviewOnboarding({ ...next, at: newYear })).toMatchObject({
      stage: 'invited',
      linkExpiresAt: '2027-01-01T15:00:00.000Z',
    });
    expect(await register(request, newYear, next)).toMatchObject({ stage: 'awaiting-terms' });
    expect(await harness.notices({ npn: old.npn })).toContain('registration-confirmed');
  });

  test('has one link, whichever is reviewed first, and both at once', async () => {
    const both = [
      await seedAgent(harness.db, { npn: '7', planYear: 2026, stage: 'unreviewed' }),
      await seedAgent(harness.db, { npn: '7', planYear: 2027, stage: 'unreviewed' }),
    ];
    await Promise.all(both.map((one) => harness.activities.inviteAgent({ ...one, at: textAfter(0) })));
    for (const one of both) {
      expect(await harness.activities.reviewOnboarding({ ...one, at: textAfter(1) })).toMatchObject({
        stage: 'invited',
        pendingStep: undefined,
      });
    }
    expect(await harness.notices({ npn: '7' })).toEqual(['invitation']);
  });

  test('registers once for both: the other one is woken and awaits the terms too', async () => {
    const other = await seedAgent(harness.db, { npn: key.npn, planYear: 2026, stage: 'unreviewed' });
    await register(await submitForm());
    expect(await harness.drainOutbox()).toContainEqual({ type: 'wake-onboarding', payload: other });
    expect(await harness.activities.reviewOnboarding({ ...other, at: textAfter(minutes(6)) })).toMatchObject({
      stage: 'awaiting-terms',
    });
  });
});
