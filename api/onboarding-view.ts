import type { Condition } from '../domain/conditions.ts';
import { type Standing, standingAt } from '../domain/standing.ts';
import type { Tx } from '../store/database.ts';
import { readFacts } from '../store/facts.ts';
import type { OnboardingKey, OnboardingRow } from '../store/onboardings.ts';
import type { Onboarding } from './schemas/onboarding.ts';

/**
 * Where an onboarding stands at an instant, computed from the facts as they are: a fact that was just recorded
 * counts before the story has reviewed it. Undefined: there is no such onboarding.
 */
export async function onboardingView(tx: Tx, key: OnboardingKey, at: Date): Promise<Onboarding | undefined> {
  const known = await readFacts(tx, key);
  if (!known) return undefined;
  const standing = standingAt(at, known.facts);
  return {
    npn: key.npn,
    planYear: key.planYear,
    stage: standing.stage,
    since: sinceOf(known.row, standing, at).toISOString(),
    conditions: standing.conditions.map(conditionView),
    waitingFor: waitsOf(standing),
    nextActionAt: standing.nextChangeAt?.toISOString() ?? null,
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
