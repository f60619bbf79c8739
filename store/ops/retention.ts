import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../database/connection.ts';

/** What has an instant at which it is deleted by itself. */
export const retentionKinds = [
  'unconfirmed-requests',
  'unconfirmed-contacts',
  'rate-limits',
  'sessions',
  'registration-requests',
] as const;
export type RetentionKind = (typeof retentionKinds)[number];

/** What is past its time and still there: how many rows, and how long the oldest should have been gone, in seconds. */
export interface DeletionBacklog {
  count: number;
  oldestSeconds: number;
}

/** A registration that was sent in time may still be on its way to the workflow after the link's last moment. */
const registrationEndsAt = sql`coalesce(i.ended_at, i.expires_at + interval '1 day')`;

/** For each row of a kind the instant at which it goes; `due` bounds what is read. */
const selectDeletionTimes: Readonly<
  Record<RetentionKind, (due: RawBuilder<unknown>) => RawBuilder<unknown>>
> = {
  'unconfirmed-requests': (due) => sql`select delete_at as at from referrals where delete_at <= ${due}`,
  'unconfirmed-contacts': (due) => sql`
    select waiting_until as at from contact_changes where made_at is null and waiting_until <= ${due}`,
  'rate-limits': (due) => sql`
    select to_timestamp(expire / 1000.0) as at from rate_limits where expire < extract(epoch from ${due}) * 1000`,
  sessions: (due) => sql`select expires_at as at from sessions where expires_at <= ${due}`,
  'registration-requests': (due) => sql`
    select ${registrationEndsAt} as at from registration_requests r join invitations i on i.id = r.invitation_id
    where ${registrationEndsAt} <= ${due}`,
};

/** Of each kind, what is past its time by the database's clock. Counts and ages alone. */
export async function readDeletionBacklog(tx: Tx): Promise<Record<RetentionKind, DeletionBacklog>> {
  const kinds = retentionKinds.map(
    (kind) => sql`
      select ${kind}::text as kind, count(*)::integer as count,
        coalesce(extract(epoch from now() - min(at)), 0)::double precision as oldest_seconds
      from (${selectDeletionTimes[kind](sql`now()`)}) due`,
  );
  const { rows } = await sql<
    DeletionBacklog & { kind: RetentionKind }
  >`${sql.join(kinds, sql` union all `)}`.execute(tx);
  return Object.fromEntries(
    rows.map(({ kind, count, oldestSeconds }) => [
      kind,
      { count, oldestSeconds: Math.max(0, oldestSeconds) },
    ]),
  ) as Record<RetentionKind, DeletionBacklog>;
}

/** Rows that nothing else refers to, and that go a page at a time; each returns how many it deleted. */
export const deletePage = {
  /** New contacts of requests that waited for a code which did not come in time. */
  'unconfirmed-contacts': (tx: Tx, { at, limit }: { at: Date; limit: number }) =>
    countDeleted(
      tx,
      sql`delete from contact_changes where id in (
        select id from contact_changes where made_at is null and waiting_until <= ${at}
        order by waiting_until limit ${limit} for update skip locked)`,
    ),
  /** Counts whose window is over: the limiter itself begins anew by then, so that they say nothing any more. */
  'rate-limits': (tx: Tx, { at, limit }: { at: Date; limit: number }) =>
    countDeleted(
      tx,
      sql`delete from rate_limits where key in (
        select key from rate_limits where expire < ${at.getTime()} order by expire limit ${limit}
        for update skip locked)`,
    ),
  /** Also those of accounts that nobody logs in to any more. */
  sessions: (tx: Tx, { at, limit }: { at: Date; limit: number }) =>
    countDeleted(
      tx,
      sql`delete from sessions where token_sha256 in (
        select token_sha256 from sessions where expires_at <= ${at} order by expires_at limit ${limit}
        for update skip locked)`,
    ),
  /** What was typed behind links that have ended, also where nobody comes with another one. */
  'registration-requests': (tx: Tx, { at, limit }: { at: Date; limit: number }) =>
    countDeleted(
      tx,
      sql`delete from registration_requests where id in (
        select r.id from registration_requests r join invitations i on i.id = r.invitation_id
        where ${registrationEndsAt} <= ${at} order by r.created_at limit ${limit}
        for update of r skip locked)`,
    ),
} as const satisfies Partial<Record<RetentionKind, unknown>>;

async function countDeleted(tx: Tx, statement: RawBuilder<unknown>): Promise<number> {
  const { numAffectedRows = 0n } = await statement.execute(tx);
  return Number(numAffectedRows);
}
