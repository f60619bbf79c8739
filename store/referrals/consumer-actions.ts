import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { ProblemKind } from '../../domain/referrals/referral.ts';
import { isRepeatedCommand } from '../../domain/repeated-commands.ts';
import type { Tx } from '../database/connection.ts';
import { saveConsentRecord } from '../encryption/consent-records.ts';
import type { Keyring } from '../encryption/keyring.ts';
import { enqueue } from '../outbox.ts';
import { eraseConsumer } from './erasure/erasure.ts';
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
 * Rescinds the consents of a referral and erases the consumer, except from the record of the consent. From now on nothing is
 * sent to them and no agent learns who it is; the workflow ends as withdrawn once a worker runs.
 */
export async function rescindConsent(
  tx: Tx,
  keyring: Pick<Keyring, 'masterKeys'>,
  { referralId, at }: { referralId: string; at: Date },
): Promise<void> {
  const referral = await lockReferral(tx, referralId);
  const { numUpdatedRows } = await tx
    .updateTable('consents')
    .set({ rescindedAt: at })
    .where('referralId', '=', referralId)
    .where('rescindedAt', 'is', null)
    .executeTakeFirst();
  // who typed the contact of a request that nobody confirmed is not known
  if (referral?.stage !== 'unconfirmed') await saveConsentRecord(tx, keyring, { referralId, at });
  await eraseConsumer(tx, { referralId, at, because: 'rescinded' });
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
