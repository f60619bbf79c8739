import { sql } from 'kysely';
import type { Expiration } from '../../domain/onboarding/expirations.ts';
import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import type { OnboardingStage } from '../../domain/stages.ts';
import type { Tx } from '../database/connection.ts';

/** An onboarding as its row keeps it. Only activities write it (rule 1). */
export interface OnboardingRow extends OnboardingId {
  stage: OnboardingStage;
  since: Date;
  causes: string[];
  nextChangeAt: Date | null;
  createdAt: Date;
  reviewedAt: Date | null;
  closedAt: Date | null;
}

/**
 * Holds an onboarding's row till the transaction ends, so that what is decided from the facts is written before they
 * change. Two plan years of one agent share the account and its invitation: one of them is settled at a time (not by
 * the agent's row: matching passes over an agent whose row is held, and at first there is none).
 * @returns whether there is such an onboarding
 */
export async function lockOnboarding(tx: Tx, { npn, planYear }: OnboardingId): Promise<boolean> {
  const row = await tx
    .selectFrom('onboardings')
    .select('npn')
    .where('npn', '=', npn)
    .where('planYear', '=', planYear)
    .forUpdate()
    .executeTakeFirst();
  if (!row) return false;
  await sql`select pg_advisory_xact_lock(hashtextextended(${`agent ${npn}`}, 0))`.execute(tx);
  return true;
}

/**
 * Locks all onboardings of agents till the transaction ends, in the order of NPN and plan year: before the agents' own
 * rows and before messages about them (decision 0031).
 */
export async function lockOnboardingsOf(
  tx: Tx,
  npns: readonly string[],
): Promise<(OnboardingId & { closedAt: Date | null })[]> {
  if (npns.length === 0) return [];
  return tx
    .selectFrom('onboardings')
    .select(['npn', 'planYear', 'closedAt'])
    .where('npn', 'in', [...new Set(npns)])
    .orderBy('npn')
    .orderBy('planYear')
    .forUpdate()
    .execute();
}

/** Of several onboardings of an agent, those that have come further speak first; the closed ones come last. */
const stagePrecedence: readonly OnboardingStage[] = [
  'active',
  'awaiting-terms',
  'suspended',
  'invited',
  'invitation-expired',
  'invitation-undeliverable',
  'awaiting-eligibility',
];

/**
 * The plan year an agent's pages speak of: the one he is active for, else the one in which he has something to do or
 * has lost something, else one that is open, else the newest. Of equals the newest. Undefined where there is none.
 */
export async function currentPlanYear(tx: Tx, npn: string): Promise<number | undefined> {
  const row = await tx
    .selectFrom('onboardings')
    .select('planYear')
    .where('npn', '=', npn)
    .orderBy(sql`array_position(${stagePrecedence}::text[], stage) nulls last`)
    .orderBy('planYear', 'desc')
    .executeTakeFirst();
  return row?.planYear;
}

/** Remembers that an agent was warned of endings, so that each stated time before an end warns once. */
export async function saveExpirationWarnings(
  tx: Tx,
  { npn, planYear, endings, at: warnedAt }: OnboardingId & { endings: readonly Expiration[]; at: Date },
): Promise<void> {
  if (endings.length === 0) return;
  await tx
    .insertInto('expirationWarnings')
    .values(endings.map(({ subject, endsOn }) => ({ npn, planYear, subject, endsOn, warnedAt })))
    .onConflict((row) => row.columns(['npn', 'planYear', 'subject', 'endsOn']).doUpdateSet({ warnedAt }))
    .execute();
}

/** The open onboardings that follow one in the order of NPN and plan year, or the first ones; `limit` at the most. */
export async function openOnboardingsAfter(
  tx: Tx,
  after: OnboardingId | undefined,
  limit: number,
): Promise<OnboardingId[]> {
  let open = tx.selectFrom('onboardings').select(['npn', 'planYear']).where('closedAt', 'is', null);
  if (after) open = open.where(sql<boolean>`(npn, plan_year) > (${after.npn}, ${after.planYear})`);
  return open.orderBy('npn').orderBy('planYear').limit(limit).execute();
}

/** Has the stories of many onboardings look at their facts again, in one round trip. */
export async function wakeOnboardingsOf(tx: Tx, keys: readonly OnboardingId[]): Promise<void> {
  if (keys.length === 0) return;
  await sql`
    insert into outbox (type, payload)
    select 'wake-onboarding', jsonb_build_object('npn', npn, 'planYear', plan_year)
    from unnest(${keys.map(({ npn }) => npn)}::text[], ${keys.map(({ planYear }) => planYear)}::smallint[])
      as key (npn, plan_year)`.execute(tx);
}
