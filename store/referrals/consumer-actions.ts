import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { ProblemKind } from '../../domain/referrals/referral.ts';
import { isRepeatedCommand } from '../../domain/repeated-commands.ts';
import type { Tx } from '../database/connection.ts';
import { destroyReferralKey } from '../encryption/referral-keys.ts';
import { enqueue } from '../outbox.ts';
import { writeStage } from './referral-changes.ts';
import { lockReferral, recordReferralEvent } from './referrals.ts';

/** The offer that a consumer's reports are about: its agent has the referral, or had it last. */
export interface ConsumerOffer {
  id: string;
  npn: string;
  acceptedAt: Date | null;
  contactedAt: Date | null;
  endedAt: Date | null;
  endedAs: string | null;
  called: boolean | null;
  calledReportedAt: Date | null;
}

/** Reads the offer that was accepted last; undefined while no agent has accepted. */
export async function readLastAcceptedOffer(tx: Tx, referralId: string): Promise<ConsumerOffer | undefined> {
  return tx
    .selectFrom('offers')
    .select(['id', 'npn', 'acceptedAt', 'contactedAt', 'endedAt', 'endedAs', 'called', 'calledReportedAt'])
    .where('referralId', '=', referralId)
    .where('acceptedAt', 'is not', null)
    .orderBy('number', 'desc')
    .executeTakeFirst();
}

/** Returns whether the consumer has already asked for another agent, which is possible once. */
export async function hasAskedAnother(tx: Tx, referralId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('referrals')
    .select('anotherAskedAt')
    .where('id', '=', referralId)
    .executeTakeFirst();
  return Boolean(row?.anotherAskedAt);
}

/** Saves a consumer's report of a problem with the agent; the same problem again within ten minutes counts as a repeat. */
export async function reportProblem(
  tx: Tx,
  {
    referralId,
    offer,
    problem,
    at,
  }: { referralId: string; offer: ConsumerOffer; problem: ProblemKind; at: Date },
): Promise<void> {
  await lockReferral(tx, referralId);
  const { id: offerId, npn } = offer;
  const last = await tx
    .selectFrom('problemReports')
    .select('reportedAt')
    .where('offerId', '=', offerId)
    .where('kind', '=', problem)
    .orderBy('reportedAt', 'desc')
    .executeTakeFirst();
  if (isRepeatedCommand(last?.reportedAt, at)) return;
  await tx
    .insertInto('problemReports')
    .values({ id: randomUUID(), referralId, offerId, npn, kind: problem, reportedAt: at })
    .execute();
  const data = { offerId, npn, problem };
  await recordReferralEvent(tx, referralId, { kind: 'problem-reported', at, by: 'consumer', data });
}

/**
 * Rescinds the consents of a referral and deletes the contact. From now on nothing is sent to the consumer and no agent learns
 * who it is; the workflow ends as withdrawn once a worker runs.
 */
export async function rescindConsent(
  tx: Tx,
  { referralId, at }: { referralId: string; at: Date },
): Promise<void> {
  const referral = await lockReferral(tx, referralId);
  const { numUpdatedRows } = await tx
    .updateTable('consents')
    .set({ rescindedAt: at })
    .where('referralId', '=', referralId)
    .where('rescindedAt', 'is', null)
    .executeTakeFirst();
  await deleteConsumerContact(tx, referralId);
  if (numUpdatedRows === 0n) return;
  await recordReferralEvent(tx, referralId, { kind: 'consent-rescinded', at, by: 'consumer', data: {} });
  // no workflow runs before the contact is confirmed
  if (referral?.stage === 'unconfirmed') await writeStage(tx, referral, { stage: 'withdrawn', at });
  else if (!referral?.closedAt) await enqueue(tx, { type: 'withdraw-referral', payload: { referralId } });
}

/** Returns whether the intake consent of a referral was rescinded. */
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

/**
 * Destroys the key of a referral, which erases the consumer's contact, its changes and what agents noted, deletes these rows, the
 * hashes and the codes, and what the consumer said about an agent of theirs.
 */
export async function deleteConsumerContact(tx: Tx, referralId: string): Promise<void> {
  // everything that is encrypted under the key hangs on its row, and the hashes on the contact
  await destroyReferralKey(tx, referralId);
  await tx.deleteFrom('contactCodes').where('referralId', '=', referralId).execute();
  await tx
    .updateTable('referrals')
    .set({ agentWish: null, wishedAgent: null })
    .where('id', '=', referralId)
    .where('agentWish', 'is not', null)
    .execute();
}

/** Counts how often a consumer has reported whether the agent of an offer called. */
export async function countContactReports(
  tx: Tx,
  { referralId, offerId }: { referralId: string; offerId: string },
): Promise<number> {
  const { count } = await tx
    .selectFrom('events')
    .select((row) => row.fn.countAll<number>().as('count'))
    .where('subjectKind', '=', 'referral')
    .where('subjectId', '=', referralId)
    .where('kind', '=', 'contact-answered')
    .where(sql<boolean>`data ->> 'offerId' = ${offerId}`)
    .executeTakeFirstOrThrow();
  return count;
}
