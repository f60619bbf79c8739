import type { Condition } from '../domain/conditions.ts';
import { type OnboardingCause, type Standing, standingAt } from '../domain/standing.ts';
import type { Tx } from '../store/database.ts';
import { type FactsPolicy, type Known, readFacts } from '../store/facts.ts';
import type { OnboardingKey, OnboardingRow } from '../store/onboardings.ts';
import type { Onboarding } from './schemas/onboarding.ts';

/**
 * Where an onboarding stands at an instant, computed from the facts as they are: a fact that was just recorded
 * counts before the story has reviewed it. Undefined: there is no such onboarding.
 */
export async function onboardingView(
  tx: Tx,
  { npn, planYear, at, policy }: OnboardingKey & { at: Date; policy: FactsPolicy },
): Promise<Onboarding | undefined> {
  const known = await readFacts(tx, { npn, planYear }, policy);
  if (!known) return undefined;
  const { row } = known;
  const standing = standingOf(known, at);
  return {
    npn,
    planYear,
    stage: standing.stage,
    since: sinceOf(row, standing, at).toISOString(),
    conditions: standing.conditions.map(conditionView),
    waitingFor: waitsOf(standing),
    nextActionAt: standing.nextChangeAt?.toISOString() ?? null,
  };
}

/**
 * Where an onboarding stands by its facts. One that is closed stands where it was closed: facts that came later
 * belong to a later plan year, and nothing changes it any more.
 */
export function standingOf({ row, facts }: Pick<Known, 'row' | 'facts'>, at: Date): Standing {
  if (!row.closedAt) return standingAt(at, facts);
  const { conditions } = standingAt(row.closedAt, facts);
  return {
    stage: row.stage,
    causes: row.causes as OnboardingCause[],
    conditions,
    states: [],
    covered: [],
    due: undefined,
    nextChangeAt: undefined,
    servesUntil: undefined,
  };
}

/** A condition as JSON. */
export function conditionView({ asOf, ...condition }: Condition): Onboarding['conditions'][number] {
  return { ...condition, asOf: asOf?.toISOString() ?? null };
}

/** A stage that the story has not written yet has stood since it was due, or since this very moment. */
function sinceOf(row: OnboardingRow, { stage }: Standing, at: Date): Date {
  if (row.stage === stage) return row.since;
  return row.nextChangeAt && row.nextChangeAt <= at ? row.nextChangeAt : at;
}

function waitsOf({ stage, causes }: Standing): Onboarding['waitingFor'] {
  if (causes.length > 0) return causes;
  if (stage === 'invited') return ['registration'];
  return stage === 'awaiting-eligibility' ? ['invitation'] : [];
}
