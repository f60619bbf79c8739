import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { syncAgent } from '../../store/agents/agents.ts';
import { eraseAgent, readOverdueAgents } from '../../store/agents/overdue-agents.ts';
import { readConsentRecord } from '../../store/encryption/consent-records.ts';
import { readDestroyedKeys } from '../../store/encryption/destroyed-keys.ts';
import { readDeletionBacklog } from '../../store/ops/retention.ts';
import { rescindConsent } from '../../store/referrals/consumer-actions.ts';
import { saveNotes } from '../../store/referrals/offers/notes.ts';
import {
  type ActivityHarness,
  after,
  aPolicy,
  hours,
  minutes,
  monday,
  openActivityHarness,
  textAfter,
} from '../harness/activity-harness.ts';
import { cleanUp } from '../harness/clean-up.ts';
import { keyring } from '../harness/keyring.ts';
import { storedContact } from '../harness/people/contacts.ts';
import { seedAgent, seedOffer, seedReferral } from '../harness/people/fixtures.ts';
import { addOffer } from '../harness/people/people.ts';
import { asOwner } from '../harness/servers/postgres.ts';

let harness: ActivityHarness;
beforeAll(async () => {
  harness = await openActivityHarness();
});
afterAll(() => harness.close());

const days = (count: number) => hours(24 * count);
const contact = { name: 'Cora Consumer', phone: '+15125550142', email: 'cora@example.org' };

/** Closes a referral as its workflow does. */
const close = (referralId: string, at: Date) =>
  harness.activities.closeReferral({ referralId, stage: 'unmatched', at: at.toISOString() });

const listed = async (referralId: string) =>
  (await readDestroyedKeys(harness.db, { after: undefined, limit: 1_000 })).find(
    (one) => one.referralId === referralId,
  );

describe('the consumer of a referral that ended', () => {
  test('is erased 90 days later, and no earlier; who consented stays on record for ten years', async () => {
    const referralId = await seedReferral(harness.db, {
      contact,
      contactKeys: [{ channel: 'text', key: 'k' }],
    });
    await close(referralId, after(hours(1)));
    const end = after(hours(1) + days(90));

    await cleanUp(harness, new Date(end.getTime() - 1));
    expect(await storedContact(harness.db, referralId)).toEqual(contact);
    expect(await readConsentRecord(harness.db, keyring, referralId)).toBeUndefined();

    const { infos, warnings } = await cleanUp(harness, end);
    expect(warnings).toEqual([]);
    expect(infos).toEqual([{ referralId, because: 'ended', destroyedAt: end.toISOString() }]);
    expect(await storedContact(harness.db, referralId)).toBeUndefined();
    for (const table of ['referralKeys', 'consumerContacts', 'contactKeys'] as const)
      expect(
        await harness.db
          .selectFrom(table)
          .select('referralId')
          .where('referralId', '=', referralId)
          .execute(),
      ).toEqual([]);
    expect(await listed(referralId)).toEqual({ referralId, because: 'ended', at: end });
    const record = await readConsentRecord(harness.db, keyring, referralId);
    expect(record).toEqual({ ...contact, deleteAt: expect.any(Date) });
    expect(record?.deleteAt.getFullYear()).toBe(end.getFullYear() + 10);

    // a second time there is nothing to do
    expect((await cleanUp(harness, end)).infos).toEqual([]);
    await cleanUp(harness, record?.deleteAt ?? end);
    expect(await readConsentRecord(harness.db, keyring, referralId)).toBeUndefined();
    // and by then nothing is left of the request at all
    expect(
      await harness.db.selectFrom('referrals').select('id').where('id', '=', referralId).execute(),
    ).toEqual([]);
  });

  test('stays as long as the policy said when it ended, whatever the policy is later', async () => {
    const referralId = await seedReferral(harness.db, { contact });
    await close(referralId, monday);
    const shorter = aPolicy({ contactKeptAfterEndMs: days(1) });
    await cleanUp(harness, after(days(2)), { policy: shorter });
    expect(await storedContact(harness.db, referralId)).toEqual(contact);
  });

  test('who is locked, because ops read them, is erased by the next pass', async () => {
    const referralId = await seedReferral(harness.db, { contact });
    await close(referralId, monday);
    const at = after(days(90));
    await harness.db.transaction().execute(async (tx) => {
      await tx.selectFrom('referrals').select('id').where('id', '=', referralId).forUpdate().execute();
      expect((await cleanUp(harness, at)).warnings).toEqual([]);
      expect(await storedContact(harness.db, referralId)).toEqual(contact);
    });
    await cleanUp(harness, at);
    expect(await storedContact(harness.db, referralId)).toBeUndefined();
  });

  test('and is overdue is counted by a gauge', async () => {
    const referralId = await seedReferral(harness.db, { contact });
    await close(referralId, new Date(Date.now() - days(91)));
    const { 'ended-referrals': late } = await readDeletionBacklog(harness.db, aPolicy());
    expect(late.count).toBe(1);
    expect(late.oldestSeconds).toBeGreaterThan(86_000);
    await cleanUp(harness, new Date());
  });
});

describe('a consumer who takes the consent back', () => {
  test('is erased at once, with what agents noted; the record of the consent names them', async () => {
    await seedAgent(harness.db);
    const offer = await seedOffer(harness, { contact });
    const { referralId, offerId } = offer;
    await harness.activities.acceptOffer({ ...offer, at: textAfter(minutes(5)) });
    const notes = { offerId, referralId, text: 'likes mornings', updatedAt: null, at: after(minutes(6)) };
    await saveNotes(harness.db, keyring, notes);
    const at = after(minutes(9));
    await harness.db.transaction().execute((tx) => rescindConsent(tx, keyring, { referralId, at }));
    expect(await storedContact(harness.db, referralId)).toBeUndefined();
    expect(await harness.db.selectFrom('referralNotes').selectAll().execute()).toEqual([]);
    expect(await readConsentRecord(harness.db, keyring, referralId)).toMatchObject(contact);
    expect(await listed(referralId)).toEqual({ referralId, because: 'rescinded', at });
  });

  test('before anybody confirmed the contact leaves no record of a person', async () => {
    const policy = aPolicy({ confirmConsumerContact: true });
    const referralId = await seedReferral(harness.db, { contact, policy });
    const at = after(minutes(9));
    await harness.db.transaction().execute((tx) => rescindConsent(tx, keyring, { referralId, at }));
    expect(await readConsentRecord(harness.db, keyring, referralId)).toBeUndefined();
  });
});

describe('an agent', () => {
  /** Ends the onboarding of an agent, as the review does of one who left or did not register again. */
  const ended = async (at: Date) => {
    const { npn, planYear } = await seedAgent(harness.db);
    await asOwner(
      harness,
      `update onboardings set stage = 'left', closed_at = '${at.toISOString()}' where npn = '${npn}'`,
    );
    return { npn, planYear };
  };
  const row = (npn: string) =>
    harness.db.selectFrom('agents').selectAll().where('npn', '=', npn).executeTakeFirstOrThrow();

  test('is erased a year after their last onboarding ended, and no earlier; the terms they accepted stay', async () => {
    const { npn } = await ended(monday);
    const subscription = { endpoint: randomUUID(), p256dh: '-', auth: '-', createdAt: monday, npn };
    await harness.db.insertInto('pushSubscriptions').values(subscription).execute();
    const { id: accountId } = await harness.db
      .selectFrom('accounts')
      .select('id')
      .where('npn', '=', npn)
      .executeTakeFirstOrThrow();
    const session = { tokenSha256: randomUUID(), accountId, createdAt: monday, expiresAt: after(days(400)) };
    await harness.db.insertInto('sessions').values(session).execute();

    await cleanUp(harness, after(days(365) - 1));
    expect(await row(npn)).toMatchObject({ erasedAt: null, phone: '+15125550100' });
    expect((await cleanUp(harness, after(days(365)))).warnings).toEqual([]);
    expect(await row(npn)).toMatchObject({
      firstName: 'Former',
      lastName: 'agent',
      email: '',
      phone: null,
      zip: null,
      lat: null,
      languages: [],
      registeredAt: null,
      erasedAt: after(days(365)),
    });
    for (const table of ['accounts', 'pushSubscriptions'] as const)
      expect(await harness.db.selectFrom(table).select('npn').where('npn', '=', npn).execute()).toEqual([]);
    expect(
      await harness.db.selectFrom('sessions').select('id').where('accountId', '=', accountId).execute(),
    ).toEqual([]);
    const terms = await harness.db
      .selectFrom('termsAcceptances')
      .select(['kind', 'accountId'])
      .where('npn', '=', npn)
      .execute();
    expect(terms.map((one) => one.accountId)).toEqual([null, null]);
  });

  test('who has an open onboarding, or came back meanwhile, is left', async () => {
    const { npn, planYear } = await ended(monday);
    const next = { npn, planYear: planYear + 1, since: monday, createdAt: after(days(300)) };
    await harness.db.insertInto('onboardings').values(next).execute();
    const at = after(days(500));
    const policy = aPolicy();
    expect(await readOverdueAgents(harness.db, { at, except: new Set(), limit: 100, policy })).not.toContain(
      npn,
    );
    expect(await harness.db.transaction().execute((tx) => eraseAgent(tx, { npn, at, policy }))).toBe(false);
    expect(await row(npn)).toMatchObject({ erasedAt: null });
  });

  test('is deleted ten years later, with onboardings, invitations and terms, unless an offer or a feed still names them', async () => {
    const [helper, other] = [await ended(monday), await ended(monday)];
    const both = [helper.npn, other.npn];
    const referralId = await seedReferral(harness.db);
    const offerId = await addOffer(harness.db, { referralId, npn: helper.npn, endedAs: 'declined' });
    const left = async (table: 'agents' | 'onboardings' | 'invitations' | 'termsAcceptances') =>
      (await harness.db.selectFrom(table).select('npn').distinct().where('npn', 'in', both).execute()).map(
        ({ npn }) => npn,
      );
    const instants = { issuedAt: monday, remindAt: monday, expiresAt: monday, endedAt: monday };
    for (const { npn, planYear } of [helper, other])
      await harness.db
        .insertInto('invitations')
        .values({
          id: randomUUID(),
          npn,
          planYear,
          number: 1,
          tokenSha256: randomUUID(),
          sentTo: '-',
          ...instants,
          endedAs: 'registered',
          policyVersion: '-',
        })
        .execute();
    await cleanUp(harness, after(days(365)));

    // the feed of training still names both
    await cleanUp(harness, after(days(3_653)));
    expect(await left('onboardings')).toHaveLength(2);
    await asOwner(harness, `delete from training_completions where npn in ('${both.join("', '")}')`);
    await cleanUp(harness, after(days(3_653) - 1));
    expect(await left('onboardings')).toHaveLength(2);
    expect((await cleanUp(harness, after(days(3_653)))).warnings).toEqual([]);
    expect([await left('onboardings'), await left('invitations')]).toEqual([[], []]);

    await cleanUp(harness, after(days(365 + 3_653) - 1));
    expect(await left('agents')).toHaveLength(2);
    expect((await cleanUp(harness, after(days(365 + 3_653)))).warnings).toEqual([]);
    expect([await left('agents'), await left('termsAcceptances')]).toEqual([[helper.npn], [helper.npn]]);
    await asOwner(harness, `delete from offers where id = '${offerId}'`);
    await cleanUp(harness, after(days(365 + 3_653)));
    expect(await left('agents')).toEqual([]);
  });

  test('who was erased and comes back has the name and address of the feed, and no notice goes to the one before', async () => {
    const { npn } = await ended(monday);
    await cleanUp(harness, after(days(365)));
    const at = after(days(400));
    expect(await harness.db.transaction().execute((tx) => syncAgent(tx, { npn, at }))).toBeUndefined();
    const back = await row(npn);
    expect(back.erasedAt).toBeNull();
    expect(back.email).toContain('@');
  });
});
