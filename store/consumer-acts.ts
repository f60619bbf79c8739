import { randomUUID } from 'node:crypto';
import type { Policy } from '../domain/policy.ts';
import type { ProblemKind } from '../domain/referral.ts';
import { type ContactKey, keepContactKeys } from './contact-keys.ts';
import type { Tx } from './database.ts';
import { enqueue } from './outbox.ts';
import { holdReferral, recordReferralEvent } from './referrals.ts';
import { lookingFrom } from './start-looking.ts';

/** The offer that a consumer speaks of: the one whose agent has the referral, or had it last. */
export interface OfferOfConsumer {
  id: string;
  npn: string;
  acceptedAt: Date | null;
  contactedAt: Date | null;
  endedAt: Date | null;
  called: boolean | null;
}

/** The offer that was accepted last; undefined while nobody has accepted. */
export async function lastAcceptedOffer(tx: Tx, referralId: string): Promise<OfferOfConsumer | undefined> {
  return tx
    .selectFrom('offers')
    .select(['id', 'npn', 'acceptedAt', 'contactedAt', 'endedAt', 'called'])
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
 * Takes over how a consumer can be reached: what is given replaces what was there. A referral that waits because its
 * contact was wrong has time to look for an agent again, and is woken.
 * @returns false when the referral is over
 */
export async function correctContact(
  tx: Tx,
  {
    referralId,
    contact,
    contactKeys,
    at,
    policy,
  }: {
    referralId: string;
    contact: { phone?: string; email?: string };
    /** Of what is given. */
    contactKeys: readonly ContactKey[];
    at: Date;
    policy: Policy;
  },
): Promise<boolean> {
  const referral = await holdReferral(tx, referralId);
  if (!referral || referral.closedAt) return false;
  await tx
    .updateTable('consumerContacts')
    .set({ ...contact, ...(contact.email ? { emailUndeliverableAt: null } : {}) })
    .where('referralId', '=', referralId)
    .execute();
  await keepContactKeys(tx, { referralId, keys: contactKeys });
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

/** Keeps what a consumer reports of the agent; the same problem with the same agent is reported once. */
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
  const written = await tx
    .insertInto('problemReports')
    .values({ id: randomUUID(), referralId, offerId, npn, kind: problem, reportedAt: at })
    .onConflict((conflict) => conflict.columns(['offerId', 'kind']).doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!written) return;
  const data = { offerId, npn, problem };
  await recordReferralEvent(tx, referralId, { kind: 'problem-reported', at, by: 'consumer', data });
}

/** Takes the consent back: from now on nothing is sent to the consumer about this referral. */
export async function rescindConsent(
  tx: Tx,
  { referralId, at }: { referralId: string; at: Date },
): Promise<void> {
  await holdReferral(tx, referralId);
  const { numUpdatedRows } = await tx
    .updateTable('consents')
    .set({ rescindedAt: at })
    .where('referralId', '=', referralId)
    .where('rescindedAt', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows > 0n)
    await recordReferralEvent(tx, referralId, { kind: 'consent-rescinded', at, by: 'consumer', data: {} });
}

/** Forgets who the consumer is, once nobody is to reach them any more. */
export async function forgetContact(tx: Tx, referralId: string): Promise<void> {
  await tx.deleteFrom('consumerContacts').where('referralId', '=', referralId).execute();
}
