import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../database/connection.ts';

/** Kinds of data with a deletion time. */
export const retentionKinds = [
  'unconfirmed-requests',
  'unconfirmed-contacts',
  'rate-limits',
  'sessions',
  'registration-requests',
  'test-offers',
  'security-events',
  'password-resets',
  'passkey-challenges',
] as const;
export type RetentionKind = (typeof retentionKinds)[number];

/** Rows that are past their deletion time: their number, and the delay of the oldest in seconds. */
export interface DeletionBacklog {
  count: number;
  oldestSeconds: number;
}

/** Deletion time of registration requests: one that was sent in time may reach the workflow only after the link expired. */
const registrationEndsAt = sql`coalesce(i.ended_at, i.expires_at + interval '1 day')`;

/** Time for which an agent, and ops with them, can look back at a test offer. */
const testOfferKept = sql`interval '30 days'`;

/** Time for which a log-in, a refusal or a change of rights can be looked up: an attack is often noticed months later. */
const securityEventKept = sql`interval '1 year'`;

/** SQL for the deletion times of each kind, up to `due`. */
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
  'test-offers': (due) => sql`
    select expires_at + ${testOfferKept} as at from test_offers where expires_at <= ${due} - ${testOfferKept}`,
  'password-resets': (due) => sql`select expires_at as at from password_resets where expires_at <= ${due}`,
  'passkey-challenges': (due) =>
    sql`select expires_at as at from passkey_challenges where expires_at <= ${due}`,
  'security-events': (due) => sql`
    select at + ${securityEventKept} as at from security_events where at <= ${due} - ${securityEventKept}`,
};

/** Reads the backlog of each kind by the database's clock: counts and ages alone. */
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

/** Deletes rows that nothing else refers to, a page at a time; each function returns the number of rows deleted. */
export const deletePage = {
  /** New contacts of requests whose code was not entered in time. */
  'unconfirmed-contacts': (tx: Tx, { at, limit }: { at: Date; limit: number }) =>
    countDeleted(
      tx,
      sql`delete from contact_changes where id in (
        select id from contact_changes where made_at is null and waiting_until <= ${at}
        order by waiting_until limit ${limit} for update skip locked)`,
    ),
  /** Counts whose window is over, which the limiter ignores. */
  'rate-limits': (tx: Tx, { at, limit }: { at: Date; limit: number }) =>
    countDeleted(
      tx,
      sql`delete from rate_limits where key in (
        select key from rate_limits where expire < ${at.getTime()} order by expire limit ${limit}
        for update skip locked)`,
    ),
  /** Expired sessions, also of accounts that are no longer used. */
  sessions: (tx: Tx, { at, limit }: { at: Date; limit: number }) =>
    countDeleted(
      tx,
      sql`delete from sessions where token_sha256 in (
        select token_sha256 from sessions where expires_at <= ${at} order by expires_at limit ${limit}
        for update skip locked)`,
    ),
  /** Registrations typed behind links that have ended. */
  'registration-requests': (tx: Tx, { at, limit }: { at: Date; limit: number }) =>
    countDeleted(
      tx,
      sql`delete from registration_requests where id in (
        select r.id from registration_requests r join invitations i on i.id = r.invitation_id
        where ${registrationEndsAt} <= ${at} order by r.created_at limit ${limit}
        for update of r skip locked)`,
    ),
  /** Test offers of 30 days ago, with their answers. */
  'test-offers': (tx: Tx, { at, limit }: { at: Date; limit: number }) =>
    countDeleted(
      tx,
      sql`delete from test_offers where id in (
        select id from test_offers where expires_at <= ${at}::timestamptz - ${testOfferKept}
        order by expires_at limit ${limit} for update skip locked)`,
    ),
  /** Challenges that no passkey has answered. */
  'passkey-challenges': (tx: Tx, { at, limit }: { at: Date; limit: number }) =>
    countDeleted(
      tx,
      sql`delete from passkey_challenges where challenge in (
        select challenge from passkey_challenges where expires_at <= ${at} order by expires_at limit ${limit}
        for update skip locked)`,
    ),
  /** Links to a new password that nobody used in time. */
  'password-resets': (tx: Tx, { at, limit }: { at: Date; limit: number }) =>
    countDeleted(
      tx,
      sql`delete from password_resets where account_id in (
        select account_id from password_resets where expires_at <= ${at} order by expires_at limit ${limit}
        for update skip locked)`,
    ),
  /**
   * Security events of a year ago. The application may not change them, so it cannot lock their rows first: of two processes
   * that delete at once, one does.
   */
  'security-events': (tx: Tx, { at, limit }: { at: Date; limit: number }) =>
    countDeleted(
      tx,
      sql`with turn as materialized (
        select pg_try_advisory_xact_lock(hashtext('old security events')) as is_ours
      )
      delete from security_events where id in (
        select id from security_events, turn
        where is_ours and at <= ${at}::timestamptz - ${securityEventKept} order by at limit ${limit})`,
    ),
} as const satisfies Partial<Record<RetentionKind, unknown>>;

async function countDeleted(tx: Tx, statement: RawBuilder<unknown>): Promise<number> {
  const { numAffectedRows = 0n } = await statement.execute(tx);
  return Number(numAffectedRows);
}
