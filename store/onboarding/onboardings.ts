import { sql } from 'kysely';
import type { Expiration } from '../../domain/onboarding/expirations.ts';
import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import type { OnboardingStage } from '../../domain/stages.ts';
import type { Tx } from '../database/connection.ts';

/** An onboarding as stored. Only activities write its stage (docs/architecture.md, rule 1). */
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
 * Locks an onboarding's row till the transaction ends, so that a decision is written before its facts can change. Plan
 * years of one agent share the account and its invitation, so an advisory lock lets one of them be reviewed at a time.
 * A lock on the agent's row would not do: matching skips agents whose rows are locked, and at first there is no row.
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
 * Locks all onboardings of some agents till the transaction ends, in the order of NPN and plan year, before the rows of
 * the agents and of deliveries (docs/decisions/0031-lock-order.md).
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

/** Returns whether there is such an onboarding and it is open. */
export async function isOnboardingOpen(tx: Tx, { npn, planYear }: OnboardingId): Promise<boolean> {
  const row = await tx
    .selectFrom('onboardings')
    .select('npn')
    .where('npn', '=', npn)
    .where('planYear', '=', planYear)
    .where('closedAt', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}

/** Order in which stages decide the current plan year: the furthest first. Closed stages are missing and come last. */
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
 * Reads the plan year that an agent's pages show: the one they are active for, else one in which they have something to
 * do or are suspended, else an open one, else a closed one. Of equals the newest. Undefined if there is none.
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

/** Counts a reminder of missing terms. @returns its number, from 1 */
export async function countTermsReminder(tx: Tx, { npn, planYear }: OnboardingId): Promise<number> {
  const { termsRemindersSent } = await tx
    .updateTable('onboardings')
    .set((row) => ({ termsRemindersSent: row('termsRemindersSent', '+', 1) }))
    .where('npn', '=', npn)
    .where('planYear', '=', planYear)
    .returning('termsRemindersSent')
    .executeTakeFirstOrThrow();
  return termsRemindersSent;
}

/** Records that a late invitation was explained. */
export async function saveLateness(
  tx: Tx,
  { npn, planYear, at }: OnboardingId & { at: Date },
): Promise<void> {
  await tx
    .updateTable('onboardings')
    .set({ lateNotifiedAt: at })
    .where('npn', '=', npn)
    .where('planYear', '=', planYear)
    .execute();
}

/** Records which expirations an agent was warned of, so that each warning time before an expiration warns once. */
export async function saveExpirationWarnings(
  tx: Tx,
  {
    npn,
    planYear,
    expirations,
    at: warnedAt,
  }: OnboardingId & { expirations: readonly Expiration[]; at: Date },
): Promise<void> {
  if (expirations.length === 0) return;
  await tx
    .insertInto('expirationWarnings')
    .values(expirations.map(({ subject, endsOn }) => ({ npn, planYear, subject, endsOn, warnedAt })))
    .onConflict((row) => row.columns(['npn', 'planYear', 'subject', 'endsOn']).doUpdateSet({ warnedAt }))
    .execute();
}
