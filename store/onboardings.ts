import { sql } from 'kysely';
import type { OnboardingStage } from '../domain/stages.ts';
import type { Facts, TermsKind } from '../domain/standing.ts';
import type { Tx } from './database.ts';
import { readEvidence, readMarketplaces } from './evidence.ts';

export interface OnboardingKey {
  npn: string;
  planYear: number;
}

/** An onboarding as its row keeps it. Only activities write it (rule 1). */
export interface OnboardingRow extends OnboardingKey {
  stage: OnboardingStage;
  since: Date;
  causes: string[];
  nextChangeAt: Date | null;
  createdAt: Date;
  reviewedAt: Date | null;
  closedAt: Date | null;
}

/**
 * All that is known of an onboarding, for `standingAt`. With `lock` the onboarding's row is held till the
 * transaction ends, so that what is decided from the facts is written before they change. Undefined: no such row.
 */
export async function readFacts(
  tx: Tx,
  key: OnboardingKey,
  { lock = false } = {},
): Promise<{ row: OnboardingRow; facts: Facts } | undefined> {
  const query = tx
    .selectFrom('onboardings')
    .selectAll()
    .where('npn', '=', key.npn)
    .where('planYear', '=', key.planYear);
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst();
  if (!row) return undefined;
  // two plan years of one agent share the account and its invitation: one of them is settled at a time
  // (not by the agent's row: matching passes over an agent whose row is held, and at first there is none)
  if (lock) await sql`select pg_advisory_xact_lock(hashtextextended(${`agent ${key.npn}`}, 0))`.execute(tx);
  const [agent, invitation, accepted, termsInForce, comingTerms, evidence, marketplaces] = [
    await readAgentFacts(tx, key.npn),
    await latestInvitation(tx, key.npn),
    await tx.selectFrom('termsAcceptances').select(['kind', 'version']).where('npn', '=', key.npn).execute(),
    await readTermsInForce(tx),
    await readComingTerms(tx),
    await readEvidence(tx, key),
    await readMarketplaces(tx, key.planYear),
  ];
  const facts: Facts = {
    planYear: key.planYear,
    evidence,
    marketplaces,
    eligibleAt: row.eligibleAt,
    registeredAt: agent?.registeredAt ?? null,
    invitation,
    laterYearInvites: await laterYearInvites(tx, key),
    invitationRequestedAt: row.invitationRequestedAt,
    termsInForce,
    comingTerms,
    termsAccepted: accepted as { kind: TermsKind; version: string }[],
    termsRemindAt: row.termsRemindAt,
    termsRemindersTold: row.termsRemindersTold,
    leftAt: agent?.leftAt ?? null,
    heldAt: agent?.heldAt ?? null,
  };
  return { row: row as OnboardingRow, facts };
}

/** The version of each document that is in force now: the latest whose effective instant has come. */
export async function readTermsInForce(tx: Tx): Promise<Record<TermsKind, string>> {
  const rows = await tx
    .selectFrom('termsDocuments')
    .distinctOn('kind')
    .select(['kind', 'version'])
    .where('effectiveAt', '<=', sql<Date>`now()`)
    .orderBy('kind')
    .orderBy('effectiveAt', 'desc')
    .execute();
  return Object.fromEntries(rows.map(({ kind, version }) => [kind, version])) as Record<TermsKind, string>;
}

/** The versions that come into force later. */
async function readComingTerms(tx: Tx): Promise<Facts['comingTerms']> {
  const rows = await tx
    .selectFrom('termsDocuments')
    .select(['kind', 'version', 'effectiveAt'])
    .where('effectiveAt', '>', sql<Date>`now()`)
    .execute();
  return rows as { kind: TermsKind; version: string; effectiveAt: Date }[];
}

/**
 * The plan year an agent's pages speak of: the registration in force, else the newest onboarding that is open,
 * else the newest. Undefined where there is none.
 */
export async function currentPlanYear(tx: Tx, npn: string): Promise<number | undefined> {
  const row = await tx
    .selectFrom('onboardings')
    .select('planYear')
    .where('npn', '=', npn)
    .orderBy(sql`(stage = 'active') desc, (closed_at is null) desc`)
    .orderBy('planYear', 'desc')
    .executeTakeFirst();
  return row?.planYear;
}

/** An agent under way for two plan years is invited for the later one, unless that one cannot invite. */
async function laterYearInvites(tx: Tx, { npn, planYear }: OnboardingKey): Promise<boolean> {
  const row = await tx
    .selectFrom('onboardings')
    .select('planYear')
    .where('npn', '=', npn)
    .where('planYear', '>', planYear)
    .where('closedAt', 'is', null)
    .where((later) => later.or([later('reviewedAt', 'is', null), later(sql`cardinality(causes)`, '=', 0)]))
    .executeTakeFirst();
  return row !== undefined;
}

async function readAgentFacts(tx: Tx, npn: string) {
  return tx
    .selectFrom('agents')
    .select(['registeredAt', 'leftAt', 'heldAt'])
    .where('npn', '=', npn)
    .executeTakeFirst();
}

/** An account serves every plan year, so the latest invitation counts whichever onboarding issued it. */
async function latestInvitation(tx: Tx, npn: string): Promise<Facts['invitation']> {
  const row = await tx
    .selectFrom('invitations')
    .select(['issuedAt', 'remindAt', 'remindedAt', 'expiresAt', 'endedAs'])
    .where('npn', '=', npn)
    .orderBy('issuedAt', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row as Facts['invitation'];
}
