import { sql } from 'kysely';
import type { NoticeKind } from '../../domain/notifications/notices.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Tx } from '../database/connection.ts';
import type { Keyring } from '../encryption/keyring.ts';
import { lockOnboardingsOf } from '../onboarding/onboardings.ts';
import {
  agentsWithMailTo,
  recordReturnedInvitation,
  recordReturnedMail,
} from '../onboarding/returned-mail.ts';
import { enqueueOfferUnreachable } from '../referrals/offers/offers.ts';
import type { Delivery } from './deliveries.ts';

/** The attempt that a report is about: by our own id, or by the provider's if ours was lost on the way. */
export interface ReportedAttempt {
  attemptId?: string | undefined;
  providerMessageId?: string | undefined;
}

/** A provider's report that a message is on its way, or has arrived. */
export interface ProgressReport extends ReportedAttempt {
  status: 'sent' | 'delivered';
  at: Date;
}

/** A provider's report that a message has failed, or that its recipient complained about it. */
export interface FailureReport extends ReportedAttempt {
  status: 'refused' | 'bounced' | 'complained';
  /** The provider's code for the reason. */
  code?: string;
  /** For mail that bounced permanently or was complained about: its recipients. */
  addresses?: readonly string[];
  at: Date;
}

type DeliveryReport = ProgressReport | FailureReport;

/**
 * The statuses from which a delivery may go to each reported one. Reports arrive in any order and more than once, even before
 * we have recorded that the provider accepted the message; a report that would lead backwards changes nothing. Delivered mail
 * can still bounce, fail or be complained about; for a text the first outcome is final.
 */
const allowedFrom: Readonly<Record<DeliveryReport['status'], readonly Delivery['status'][]>> = {
  sent: ['pending'],
  delivered: ['pending', 'sent'],
  refused: ['pending', 'sent'],
  bounced: ['pending', 'sent', 'delivered'],
  complained: ['pending', 'sent', 'delivered'],
};

/**
 * Records that a message is on its way or has arrived, which concerns nothing but its delivery. Most reports of the first
 * kind say what we have recorded ourselves, so they are only read.
 */
export async function recordProgress(db: Tx, report: ProgressReport): Promise<void> {
  if (report.status === 'delivered' || (await isPending(db, report))) await moveDelivery(db, report);
}

async function isPending(tx: Tx, attempt: ReportedAttempt): Promise<boolean> {
  const query = tx
    .selectFrom('deliveries')
    .select('id')
    .where((row) => row.and(attemptFilter(attempt)));
  return (await query.where('status', '=', 'pending').executeTakeFirst()) !== undefined;
}

/** Moves a delivery to the status that is reported, if it may go there. @returns what was sent; undefined if it may not */
async function moveDelivery(tx: Tx, report: DeliveryReport) {
  const { status, at } = report;
  return tx
    .updateTable('deliveries')
    .set({
      status,
      code: ('code' in report && report.code) || null,
      providerMessageId: sql<string>`coalesce(provider_message_id, ${report.providerMessageId ?? null})`,
      changedAt: at,
    })
    .where((row) => row.and(attemptFilter(report)))
    .where((row) =>
      row.or([
        row('status', 'in', allowedFrom[status]),
        // a mail server can take a message and give it up afterwards
        ...(status === 'refused' ? [row.and({ status: 'delivered', channel: 'email' })] : []),
      ]),
    )
    .returning(['noticeId', 'channel'])
    .executeTakeFirst();
}

/**
 * Applies the report of a failure and its consequences: no more mail goes to an address that returns it, and an undeliverable
 * invitation ends. A repeated report, or one about an unknown message, changes nothing.
 * @returns whether anything changed, including a code for a failure that was first reported without one
 */
export async function applyFailureReport(
  tx: Tx,
  keyring: Keyring,
  report: FailureReport,
  { invitationRetryAfterMs }: Pick<Policy, 'invitationRetryAfterMs'>,
): Promise<boolean> {
  const { status, code, addresses = [], at } = report;
  await lockAffectedOnboardings(tx, report);
  const moved = await moveDelivery(tx, report);
  if (!moved && status === 'refused') return addFailureCode(tx, report);
  if (moved?.channel === 'email') {
    // a refusal concerns this one mail, so the same address is tried again
    const retryAfterMs = status === 'refused' ? invitationRetryAfterMs : [];
    await endReturnedInvitation(tx, { noticeId: moved.noticeId, code, at, retryAfterMs });
  }
  if (moved && status !== 'complained') await enqueueOfferUnreachable(tx, moved.noticeId);
  if (status !== 'refused') await recordReturnedMail(tx, keyring, { addresses, report: status, code, at });
  return moved !== undefined;
}

/**
 * Adds the provider's numeric code to a failure that was reported without one: Twilio may report `undelivered` first and then
 * `failed` with 21610. A code stored so far that is not numeric is only the provider's word for the status.
 */
async function addFailureCode(tx: Tx, { code, at, ...attempt }: FailureReport): Promise<boolean> {
  if (code === undefined || !/^\d+$/.test(code)) return false;
  const filled = await tx
    .updateTable('deliveries')
    .set({ code, changedAt: at })
    .where((row) => row.and(attemptFilter(attempt)))
    .where('status', '=', 'refused')
    .where('channel', '=', 'text')
    .where((row) => row.or([row('code', 'is', null), row('code', '!~', '^[0-9]+$')]))
    .returning('id')
    .executeTakeFirst();
  return filled !== undefined;
}

/**
 * Locks the onboardings of every agent whom a failure can concern, before any notice or delivery: the lock order that a
 * deactivation by ops follows too (docs/decisions/0031-lock-order.md).
 */
async function lockAffectedOnboardings(tx: Tx, report: FailureReport): Promise<void> {
  const invited = await tx
    .selectFrom('deliveries')
    .innerJoin('notices', 'notices.id', 'deliveries.noticeId')
    .select('npn')
    .where((row) =>
      row.and(
        report.attemptId === undefined
          ? { providerMessageId: report.providerMessageId }
          : { 'deliveries.id': report.attemptId },
      ),
    )
    .where('notices.kind', '=', 'invitation')
    .execute();
  const npns = invited.flatMap(({ npn }) => npn ?? []);
  const returned = await agentsWithMailTo(tx, report.addresses ?? []);
  await lockOnboardingsOf(tx, [...npns, ...returned]);
  if (returned.length > 0)
    await tx
      .selectFrom('agents')
      .select('npn')
      .where('npn', 'in', returned)
      .orderBy('npn')
      .forNoKeyUpdate()
      .execute();
}

/** Records why a message is late. It may still arrive, so nothing else changes. */
export async function recordDeliveryDelay(
  tx: Tx,
  { code, at, ...attempt }: ReportedAttempt & { code: string; at: Date },
): Promise<void> {
  await tx
    .updateTable('deliveries')
    .set({ code, changedAt: at })
    .where((row) => row.and(attemptFilter(attempt)))
    .where('status', 'in', ['pending', 'sent'])
    .execute();
}

/**
 * Claims an SNS message by its id, so that it is processed once: a repeat may come after what it reports was corrected.
 * @param deleteBefore ids from before are deleted, since messages that old are not accepted any more
 * @returns false if the message was processed before
 */
export async function claimReport(
  tx: Tx,
  { messageId, at, deleteBefore }: { messageId: string; at: Date; deleteBefore: Date },
): Promise<boolean> {
  await tx.deleteFrom('processedReports').where('processedAt', '<', deleteBefore).execute();
  const added = await tx
    .insertInto('processedReports')
    .values({ messageId, processedAt: at })
    .onConflict((conflict) => conflict.column('messageId').doNothing())
    .returning('messageId')
    .executeTakeFirst();
  return added !== undefined;
}

const attemptFilter = ({ attemptId, providerMessageId = '' }: ReportedAttempt) =>
  attemptId === undefined ? { providerMessageId } : { id: attemptId };

/** Ends the invitation if this was its own mail. If a reminder bounces, the link has reached the agent before. */
async function endReturnedInvitation(
  tx: Tx,
  {
    noticeId,
    ...report
  }: { noticeId: string; code: string | undefined; at: Date; retryAfterMs: readonly number[] },
): Promise<void> {
  const { kind, invitationId } = await tx
    .selectFrom('notices')
    .select(['kind', 'invitationId'])
    .where('id', '=', noticeId)
    .executeTakeFirstOrThrow();
  const isInvitation = (kind as NoticeKind) === 'invitation';
  if (isInvitation && invitationId) await recordReturnedInvitation(tx, { invitationId, ...report });
}
