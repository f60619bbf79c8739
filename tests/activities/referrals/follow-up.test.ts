import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { demand } from '../../../store/ops/service-figures.ts';
import {
  hasAskedAnother,
  isConsentRescinded,
  readLastAcceptedOffer,
  reportProblem,
  rescindConsent,
} from '../../../store/referrals/consumer-actions.ts';
import { correctContact } from '../../../store/referrals/contacts/contact-changes.ts';
import { deriveContactKeys } from '../../../store/referrals/contacts/contact-keys.ts';
import { readOfferContact } from '../../../store/referrals/offers/agent-views.ts';
import { markProblemHandled, readOpenProblems } from '../../../store/referrals/outcomes/problem-reports.ts';
import {
  type ActivityHarness,
  activitiesOn,
  after,
  aPolicy,
  hours,
  minutes,
  openActivityHarness,
  textAfter,
} from '../../harness/activity-harness.ts';
import { keyring } from '../../harness/keyring.ts';
import { storedContact } from '../../harness/people/contacts.ts';
import { seedAgent, seedOffer, seedReferral } from '../../harness/people/fixtures.ts';

type Offer = Awaited<ReturnType<typeof seedOffer>>;

let harness: ActivityHarness;
beforeEach(async () => {
  harness = await openActivityHarness();
});
afterEach(() => harness.close());

const accepted = async (about: Parameters<typeof seedOffer>[1] = {}): Promise<Offer> => {
  const offer = await seedOffer(harness, about);
  await harness.activities.acceptOffer({ ...offer, at: textAfter(minutes(5)) });
  return offer;
};
const offerRow = (id: string) =>
  harness.db.selectFrom('offers').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const referralRow = (id: string) =>
  harness.db.selectFrom('referrals').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const reminders = async (referralId: string) =>
  (await harness.notices({ referralId })).filter((kind) => kind === 'contact-reminder');

describe('the time to call', () => {
  test('is counted inside the times the consumer chose, and the agent is reminded at half of it', async () => {
    await seedAgent(harness.db);
    // Monday, 9:05 in Texas
    const offer = await accepted({ contactTimes: ['weekday-evening'] });
    expect(await offerRow(offer.offerId)).toMatchObject({
      contactDueAt: new Date('2026-11-24T00:00:00Z'),
      contactRemindAt: new Date('2026-11-23T23:30:00Z'),
    });
  });

  test('brings one reminder, however often and by whichever side it is asked for', async () => {
    await seedAgent(harness.db);
    const offer = await accepted();
    await harness.activities.remindOfContact({ ...offer, at: textAfter(minutes(35)) });
    await harness.activities.remindOfContact({ ...offer, at: textAfter(minutes(36)) });
    expect(await reminders(offer.referralId)).toHaveLength(1);
  });

  test('brings no reminder after first contact', async () => {
    await seedAgent(harness.db);
    const offer = await accepted();
    await harness.activities.recordOutcome({ ...offer, outcome: 'contacted', at: textAfter(minutes(20)) });
    await harness.activities.remindOfContact({ ...offer, at: textAfter(minutes(35)) });
    expect(await reminders(offer.referralId)).toEqual([]);
  });
});

test.each([
  ['on record with it if its answer shows the contact, as from the portal', { contactShown: true }, 1],
  ['not on record if it does not, as by link or text', { contactShown: false }, 0],
])('that an acceptance shows the contact is %s', async (_, { contactShown }, written) => {
  await seedAgent(harness.db);
  const offer = await seedOffer(harness);
  const at = textAfter(minutes(5));
  const accept = () => harness.activities.acceptOffer({ ...offer, contactShown, at });
  expect((await accept()).isOnRecord).toBe(contactShown || undefined);
  expect((await accept()).isOnRecord).toBe(undefined);
  const onRecord = () =>
    harness.db
      .selectFrom('disclosures')
      .select(['offerId', 'shown', 'through', 'firstAt', 'lastAt', sql`xmin::text`.as('writtenBy')])
      .execute();
  const atOnce = await onRecord();
  const { offerId } = offer;
  expect(atOnce).toHaveLength(written);
  expect(atOnce).toMatchObject(
    [{ offerId, shown: 'contact', through: 'portal', firstAt: new Date(at) }].slice(0, written),
  );
  // the answer itself
  await readOfferContact(harness.db, keyring, {
    offerId,
    at: after(minutes(5) + 500),
    isOnRecord: contactShown,
  });
  const answered = await onRecord();
  expect(answered).toHaveLength(1);
  expect(answered.slice(0, written)).toEqual(atOnce);
});

describe('a workflow that is restarted', () => {
  const match = (offer: Offer) =>
    harness.activities.matchReferral({
      woken: false,
      referralId: offer.referralId,
      at: textAfter(minutes(40)),
    });

  test.each([
    [[], 'contacted'],
    [['quoted'], 'quoted'],
  ] as const)('after contact%s goes on with the outcome so far', async (reports, outcome) => {
    await seedAgent(harness.db);
    const offer = await accepted();
    for (const [index, report] of (['contacted', ...reports] as const).entries())
      await harness.activities.recordOutcome({
        ...offer,
        outcome: report,
        at: textAfter(minutes(20 + index)),
      });
    expect(await match(offer)).toMatchObject({ offer: { accepted: { phase: 'contacted', outcome } } });
  });

  test('between the end of the offer and the close of the referral asks nobody else, and keeps the outcome', async () => {
    await seedAgent(harness.db);
    await seedAgent(harness.db, { npn: '7700002' });
    const offer = await accepted();
    for (const [index, outcome] of (['contacted', 'enrolled'] as const).entries())
      await harness.activities.recordOutcome({ ...offer, outcome, at: textAfter(minutes(20 + index)) });
    await harness.activities.endOffer({ ...offer, end: 'closed', by: 'agent', at: textAfter(minutes(30)) });
    expect(await match(offer)).toMatchObject({ found: 'over', because: 'closed', outcome: 'enrolled' });
  });
});

describe('the consumer’s report', () => {
  test('that the agent called is first contact, once', async () => {
    await seedAgent(harness.db);
    const offer = await accepted();
    const confirm = () =>
      harness.activities.recordContact({ ...offer, called: true, at: textAfter(minutes(15)) });
    const first = await confirm();
    expect(first).toMatchObject({ phase: 'contacted', stage: 'contacted' });
    expect(await confirm()).toEqual(first);
    expect(await offerRow(offer.offerId)).toMatchObject({
      called: true,
      contactedAt: after(minutes(15)),
      closesAt: after(minutes(15) + hours(24 * 30)),
    });
  });

  test('that nobody called reminds the agent and leaves the clock as it is', async () => {
    await seedAgent(harness.db);
    const offer = await accepted();
    const confirm = () =>
      harness.activities.recordContact({ ...offer, called: false, at: textAfter(minutes(15)) });
    expect(await confirm()).toMatchObject({ phase: 'accepted', stage: 'accepted' });
    await confirm();
    expect(await reminders(offer.referralId)).toHaveLength(1);
    expect((await offerRow(offer.offerId)).contactDueAt).toEqual(after(minutes(65)));
  });
});

describe('an accepted referral that its agent loses', () => {
  test('has its whole time again to find another one', async () => {
    await seedAgent(harness.db);
    const offer = await accepted();
    const late = textAfter(hours(30));
    await harness.activities.endOffer({ ...offer, end: 'another-asked', by: 'consumer', at: late });
    expect(await referralRow(offer.referralId)).toMatchObject({
      budgetEndsAt: after(hours(34)),
      anotherAskedAt: after(hours(30)),
    });
    expect(await hasAskedAnother(harness.db, offer.referralId)).toBe(true);
  });

  test('by a wrong number waits, costs the agent nothing, and goes on once it is corrected', async () => {
    const { npn } = await seedAgent(harness.db);
    const offer = await accepted();
    const { referralId } = offer;
    const end = () =>
      harness.activities.endOffer({ ...offer, end: 'wrong-number', by: 'agent', at: textAfter(hours(1)) });
    const first = await end();
    expect(await end()).toEqual(first);
    expect(
      await harness.db.selectFrom('agents').select('lastOfferedAt').where('npn', '=', npn).executeTakeFirst(),
    ).toEqual({ lastOfferedAt: null });
    expect(await harness.notices({ referralId })).toContain('contact-wrong');

    await seedAgent(harness.db);
    await harness.drainOutbox();
    const waiting = await harness.activities.matchReferral({
      woken: true,
      referralId,
      at: textAfter(hours(2)),
    });
    expect(waiting).toMatchObject({ found: 'not-now', causes: ['contact-wrong'] });
    expect(waiting).toHaveProperty('recheckAt', textAfter(hours(73)));

    const correct = () =>
      correctContact(harness.db, keyring, {
        referralId,
        contact: { email: 'right@example.org' },
        contactKeys: deriveContactKeys('secret', { email: 'right@example.org' }),
        at: after(hours(3)),
        policy: aPolicy(),
      });
    expect(await correct()).toEqual({ was: 'made' });
    expect(await harness.drainOutbox()).toEqual([{ type: 'wake-referral', payload: { referralId } }]);
    expect(
      await harness.activities.matchReferral({ woken: true, referralId, at: textAfter(hours(3)) }),
    ).toMatchObject({
      found: 'offer',
    });
    // the number was somebody else's: it is not called again, and no request is found by it
    const kept = await storedContact(harness.db, referralId);
    expect(kept).toMatchObject({ phone: null, email: 'right@example.org' });
    // correcting a contact that is right already wakes nothing
    expect(await correct()).toEqual({ was: 'made' });
    expect(await harness.drainOutbox()).toEqual([]);
  });
});

test('a number that was wrong is not texted the link to the request', async () => {
  await seedAgent(harness.db);
  const contact = { name: 'Cora Consumer', phone: '+15125550100' };
  const { referralId, offerId } = await seedOffer(harness, { contact, textConsent: true });
  await harness.activities.acceptOffer({ referralId, offerId, at: textAfter(minutes(1)) });
  await harness.activities.endOffer({
    referralId,
    offerId,
    end: 'wrong-number',
    by: 'agent',
    at: textAfter(hours(1)),
  });
  const notices = await harness.db
    .selectFrom('deliveries')
    .innerJoin('notices', 'notices.id', 'deliveries.noticeId')
    .select('channel')
    .where('kind', '=', 'contact-wrong')
    .where('referralId', '=', referralId)
    .execute();
  expect(notices).toEqual([]);
});

describe('a contact that was wrong', () => {
  const both = { name: 'Cora Consumer', phone: '+15125550100', email: 'cora@example.org' };
  async function addWrongContact(
    about: Parameters<typeof seedOffer>[1] = { contact: both, textConsent: true },
  ) {
    await seedAgent(harness.db);
    const offer = await accepted(about);
    await harness.activities.endOffer({
      ...offer,
      end: 'wrong-number',
      by: 'agent',
      at: textAfter(hours(1)),
    });
    return offer.referralId;
  }
  const correct = (referralId: string, change: Omit<Partial<Parameters<typeof correctContact>[2]>, 'at'>) =>
    correctContact(harness.db, keyring, {
      referralId,
      contact: {},
      contactKeys: deriveContactKeys('secret', change.contact ?? {}),
      at: after(hours(2)),
      policy: aPolicy(),
      ...change,
    });
  const contactOf = (referralId: string) => storedContact(harness.db, referralId);
  const channelsOf = async (referralId: string, kind: string) => {
    const rows = await harness.db
      .selectFrom('deliveries')
      .innerJoin('notices', 'notices.id', 'deliveries.noticeId')
      .select('channel')
      .where('kind', '=', kind)
      .where('referralId', '=', referralId)
      .execute();
    return rows.map(({ channel }) => channel);
  };
  const unmetDemand = async () => {
    const span = { from: after(-hours(1)), until: after(hours(1)), limit: 9 };
    return (await demand(harness.db, span)).map(({ unmatched }) => unmatched);
  };
  /** Consents to texts, in the order they were given. */
  const textConsentsOf = async (referralId: string) =>
    harness.db
      .selectFrom('consents')
      .select(['version', 'rescindedAt'])
      .where('referralId', '=', referralId)
      .where('kind', '=', 'texts')
      .orderBy('givenAt')
      .execute();

  test('and is not corrected ends with a notice of its own, by mail alone, and is no unmet demand', async () => {
    const referralId = await addWrongContact();
    await harness.activities.matchReferral({ woken: true, referralId, at: textAfter(hours(2)) });
    expect(
      await harness.activities.matchReferral({ woken: true, referralId, at: textAfter(hours(73)) }),
    ).toMatchObject({
      found: 'over',
    });
    const end = { referralId, stage: 'unmatched', at: textAfter(hours(73)) } as const;
    const { notices, causes } = await harness.activities.closeReferral(end);
    expect(causes).toEqual(['contact-wrong']);
    expect(notices).toContainEqual(expect.objectContaining({ kind: 'unmatched', channels: ['email'] }));
    expect(await unmetDemand()).toEqual([0]);
  });

  test('ends for that reason also where no match ran while it could be corrected', async () => {
    const referralId = await addWrongContact();
    const end = { referralId, stage: 'unmatched', at: textAfter(hours(80)) } as const;
    expect((await harness.activities.closeReferral(end)).causes).toEqual(['contact-wrong']);
    expect(await unmetDemand()).toEqual([0]);
  });

  test('that was the only contact gets no notice at the end: it is somebody else’s', async () => {
    const { phone, email, name } = both;
    for (const [contact, asks] of [
      [{ name, phone }, []],
      [{ name, email }, ['email']],
    ] as const) {
      const referralId = await addWrongContact({ contact, textConsent: true });
      expect(await channelsOf(referralId, 'contact-wrong')).toEqual(asks);
      await harness.activities.closeReferral({ referralId, stage: 'unmatched', at: textAfter(hours(73)) });
      expect(await channelsOf(referralId, 'unmatched')).toEqual([]);
    }
  });

  test.each([
    [true, ['text'], ['text']],
    [false, ['email'], []],
  ])(
    'was the address of a consumer who prefers mail: with consent to texts (%j) the question goes by %j, the end by %j',
    async (textConsent, asks, ends) => {
      const referralId = await addWrongContact({ contact: both, contactBy: 'email', textConsent });
      expect(await channelsOf(referralId, 'contact-wrong')).toEqual(asks);
      await harness.activities.closeReferral({ referralId, stage: 'unmatched', at: textAfter(hours(73)) });
      expect(await channelsOf(referralId, 'unmatched')).toEqual(ends);
    },
  );

  test('can be corrected although no more agents may be asked', async () => {
    harness.activities = activitiesOn(harness.db, aPolicy({ maxOffersPerReferral: 1 }));
    const referralId = await addWrongContact();
    expect(
      await harness.activities.matchReferral({ woken: true, referralId, at: textAfter(hours(2)) }),
    ).toMatchObject({
      found: 'not-now',
      causes: ['contact-wrong'],
    });
  });

  test('takes its consent to texts with it; another number has its own, or none', async () => {
    const referralId = await addWrongContact();
    await correct(referralId, { contact: { phone: '+15125550111' } });
    const before = { version: '2027-1', rescindedAt: after(hours(2)) };
    expect(await textConsentsOf(referralId)).toEqual([before]);
    // it is not about the request itself
    expect(await isConsentRescinded(harness.db, referralId)).toBe(false);
    const textConsent = { language: 'en', version: '2027-1' };
    const standing = { version: '2027-1', rescindedAt: null };
    await correct(referralId, { contact: { phone: '+15125550112' }, textConsent });
    // the consent for the number before stays on record as ended
    expect(await textConsentsOf(referralId)).toEqual([before, standing]);
    // typed or agreed to once more, it is the same number
    await correct(referralId, { contact: { phone: '+15125550112' } });
    await correct(referralId, { contact: { phone: '+15125550112' }, textConsent });
    expect(await textConsentsOf(referralId)).toEqual([before, standing]);
  });

  test('was the address of a consumer who prefers mail: the phone stays', async () => {
    const referralId = await addWrongContact({ contact: both, contactBy: 'email', textConsent: true });
    await correct(referralId, { contact: { email: 'right@example.org' } });
    expect(await contactOf(referralId)).toMatchObject({ phone: both.phone, email: 'right@example.org' });
    expect(await textConsentsOf(referralId)).toMatchObject([{ rescindedAt: null }]);
  });

  test('was the address, and a phone is given instead: the address goes, and the agent calls', async () => {
    const referralId = await addWrongContact({ contact: both, contactBy: 'email' });
    await correct(referralId, { contact: { phone: '+15125550111' } });
    expect(await contactOf(referralId)).toMatchObject({ phone: '+15125550111', email: null });
    expect((await referralRow(referralId)).contactBy).toBe('call');
  });

  test('cannot be corrected once the consent was rescinded', async () => {
    const referralId = await addWrongContact();
    await rescindConsent(harness.db, keyring, { referralId, at: after(hours(2)) });
    expect(await correct(referralId, { contact: { email: 'right@example.org' } })).toEqual({ was: 'over' });
    expect(await contactOf(referralId)).toBeUndefined();
    expect(await harness.db.selectFrom('contactKeys').select('key').execute()).toEqual([]);
  });
});

test('a consumer who gave only a phone and agreed to texts hears by text that the request is closed', async () => {
  const contact = { name: 'Cora Consumer', phone: '+15125550100' };
  const referralId = await seedReferral(harness.db, { contact, textConsent: true });
  const { notices } = await harness.activities.closeReferral({
    referralId,
    stage: 'closed',
    at: textAfter(0),
  });
  expect(notices).toContainEqual(expect.objectContaining({ kind: 'closed', channels: ['text'] }));
});

test('a request whose consent was rescinded is offered to nobody, cannot be accepted, and ends as withdrawn', async () => {
  await seedAgent(harness.db);
  const { referralId, offerId } = await seedOffer(harness);
  await harness.drainOutbox();
  const at = textAfter(minutes(1));
  const rescind = () =>
    harness.db.transaction().execute((tx) => rescindConsent(tx, keyring, { referralId, at: new Date(at) }));
  await rescind();
  await rescind();
  expect(await harness.drainOutbox()).toEqual([{ type: 'withdraw-referral', payload: { referralId } }]);
  await expect(harness.activities.acceptOffer({ referralId, offerId, at })).rejects.toMatchObject({
    type: 'offer-ended',
  });
  await harness.activities.endOffer({ referralId, offerId, end: 'expired', by: 'clock', at });
  expect(await harness.activities.matchReferral({ woken: true, referralId, at })).toMatchObject({
    found: 'over',
  });
  expect(await harness.activities.closeReferral({ referralId, stage: 'unmatched', at })).toMatchObject({
    stage: 'withdrawn',
  });
});

describe('a milestone', () => {
  test('that puts it off moves the day on which it closes by itself, and no other does', async () => {
    await seedAgent(harness.db);
    const offer = await accepted();
    await harness.activities.recordOutcome({ ...offer, outcome: 'contacted', at: textAfter(minutes(20)) });
    const contactedEnd = after(minutes(20) + hours(24 * 30));
    await harness.activities.recordOutcome({ ...offer, outcome: 'quoted', at: textAfter(minutes(30)) });
    expect(await offerRow(offer.offerId)).toMatchObject({ milestone: 'quoted', closesAt: contactedEnd });
    const view = await harness.activities.recordOutcome({
      ...offer,
      outcome: 'deferred',
      until: '2026-12-15',
      at: textAfter(minutes(40)),
    });
    // the day is over at midnight in the Marketplace's zone; from then on 30 days
    expect(view.waitingUntil).toBe('2027-01-15T05:00:00.000Z');
    expect(await offerRow(offer.offerId)).toMatchObject({
      milestone: 'deferred',
      deferredUntil: '2026-12-15',
      closesAt: new Date('2027-01-15T05:00:00Z'),
    });
  });
});

describe('a problem with the agent', () => {
  test('is reported once a kind, listed for ops, and gone when somebody has looked at it', async () => {
    const { npn } = await seedAgent(harness.db);
    const { referralId } = await accepted();
    const offer = await readLastAcceptedOffer(harness.db, referralId);
    if (!offer) throw new Error('nobody has accepted');
    const report = (problem: 'kept-calling' | 'other') =>
      reportProblem(harness.db, { referralId, offer, problem, at: after(hours(1)) });
    await report('kept-calling');
    await report('kept-calling');
    await report('other');
    const [first, second, ...rest] = await readOpenProblems(harness.db, 10);
    expect(rest).toEqual([]);
    expect(new Set([first?.problem, second?.problem])).toEqual(new Set(['kept-calling', 'other']));
    expect(first).toMatchObject({ npn, referralId, ofAgent: 2 });
    const { id: accountId } = await harness.db.selectFrom('accounts').select('id').executeTakeFirstOrThrow();
    const handle = () =>
      markProblemHandled(harness.db, {
        id: first?.id ?? '',
        accountId,
        reason: 'talked with the agent',
        at: after(hours(2)),
      });
    expect([await handle(), await handle()]).toEqual([true, true]);
    expect(await readOpenProblems(harness.db, 10)).toHaveLength(1);
  });

  test('that goes on is a report of its own later, also before anybody has looked at the first', async () => {
    await seedAgent(harness.db);
    const { referralId } = await accepted();
    const offer = await readLastAcceptedOffer(harness.db, referralId);
    if (!offer) throw new Error('nobody has accepted');
    for (const at of [after(hours(1)), after(hours(1) + minutes(9)), after(hours(1) + minutes(10))])
      await reportProblem(harness.db, { referralId, offer, problem: 'kept-calling', at });
    expect((await readOpenProblems(harness.db, 10)).map(({ reportedAt }) => reportedAt)).toEqual([
      after(hours(1)),
      after(hours(1) + minutes(10)),
    ]);
  });
});

test('a consent is rescinded once, with its event', async () => {
  const referralId = await seedReferral(harness.db);
  await rescindConsent(harness.db, keyring, { referralId, at: after(0) });
  await rescindConsent(harness.db, keyring, { referralId, at: after(hours(1)) });
  const kinds = (await harness.events({ kind: 'referral', referralId })).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'consent-rescinded')).toHaveLength(1);
});
