import { sql } from 'kysely';
import type { NoticeKind } from '../../domain/notifications/notices.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Tx } from '../database/connection.ts';
import { lockOnboardingsOf } from '../onboarding/onboardings.ts';
import {
  agentsWithMailTo,
  recordReturnedInvitation,
  recordReturnedMail,
} from '../onboarding/returned-mail.ts';
import { enqueueOfferUnreachable } from '../referrals/offers.ts';
import type { Delivery } from './deliveries.ts';

/** Which attempt a report is about: by the id that we gave it, or where that got lost by the provider's own. */
export interface ReportedAttempt {
  attemptId?: string | undefined;
  providerMessageId?: string | undefined;
}

/** What a provider told of a message after it took it. */
export interface DeliveryReport extends ReportedAttempt {
  status: 'sent' | 'delivered' | 'refused' | 'bounced' | 'complained';
  /** Why, in the provider's own code. */
  code?: string;
  /** Of mail that came back for good or was complained about: the addresses it went to. */
  addresses?: readonly string[];
  at: Date;
}

/**
 * From where a delivery may come to each state. Reports arrive in any order and more than once, and one can be
 * faster than our own note that the provider took the message: whatever would lead backwards changes nothing. Mail
 * that was delivered can still come back, fail or be complained about; for a text the first outcome is the last.
 */
const allowedFrom: Readonly<Record<DeliveryReport['status'], readonly Delivery['status'][]>> = {
  sent: ['pending'],
  delivered: ['pending', 'sent'],
  refused: ['pending', 'sent'],
  bounced: ['pending', 'sent', 'delivered'],
  complained: ['pending', 'sent', 'delivered'],
};

/**
 * Takes a report in, with what follows from it: an address that returns mail is not mailed again, and an invitation
 * that nobody will take ends. A repeat, and a report about a message that is not ours, change nothing.
 * @returns whether it was news; so is the code of a failure that was told without one
 */
export async function applyDeliveryReport(
  tx: Tx,
  report: DeliveryReport,
  { invitationRetryAfterMs }: Pick<Policy, 'invitationRetryAfterMs'>,
): Promise<boolean> {
  const { status, code, addresses = [], at } = report;
  await lockAffectedOnboardings(tx, report);
  const moved = await tx
    .updateTable('deliveries')
    .set({
      status,
      code: code ?? null,
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
  if (!moved && status === 'refused') return addFailureCode(tx, report);
  if (
    moved?.channel === 'email' &&
    (status === 'refused' || status === 'bounced' || status === 'complained')
  ) {
    // what is refused is the one mail, and the address is good
    const retryAfterMs = status === 'refused' ? invitationRetryAfterMs : [];
    await endReturnedInvitation(tx, { noticeId: moved.noticeId, code, at, retryAfterMs });
  }
  if (moved && (status === 'refused' || status === 'bounced'))
    await enqueueOfferUnreachable(tx, moved.noticeId);
  if (status === 'bounced' || status === 'complained')
    await recordReturnedMail(tx, { addresses, report: status, code, at });
  return moved !== undefined;
}

/**
 * Adds the provider's number for a failure that was told without one before: `undelivered` first, and then `failed` with
 * 21610. What stands there already is only the provider's word for the state.
 */
async function addFailureCode(tx: Tx, { code, at, ...attempt }: DeliveryReport): Promise<boolean> {
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
 * Locks the onboardings of every agent whom a report can concern, before any message is touched: ops who deactivate the
 * agent at this moment come the same way (decision 0031).
 */
async function lockAffectedOnboardings(tx: Tx, report: DeliveryReport): Promise<void> {
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

/** Notes why a message is late. It may still arrive, so nothing else changes. */
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
 * Remembers a message of SNS by its id.
 * @param forgetBefore messages from before are not believed any more, so their ids need not be kept
 * @returns false where it was taken in before
 */
export async function claimReport(
  tx: Tx,
  { messageId, at, forgetBefore }: { messageId: string; at: Date; forgetBefore: Date },
): Promise<boolean> {
  await tx.deleteFrom('processedReports').where('processedAt', '<', forgetBefore).execute();
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

/** Only of the invitation itself: when a reminder comes back, the link did reach its agent. */
async function endReturnedInvitation(
  tx: Tx,
  {
    noticeId,
    ...returned
  }: { noticeId: string; code: string | undefined; at: Date; retryAfterMs: readonly number[] },
): Promise<void> {
  const { kind, invitationId } = await tx
    .selectFrom('notices')
    .select(['kind', 'invitationId'])
    .where('id', '=', noticeId)
    .executeTakeFirstOrThrow();
  const isInvitation = (kind as NoticeKind) === 'invitation';
  if (isInvitation && invitationId) await recordReturnedInvitation(tx, { invitationId, ...returned });
}
