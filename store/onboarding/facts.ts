import { sql } from 'kysely';
import { type ContactFacts, offerChannels } from '../../domain/notifications/contact.ts';
import type { ExpirationWarning } from '../../domain/onboarding/expirations.ts';
import type { InvitationFact, OnboardingFacts, TermsKind } from '../../domain/onboarding/facts.ts';
import type { Marketplace } from '../../domain/onboarding/marketplaces.ts';
import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import { type OnboardingCause, type Standing, standingAt } from '../../domain/onboarding/standing.ts';
import type { OnboardingStage } from '../../domain/stages.ts';
import type { Tx } from '../database/connection.ts';
import { evidenceKey, readEvidenceOfMany } from '../feeds/evidence.ts';
import { contactColumns } from '../notifications/reachability.ts';
import type { OnboardingRow } from './onboardings.ts';

/** An onboarding's row together with its facts. */
export interface OnboardingRecord {
  row: OnboardingRow;
  facts: OnboardingFacts;
  /** Whether a lookup of the agent's licenses was scheduled before. */
  hasLookup: boolean;
  /** States in which matching can ask the agent by this registration. */
  serving: string[];
  /** The agent's other onboardings that are open. */
  otherYears: OtherYear[];
  /** Whether the agent had left before this onboarding opened, and no onboarding from before is still open. */
  isReturning: boolean;
}

/** Another open onboarding of the same agent, as stored. */
export interface OtherYear extends Pick<OnboardingRow, 'planYear' | 'stage' | 'since' | 'causes'> {
  isReviewed: boolean;
  termsRemindersSent: number;
  /** States in which matching can ask the agent by that registration. */
  serving: string[];
}

/** Policy that becomes part of the facts. */
export interface FactsPolicy {
  endWarningBeforeMs: readonly number[];
}

/** Reads an onboarding with the facts that `standingAt` needs; undefined if there is no such onboarding. */
export async function readFacts(
  tx: Tx,
  key: OnboardingId,
  policy?: FactsPolicy,
): Promise<OnboardingRecord | undefined> {
  return (await readFactsOfMany(tx, [key], policy))[0];
}

/**
 * Reads many onboardings, in the order of the keys, with the same number of queries as for one. Keys without an onboarding
 * are left out.
 */
export async function readFactsOfMany(
  tx: Tx,
  keys: readonly OnboardingId[],
  policy: FactsPolicy = { endWarningBeforeMs: [] },
): Promise<OnboardingRecord[]> {
  const rows = await readFactsRows(tx, keys);
  if (rows.length === 0) return [];
  const evidence = await readEvidenceOfMany(tx, rows);
  const marketplaces = await readMarketplacesOf(tx, [...new Set(rows.map((row) => row.planYear))]);
  const terms = await readTerms(tx);
  return rows.map((row) => {
    const otherYears = row.otherYears.map((other) => ({ ...other, since: new Date(other.since) }));
    const later = otherYears.filter(({ planYear }) => planYear > row.planYear);
    return {
      row,
      serving: row.serving,
      otherYears,
      hasLookup: row.hasLookup,
      isReturning: row.isReturning,
      facts: {
        planYear: row.planYear,
        evidence: evidence.get(evidenceKey(row)) as OnboardingFacts['evidence'],
        marketplaces: marketplaces.filter(({ planYear }) => planYear === row.planYear),
        ...terms,
        eligibleAt: row.eligibleAt,
        registeredAt: row.registeredAt,
        invitation: invitationOf(row),
        otherPlanYears: otherYears.map(({ planYear }) => planYear),
        isInvitedByLaterYear: later.some(({ isReviewed, causes }) => !isReviewed || causes.length === 0),
        isContinuedByLaterYear: later.some(({ stage }) => stage === 'active'),
        invitationRequestedAt: row.invitationRequestedAt,
        termsAccepted: row.termsAccepted,
        termsRemindAt: row.termsRemindAt,
        termsRemindersSent: row.termsRemindersSent,
        lateAt: row.lateAt,
        lateNotifiedAt: row.lateNotifiedAt,
        licenseLookupAt: row.licenseLookupAt,
        phoneCheckAt: row.phoneCheckAt,
        warnBeforeMs: policy.endWarningBeforeMs,
        expirationWarnings: row.expirationWarnings.map((warning) => ({
          ...warning,
          warnedAt: new Date(warning.warnedAt),
        })),
        reach: {
          states: row.statesWanted ?? [],
          languages: row.languages ?? [],
          // an agent without a profile has no address either
          channels: row.email ? offerChannels(row) : [],
        },
        emailUndeliverableAt: row.emailUndeliverableAt,
        leftAt: row.leftAt,
        heldAt: row.heldAt,
      },
    };
  });
}

/**
 * Computes an onboarding's standing from its facts. A closed onboarding keeps the stage in which it was closed: later
 * facts belong to a later plan year.
 */
export function standingOf({ row, facts }: Pick<OnboardingRecord, 'row' | 'facts'>, at: Date): Standing {
  if (!row.closedAt) return standingAt(at, facts);
  const { conditions } = standingAt(row.closedAt, facts);
  return {
    stage: row.stage,
    causes: row.causes as OnboardingCause[],
    conditions,
    states: [],
    covered: [],
    pendingStep: undefined,
    nextChangeAt: undefined,
    servesUntil: undefined,
  };
}

interface FactsRow extends OnboardingRow, ContactFacts {
  stage: OnboardingStage;
  eligibleAt: Date | null;
  termsRemindAt: Date[];
  termsRemindersSent: number;
  invitationRequestedAt: Date | null;
  lateAt: Date | null;
  lateNotifiedAt: Date | null;
  registeredAt: Date | null;
  leftAt: Date | null;
  heldAt: Date | null;
  statesWanted: string[] | null;
  languages: string[] | null;
  email: string | null;
  emailUndeliverableAt: Date | null;
  phoneCheckAt: Date | null;
  licenseLookupAt: Date | null;
  hasLookup: boolean;
  issuedAt: Date | null;
  remindAt: Date;
  remindedAt: Date | null;
  expiresAt: Date;
  endedAs: InvitationFact['endedAs'];
  retryAt: Date | null;
  sentToFormerAddress: boolean;
  termsAccepted: { kind: TermsKind; version: string }[];
  expirationWarnings: (Omit<ExpirationWarning, 'warnedAt'> & { warnedAt: string })[];
  otherYears: (Omit<OtherYear, 'since'> & { since: string })[];
  serving: string[];
  isReturning: boolean;
}

/**
 * Reads the rows behind the facts. An account serves every plan year, so the agent's latest invitation counts,
 * whichever onboarding issued it. An agent with two open plan years is invited for the later one, unless that one
 * cannot invite. An agent who left and completes training again returns with the onboarding that opens; death is final.
 */
async function readFactsRows(tx: Tx, keys: readonly OnboardingId[]): Promise<FactsRow[]> {
  const npns = keys.map(({ npn }) => npn);
  const planYears = keys.map(({ planYear }) => planYear);
  const { rows } = await sql<FactsRow>`
    select o.*, a.registered_at, a.held_at, a.states_wanted, a.languages,
      case when a.left_at >= o.created_at or a.left_because = 'death' then a.left_at end as left_at,
      coalesce(a.left_at < o.created_at and a.left_because <> 'death' and not exists (
        select from onboardings before
        where before.npn = o.npn and before.closed_at is null and before.created_at <= a.left_at), false) as is_returning,
      a.email, a.email_undeliverable_at, a.phone_check_at, ${contactColumns},
      k.next_at as license_lookup_at, k.npn is not null as has_lookup,
      i.issued_at, i.remind_at, i.reminded_at, i.expires_at, i.ended_as,
      -- only the plan year that issued the invitation issues the next one
      case when i.plan_year = o.plan_year then i.retry_at end as retry_at,
      i.sent_to is distinct from a.email as sent_to_former_address,
      (select coalesce(json_agg(json_build_object('kind', kind, 'version', version)), '[]')
         from terms_acceptances t where t.npn = o.npn) as terms_accepted,
      (select coalesce(json_agg(json_build_object('subject', subject, 'endsOn', ends_on, 'warnedAt', warned_at)), '[]')
         from (select subject, ends_on, max(warned_at) as warned_at from expiration_warnings w
                where w.npn = o.npn
                  -- a license is the same for every plan year, a registration is not
                  and (w.plan_year = o.plan_year or w.subject <> 'registration')
                group by subject, ends_on) warning) as expiration_warnings,
      (select coalesce(json_agg(json_build_object('planYear', y.plan_year, 'stage', y.stage, 'since', y.since,
          'causes', y.causes, 'isReviewed', y.reviewed_at is not null, 'termsRemindersSent', y.terms_reminders_sent,
          'serving', array(select state from serving s where s.npn = y.npn and s.plan_year = y.plan_year))
          order by y.plan_year), '[]')
         from onboardings y
        where y.npn = o.npn and y.plan_year <> o.plan_year and y.closed_at is null) as other_years,
      array(select state from serving s where s.npn = o.npn and s.plan_year = o.plan_year order by state) as serving
    from unnest(${npns}::text[], ${planYears}::smallint[]) with ordinality as key (npn, plan_year, position)
    join onboardings o on o.npn = key.npn and o.plan_year = key.plan_year
    left join agents a on a.npn = o.npn
    left join license_lookups k on k.npn = o.npn
    left join lateral (
      select * from invitations
       where npn = o.npn and (plan_year = o.plan_year
         -- an invitation of another year does not count if it was over before this year became eligible; that includes
         -- one that has expired and was not ended yet
         or (ended_at is null and (o.eligible_at is null or expires_at > o.eligible_at))
         or ended_at >= o.eligible_at)
       order by issued_at desc limit 1
    ) i on true
    order by key.position`.execute(tx);
  return rows;
}

function invitationOf(row: FactsRow): InvitationFact | undefined {
  const { issuedAt, remindAt, remindedAt, expiresAt, endedAs, retryAt, sentToFormerAddress } = row;
  // an invitation that was never sent does not count
  if (!issuedAt || endedAs === 'unsent') return undefined;
  return { issuedAt, remindAt, remindedAt, expiresAt, endedAs, retryAt, sentToFormerAddress };
}

async function readMarketplacesOf(tx: Tx, planYears: readonly number[]): Promise<Marketplace[]> {
  const rows = await tx.selectFrom('marketplaces').selectAll().where('planYear', 'in', planYears).execute();
  return rows as Marketplace[];
}

async function readTerms(tx: Tx): Promise<Pick<OnboardingFacts, 'termsInForce' | 'upcomingTerms'>> {
  const rows = await tx
    .selectFrom('termsDocuments')
    .select(['kind', 'version', 'effectiveAt', sql<boolean>`effective_at <= now()`.as('isInForce')])
    .orderBy('effectiveAt')
    .execute();
  const documents = rows as { kind: TermsKind; version: string; effectiveAt: Date; isInForce: boolean }[];
  const inForce = documents.filter(({ isInForce }) => isInForce);
  return {
    // of several, the latest stands last and wins
    termsInForce: Object.fromEntries(
      inForce.map(({ kind, version }) => [kind, version]),
    ) as OnboardingFacts['termsInForce'],
    upcomingTerms: documents
      .filter(({ isInForce }) => !isInForce)
      .map(({ kind, version, effectiveAt }) => ({ kind, version, effectiveAt })),
  };
}
