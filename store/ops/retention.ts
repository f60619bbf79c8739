import { type RawBuilder, sql } from 'kysely';
import type { Policy } from '../../domain/policy.ts';
import { overdueAgents } from '../agents/overdue-agents.ts';
import type { Tx } from '../database/connection.ts';
import { overdueReferrals, type ReferralRetention } from '../referrals/erasure/overdue-referrals.ts';

/** Rows of one table that are deleted at a time of their own. */
interface RetainedRows {
  table: string;
  /** SQL: the most overdue come first in its order. */
  order: RawBuilder<unknown>;
  /** SQL: when a row is to be deleted. */
  dueAt: RawBuilder<unknown>;
  /** SQL condition that this is `at` or earlier, in a form that an index answers. */
  isDue: (at: RawBuilder<unknown>) => RawBuilder<unknown>;
}

/** Rows that are deleted so many days after the instant in a column, where a further condition holds. */
function rowsOf(
  table: string,
  column: string,
  { days = 0, only = sql`true` }: { days?: number; only?: RawBuilder<unknown> } = {},
): RetainedRows {
  const at = sql.ref(column);
  // hours, because a day of a time zone can have 23
  const kept = sql.raw(`interval '${days * 24} hours'`);
  return {
    table,
    order: at,
    dueAt: sql`${at} + ${kept}`,
    isDue: (now) => sql`${at} <= ${now} - ${kept} and ${only}`,
  };
}

const month = 30;
const quarter = 90;
const year = 365;
/** As long as who took part, and who consented, has to be on record (docs/security.md, how long things are kept). */
const tenYears = 3_653;

/** Deletion time of registration requests: one that was sent in time may reach the workflow only after the link expired. */
const registrationEndsAt = sql`(
  select coalesce(i.ended_at, i.expires_at + interval '1 day') from invitations i
  where i.id = registration_requests.invitation_id)`;

/** SQL condition that a referral has not ended until an instant: its history is whole until a year after its end. */
const hasNotEndedBy = (at: RawBuilder<unknown>) => sql`exists (
  select from referrals r where r.id = events.subject_id::uuid and (r.closed_at is null or r.closed_at > ${at}))`;

/** Kinds of rows that nothing else refers to, or that take with them what does. */
const retainedRows = {
  'unconfirmed-contacts': rowsOf('contact_changes', 'waiting_until', { only: sql`made_at is null` }),
  'rate-limits': {
    table: 'rate_limits',
    order: sql`expire`,
    dueAt: sql`to_timestamp(expire / 1000.0)`,
    isDue: (now) => sql`expire < (extract(epoch from ${now}) * 1000)::bigint`,
  },
  sessions: rowsOf('sessions', 'expires_at'),
  'known-devices': rowsOf('known_devices', 'used_at', { days: year }),
  'password-resets': rowsOf('password_resets', 'expires_at'),
  'passkey-challenges': rowsOf('passkey_challenges', 'expires_at'),
  'registration-requests': {
    table: 'registration_requests',
    order: sql`created_at`,
    dueAt: registrationEndsAt,
    isDue: (now) => sql`${registrationEndsAt} <= ${now}`,
  },
  'test-offers': rowsOf('test_offers', 'expires_at', { days: month }),
  'security-events': rowsOf('security_events', 'at', { days: year }),
  'referral-events': {
    table: 'events',
    order: sql`at`,
    dueAt: sql`at + interval '8760 hours'`,
    isDue: (now) => sql`subject_kind = 'referral' and at <= ${now} - interval '8760 hours'
      and not ${hasNotEndedBy(sql`${now} - interval '8760 hours'`)}`,
  },
  'onboarding-events': rowsOf('events', 'at', { days: tenYears, only: sql`subject_kind = 'onboarding'` }),
  // with their deliveries
  notices: rowsOf('notices', 'created_at', { days: year }),
  'match-decisions': rowsOf('match_decisions', 'at', { days: year }),
  'candidate-periods': rowsOf('candidate_periods', 'until_at', { days: quarter }),
  skips: rowsOf('agent_skips', 'until_at', { days: year }),
  rests: rowsOf('rests', 'ended_at', { days: year }),
  absences: rowsOf('absences', 'until_date', { days: year }),
  'text-replies': rowsOf('text_replies', 'received_at', { days: quarter }),
  'audit-runs': rowsOf('audit_runs', 'started_at', { days: month }),
  'audit-findings': rowsOf('audit_findings', 'resolved_at', { days: year }),
  'feed-imports': rowsOf('feed_imports', 'started_at', { days: year, only: sql`ended_at is not null` }),
  'feed-pulls': rowsOf('feed_pulls', 'ended_at', { days: year }),
  // as long as a backup may be kept, over which the list is replayed
  'destroyed-keys': rowsOf('destroyed_keys', 'destroyed_at', { days: quarter }),
  'consent-records': rowsOf('consent_records', 'delete_at'),
  // with their invitations and warnings; one that the training feed still names would be opened again
  'old-onboardings': rowsOf('onboardings', 'closed_at', {
    days: tenYears,
    only: sql`not exists (
      select from training_completions t where t.npn = onboardings.npn and t.plan_year = onboardings.plan_year)`,
  }),
  // with the terms they accepted
  'former-agents': rowsOf('agents', 'erased_at', {
    days: tenYears,
    only: sql`not exists (select from onboardings o where o.npn = agents.npn)
      and not exists (select from offers o where o.npn = agents.npn)`,
  }),
  'license-lookups': rowsOf('license_lookups', 'looked_up_at', {
    days: year,
    only: sql`not exists (select from onboardings o where o.npn = license_lookups.npn and o.closed_at is null)`,
  }),
  // those about a referral go with it
  'ops-actions': rowsOf('ops_actions', 'at', { days: tenYears, only: sql`referral_id is null` }),
  'intake-pauses': rowsOf('intake_pauses', 'resumed_at', { days: tenYears }),
  'zip-changes': rowsOf('zip_changes', 'at', { days: tenYears }),
  'text-stop-decisions': rowsOf('text_stop_decisions', 'at', { days: year }),
} as const satisfies Readonly<Record<string, RetainedRows>>;

export type RowKind = keyof typeof retainedRows;
const rowKinds = Object.keys(retainedRows) as RowKind[];

/** Kinds of data with a deletion time. */
export type RetentionKind = RowKind | ReferralRetention | 'agents';
export const retentionKinds: readonly RetentionKind[] = [
  ...rowKinds,
  ...(Object.keys(overdueReferrals) as ReferralRetention[]),
  'agents',
];

/** Rows that are past their deletion time: their number, and the delay of the oldest in seconds. */
export interface DeletionBacklog {
  count: number;
  oldestSeconds: number;
}

/** Reads the backlog of each kind by the database's clock: counts and ages alone. */
export async function readDeletionBacklog(
  tx: Tx,
  policy: Pick<Policy, 'agentKeptAfterEndMs'>,
): Promise<Record<RetentionKind, DeletionBacklog>> {
  const now = sql`now()`;
  const dueOf = (kind: RetentionKind): RawBuilder<unknown> => {
    if (kind === 'agents') return overdueAgents(now, policy);
    if (kind in overdueReferrals) return overdueReferrals[kind as ReferralRetention](now);
    const { table, dueAt, isDue } = retainedRows[kind as RowKind] as RetainedRows;
    return sql`select ${dueAt} as at from ${sql.table(table)} where ${isDue(now)}`;
  };
  const kinds = retentionKinds.map(
    (kind) => sql`
      select ${kind}::text as kind, count(*)::integer as count,
        coalesce(extract(epoch from now() - min(at)), 0)::double precision as oldest_seconds
      from (${dueOf(kind)}) due`,
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

/**
 * Deletes a page of the rows of a kind that are past their time, the most overdue first. Locks no row before, which would
 * take the right to change it: of two processes that delete a kind at once, one does.
 * @returns the number of rows deleted
 */
export async function deletePage(
  tx: Tx,
  kind: RowKind,
  { at, limit }: { at: Date; limit: number },
): Promise<number> {
  const { table, order, isDue } = retainedRows[kind] as RetainedRows;
  const { numAffectedRows = 0n } = await sql`
    with turn as materialized (
      select pg_try_advisory_xact_lock(hashtext('retention'), hashtext(${kind})) as is_ours
    )
    delete from ${sql.table(table)} where ctid = any(array(
      select ctid from ${sql.table(table)} where (select is_ours from turn) and ${isDue(sql`${at}::timestamptz`)}
      order by ${order} limit ${limit}))`.execute(tx);
  return Number(numAffectedRows);
}
