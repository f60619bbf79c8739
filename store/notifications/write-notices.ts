import { type RawBuilder, sql } from 'kysely';
import type { Channel } from '../../domain/notifications/contact.ts';
import { type NoticeKind, noticeKinds } from '../../domain/notifications/notices.ts';
import type { NoticeContents } from '../../domain/text/notice-data.ts';
import type { Tx } from '../database/connection.ts';

/** A notice to create, by ids. The recipient's address is looked up when it is sent. */
export interface NewNotice {
  /** By default a new one. */
  id?: string;
  kind: NoticeKind;
  /** Names the occasion; a second notice with the same key is not created. */
  dedupeKey: string;
  /** The agent it is for, or about. */
  npn?: string;
  planYear?: number;
  /** Required in a notice to a consumer. */
  referralId?: string;
  offerId?: string;
  invitationId?: string;
  at: Date;
  /** After this instant the notice would mislead and is not sent. */
  untilAt?: Date | null;
  /** Facts of this moment that may have changed by the time it is sent. */
  data?: NoticeContents;
  /** Its mail address, or its phone where `channels` says so, if not the recipient's current one. */
  toAddress?: string;
  /** Its channels, if they do not follow from its kind. */
  channels?: readonly Channel[];
  /** BCP 47; by default the referral's language for a consumer, and the one that an agent wants to read. */
  language?: string;
  /** Its recipient asked for this one, whatever is usual for its kind. */
  isRequested?: boolean;
}

/** A notice whose id and channels are known. */
export type PlannedNotice = NewNotice & { id: string; channels: readonly Channel[] };

/**
 * SQL that writes one notice or more, and a pending delivery for each of their channels: the parts `created` and `delivering`
 * of a statement. A notice whose key is there already is not written.
 */
export function writeNoticesSql(notices: readonly PlannedNotice[]): RawBuilder<unknown> {
  const deliveries = notices.flatMap(({ id, channels }) => channels.map((channel) => ({ id, channel })));
  return sql`created as (
      insert into notices (id, kind, npn, plan_year, referral_id, offer_id, invitation_id, language, created_at, until_at,
        dedupe_key, data, to_address, is_requested)
      values ${sql.join(notices.map(noticeRow))}
      on conflict (dedupe_key) do nothing returning id, kind, is_requested, created_at
    ), delivering as (
      insert into deliveries (id, notice_id, channel, status, changed_at)
      select gen_random_uuid(), c.id, d.channel, 'pending', c.created_at
      from created c join unnest(${deliveries.map(({ id }) => id)}::uuid[],
        ${deliveries.map(({ channel }) => channel)}::text[]) as d (notice_id, channel) on d.notice_id = c.id
      returning notice_id, channel
    )`;
}

function noticeRow(notice: PlannedNotice): RawBuilder<unknown> {
  const { id, kind, npn, planYear, referralId, offerId, invitationId, at, untilAt, dedupeKey } = notice;
  return sql`(${id}, ${kind}, ${npn ?? null}, ${planYear ?? null}, ${referralId ?? null}, ${offerId ?? null},
    ${invitationId ?? null}, ${languageOf(notice)}, ${at}, ${untilAt ?? null}, ${dedupeKey},
    ${JSON.stringify(notice.data ?? {})}, ${notice.toAddress ?? null}, ${notice.isRequested ?? false})`;
}

function languageOf({ kind, language, referralId, npn }: NewNotice) {
  if (language !== undefined) return language;
  if (noticeKinds[kind].to === 'agent')
    return sql`coalesce((select message_language from agents where npn = ${npn ?? null}), 'en')`;
  return sql`(select language from referrals where id = ${referralId ?? null})`;
}

/** Writes notices with their deliveries. @returns the ids of those whose key was not there already */
export async function writeNotices(tx: Tx, notices: readonly PlannedNotice[]): Promise<string[]> {
  if (notices.length === 0) return [];
  const { rows } = await sql<{ id: string }>`
    with ${writeNoticesSql(notices)}
    select id from created`.execute(tx);
  return rows.map(({ id }) => id);
}
