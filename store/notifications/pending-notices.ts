import { type RawBuilder, sql } from 'kysely';
import { type Channel, channels } from '../../domain/notifications/contact.ts';
import type { NoticeKind, NoticeToSend } from '../../domain/notifications/notices.ts';
import type { Tx } from '../database/connection.ts';
import { enqueue } from '../outbox.ts';
import { type PlannedNotice, writeNoticesSql } from './write-notices.ts';

type NoticeSubject = { npn: string; planYear: number } | { referralId: string } | { noticeId: string };

/**
 * Reads the notices of an onboarding or a referral, or a single one, that no provider has accepted yet, oldest first, each
 * with its pending channels.
 */
export async function pendingNotices(tx: Tx, about: NoticeSubject): Promise<NoticeToSend[]> {
  return readNotices(tx, [], pendingChannels(conditionOf(about)));
}

/**
 * Writes notices of a referral, together with what else a statement writes, and reads all of its notices that are pending
 * from then on, as `pendingNotices`.
 * @param parts the other parts of the statement, as they stand behind its word `with`
 */
export async function writePendingNotices(
  tx: Tx,
  referralId: string,
  { notices, parts }: { notices: readonly PlannedNotice[]; parts: readonly RawBuilder<unknown>[] },
): Promise<NoticeToSend[]> {
  const pending = pendingChannels(sql`n.referral_id = ${referralId}`);
  if (notices.length === 0) return readNotices(tx, parts, pending);
  // a part of a statement does not see what the other parts write
  const created = sql`select c.id, c.kind, c.is_requested, c.created_at, d.channel
    from created c join delivering d on d.notice_id = c.id`;
  return readNotices(tx, [...parts, writeNoticesSql(notices)], sql`${pending} union all ${created}`);
}

/** SQL: the pending channels of the notices `n` that a condition chooses. */
const pendingChannels = (condition: RawBuilder<unknown>) => sql`
  select n.id, n.kind, n.is_requested, n.created_at, d.channel from notices n join deliveries d on d.notice_id = n.id
  where d.status = 'pending' and ${condition}`;

async function readNotices(
  tx: Tx,
  parts: readonly RawBuilder<unknown>[],
  rowsOfChannels: RawBuilder<unknown>,
): Promise<NoticeToSend[]> {
  const { rows } = await sql<NoticeWithChannels>`
    ${parts.length > 0 ? sql`with ${sql.join(parts)}` : sql``}
    select id, kind, is_requested, array_agg(channel) as channels from (${rowsOfChannels}) n
    group by id, kind, is_requested, created_at order by created_at, id`.execute(tx);
  return rows.map(toNoticeToSend);
}

/** A notice with the channels that are asked for, in any order. */
export interface NoticeWithChannels {
  id: string;
  kind: NoticeKind;
  isRequested: boolean;
  channels: readonly Channel[];
}

/** A notice as a workflow sees it, its channels in their order. */
export function toNoticeToSend({ id, kind, isRequested, channels: over }: NoticeWithChannels): NoticeToSend {
  return {
    noticeId: id,
    kind,
    channels: channels.filter((channel) => over.includes(channel)),
    ...(isRequested ? { isRequested: true as const } : {}),
  };
}

/** SQL condition that a notice `n` belongs to a subject, which may be a whole row. */
function conditionOf(about: NoticeSubject): RawBuilder<unknown> {
  if ('noticeId' in about) return sql`n.id = ${about.noticeId}`;
  if ('referralId' in about) return sql`n.referral_id = ${about.referralId}`;
  return sql`n.npn = ${about.npn} and n.plan_year = ${about.planYear}`;
}

/**
 * Reads a notice with its pending channels; undefined if there is none, or if the open onboarding or referral that it
 * belongs to has a workflow, which sends it.
 */
export async function findNoticeWithoutWorkflow(tx: Tx, noticeId: string): Promise<NoticeToSend | undefined> {
  const { rows } = await sql<{ hasOwner: boolean }>`
    select exists (select from referrals r
        where r.id = n.referral_id and r.closed_at is null and r.stage <> 'unconfirmed')
      or exists (select from onboardings o
        where o.npn = n.npn and o.plan_year = n.plan_year and o.closed_at is null) as has_owner
    from notices n where n.id = ${noticeId}`.execute(tx);
  if (rows[0]?.hasOwner) return undefined;
  const [notice] = await pendingNotices(tx, { noticeId });
  return notice;
}

/** Has the pending notices of a subject whose workflow has ended sent by workflows of their own. */
export async function enqueuePendingNotices(tx: Tx, about: NoticeSubject): Promise<void> {
  const notices = await pendingNotices(tx, about);
  await enqueue(tx, ...notices.map((payload) => ({ type: 'send-notice' as const, payload })));
}
