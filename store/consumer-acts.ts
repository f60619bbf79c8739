import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { ContactChannel, PhoneChannel } from '../domain/contact.ts';
import type { ContactWay } from '../domain/contact-times.ts';
import type { Policy } from '../domain/policy.ts';
import type { ProblemKind } from '../domain/referral.ts';
import { isSentAgain } from '../domain/repeats.ts';
import { keepConsents, type ReadConsent } from './consents.ts';
import { readConsumerContact } from './consumer-contact.ts';
import { sendContactCodes } from './contact-codes.ts';
import { type ContactKey, keepContactKeys } from './contact-keys.ts';
import type { Tx } from './database.ts';
import { enqueue } from './outbox.ts';
import { enterStage, holdReferral, recordReferralEvent } from './referrals.ts';
import { lookingFrom } from './start-looking.ts';

/** Where a consumer's phone and address are kept, by what goes there. */
const fields = { text: 'phone', email: 'email' } as const satisfies Record<ContactChannel, string>;

/** The offer that a consumer speaks of: the one whose agent has the referral, or had it last. */
export interface OfferOfConsumer {
  id: string;
  npn: string;
  acceptedAt: Date | null;
  contactedAt: Date | null;
  endedAt: Date | null;
  endedAs: string | null;
  called: boolean | null;
  calledToldAt: Date | null;
}

/** The offer that was accepted last; undefined while nobody has accepted. */
export async function lastAcceptedOffer(tx: Tx, referralId: string): Promise<OfferOfConsumer | undefined> {
  return tx
    .selectFrom('offers')
    .select(['id', 'npn', 'acceptedAt', 'contactedAt', 'endedAt', 'endedAs', 'called', 'calledToldAt'])
    .where('referralId', '=', referralId)
    .where('acceptedAt', 'is not', null)
    .orderBy('number', 'desc')
    .executeTakeFirst();
}

/** Whether the consumer has asked for another agent already: that is possible once. */
export async function hasAskedAnother(tx: Tx, referralId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('referrals')
    .select('anotherAskedAt')
    .where('id', '=', referralId)
    .executeTakeFirst();
  return Boolean(row?.anotherAskedAt);
}

/**
 * Takes over how a consumer can be reached: what is given replaces what was there. The consent to texts was for the
 * number before; another one is texted only with a consent of its own. A referral that waits because its contact was
 * wrong has time to look for an agent again, and is woken.
 * @returns false when the referral is over, or the consent to it was taken back
 */
export async function correctContact(
  tx: Tx,
  {
    referralId,
    contact,
    textConsent,
    contactKeys,
    phoneOver,
    at,
    policy,
  }: {
    referralId: string;
    contact: { phone?: string; email?: string };
    /** That we text to the phone that is given. */
    textConsent?: Pick<ReadConsent, 'language' | 'version'> | undefined;
    /** Of what is given. */
    contactKeys: readonly ContactKey[];
    /** How a code reaches the phone that is given. */
    phoneOver?: PhoneChannel | undefined;
    at: Date;
    policy: Policy;
  },
): Promise<boolean> {
  const referral = await holdReferral(tx, referralId);
  if (!referral || referral.closedAt || (await isConsentRescinded(tx, referralId))) return false;
  const before = await readConsumerContact(tx, referralId);
  // what was wrong is somebody else's: it goes, unless another one is given
  const dropped = before?.wrong && contact[fields[before.wrong]] === undefined ? before.wrong : undefined;
  if (dropped === 'text' || (contact.phone && contact.phone !== before?.phone))
    await endTextConsent(tx, { referralId, at });
  if (textConsent) await giveTextConsent(tx, { referralId, textConsent, at });
  await tx
    .updateTable('consumerContacts')
    .set({
      ...contact,
      ...(contact.email ? { emailUndeliverableAt: null } : {}),
      ...(dropped ? { [fields[dropped]]: null } : {}),
    })
    .where('referralId', '=', referralId)
    .execute();
  if (dropped) await dropChannel(tx, { referralId, dropped });
  await keepContactKeys(tx, { referralId, keys: contactKeys });
  // codes that were sent to what was there before confirm nothing of what is there now
  if (referral.stage === 'unconfirmed') await sendContactCodes(tx, { referralId, phoneOver, at, policy });
  await recordReferralEvent(tx, referralId, { kind: 'contact-corrected', at, by: 'consumer', data: {} });
  if (!referral.contactWrongAt) return true;
  await tx
    .updateTable('referrals')
    .set({ contactWrongAt: null, ...lookingFrom(at, referral.timeZone, policy) })
    .where('id', '=', referralId)
    .execute();
  await enqueue(tx, { deed: 'wake-referral', subject: { referralId } });
  return true;
}

/** The number that was agreed to is not the consumer's any more. */
async function endTextConsent(tx: Tx, { referralId, at }: { referralId: string; at: Date }): Promise<void> {
  await tx
    .updateTable('consents')
    .set({ rescindedAt: at })
    .where('referralId', '=', referralId)
    .where('kind', '=', 'texts')
    .where('rescindedAt', 'is', null)
    .execute();
}

/** By whoever gave the consent to the request: the link is theirs. One that stands for older words stays on record as ended. */
async function giveTextConsent(
  tx: Tx,
  {
    referralId,
    textConsent,
    at: givenAt,
  }: { referralId: string; textConsent: Pick<ReadConsent, 'language' | 'version'>; at: Date },
): Promise<void> {
  const standing = await tx
    .selectFrom('consents')
    .select(['language', 'version'])
    .where('referralId', '=', referralId)
    .where('kind', '=', 'texts')
    .where('rescindedAt', 'is', null)
    .executeTakeFirst();
  if (standing?.version === textConsent.version && standing.language === textConsent.language) return;
  await endTextConsent(tx, { referralId, at: givenAt });
  const { givenBy } = await tx
    .selectFrom('consents')
    .select('givenBy')
    .where('referralId', '=', referralId)
    .where('kind', '=', 'intake')
    .executeTakeFirstOrThrow();
  const by = givenBy as ReadConsent['givenBy'];
  await keepConsents(tx, [{ referralId, kind: 'texts', ...textConsent, givenBy: by, givenAt }]);
}

/** Nobody is known again by that number or address, nor reached at it: what was given instead is the other one. */
async function dropChannel(
  tx: Tx,
  { referralId, dropped }: { referralId: string; dropped: ContactChannel },
): Promise<void> {
  await tx
    .deleteFrom('contactKeys')
    .where('referralId', '=', referralId)
    .where('channel', '=', dropped)
    .execute();
  const contactBy: ContactWay = dropped === 'text' ? 'email' : 'call';
  await tx.updateTable('referrals').set({ contactBy }).where('id', '=', referralId).execute();
}

/** Saves what a consumer reports of the agent; the same problem within ten minutes is the first report, sent again. */
export async function reportProblem(
  tx: Tx,
  {
    referralId,
    offer,
    problem,
    at,
  }: { referralId: string; offer: OfferOfConsumer; problem: ProblemKind; at: Date },
): Promise<void> {
  await holdReferral(tx, referralId);
  const { id: offerId, npn } = offer;
  const last = await tx
    .selectFrom('problemReports')
    .select('reportedAt')
    .where('offerId', '=', offerId)
    .where('kind', '=', problem)
    .orderBy('reportedAt', 'desc')
    .executeTakeFirst();
  if (isSentAgain(last?.reportedAt, at)) return;
  await tx
    .insertInto('problemReports')
    .values({ id: randomUUID(), referralId, offerId, npn, kind: problem, reportedAt: at })
    .execute();
  const data = { offerId, npn, problem };
  await recordReferralEvent(tx, referralId, { kind: 'problem-reported', at, by: 'consumer', data });
}

/**
 * Takes the consent back: from now on nothing is sent to the consumer about this referral, nobody learns who it is, and
 * the story ends as withdrawn, however long a worker is away.
 */
export async function rescindConsent(
  tx: Tx,
  { referralId, at }: { referralId: string; at: Date },
): Promise<void> {
  const referral = await holdReferral(tx, referralId);
  const { numUpdatedRows } = await tx
    .updateTable('consents')
    .set({ rescindedAt: at })
    .where('referralId', '=', referralId)
    .where('rescindedAt', 'is', null)
    .executeTakeFirst();
  await forgetContact(tx, referralId);
  if (numUpdatedRows === 0n) return;
  await recordReferralEvent(tx, referralId, { kind: 'consent-rescinded', at, by: 'consumer', data: {} });
  // no story runs before the contact is confirmed
  if (referral?.stage === 'unconfirmed') await enterStage(tx, referral, { stage: 'withdrawn', at });
  else if (!referral?.closedAt) await enqueue(tx, { deed: 'withdraw-referral', subject: { referralId } });
}

/** Whether the consent of a referral was taken back. */
export async function isConsentRescinded(tx: Tx, referralId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('consents')
    .select('referralId')
    .where('referralId', '=', referralId)
    .where('kind', '=', 'intake')
    .where('rescindedAt', 'is not', null)
    .executeTakeFirst();
  return row !== undefined;
}

/** Forgets who the consumer is, and by what the same one would be known again. */
export async function forgetContact(tx: Tx, referralId: string): Promise<void> {
  await tx.deleteFrom('consumerContacts').where('referralId', '=', referralId).execute();
  await tx.deleteFrom('contactKeys').where('referralId', '=', referralId).execute();
  await tx.deleteFrom('contactCodes').where('referralId', '=', referralId).execute();
}

/** How often a consumer has said whether the agent of an offer called. */
export async function wordsOnContact(
  tx: Tx,
  { referralId, offerId }: { referralId: string; offerId: string },
): Promise<number> {
  const { count } = await tx
    .selectFrom('events')
    .select((row) => row.fn.countAll<number>().as('count'))
    .where('subjectKind', '=', 'referral')
    .where('subjectId', '=', referralId)
    .where('kind', '=', 'contact-told')
    .where(sql<boolean>`data ->> 'offerId' = ${offerId}`)
    .executeTakeFirstOrThrow();
  return count;
}
