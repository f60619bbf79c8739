import type { Condition } from '../../../domain/onboarding/conditions.ts';
import type { OnboardingFacts } from '../../../domain/onboarding/facts.ts';
import type { OnboardingId } from '../../../domain/onboarding/onboarding-id.ts';
import type { Standing } from '../../../domain/onboarding/standing.ts';
import type { Tx } from '../../../store/database/connection.ts';
import {
  type FactsPolicy,
  type OnboardingRecord,
  readFacts,
  readFactsOfMany,
  standingOf,
} from '../../../store/onboarding/facts.ts';
import type { OnboardingRow } from '../../../store/onboarding/onboardings.ts';
import type { OnboardingResponse } from '../../schemas/onboarding/onboarding.ts';

/**
 * Where an onboarding stands at an instant, computed from the facts as they are: a fact that was just recorded
 * counts before the story has reviewed it. Undefined: there is no such onboarding.
 */
export async function readOnboardingView(
  tx: Tx,
  { npn, planYear, at, policy }: OnboardingId & { at: Date; policy: FactsPolicy },
): Promise<OnboardingResponse | undefined> {
  const known = await readFacts(tx, { npn, planYear }, policy);
  if (!known) return undefined;
  const others = known.otherYears.map((other) => ({ npn, planYear: other.planYear }));
  const otherYears = others.length > 0 ? await readFactsOfMany(tx, others, policy) : [];
  return { npn, ...yearView(known, at), otherYears: otherYears.map((other) => yearView(other, at)) };
}

function yearView(known: OnboardingRecord, at: Date): Omit<OnboardingResponse, 'npn' | 'otherYears'> {
  const standing = standingOf(known, at);
  return {
    planYear: known.row.planYear,
    stage: standing.stage,
    since: sinceOf(known.row, standing, at).toISOString(),
    conditions: standing.conditions.map(conditionView),
    waitingFor: waitReasonsOf(standing, known.facts),
    nextActionAt: standing.nextChangeAt?.toISOString() ?? null,
  };
}

/** A condition as JSON. */
export function conditionView({ asOf, ...condition }: Condition): OnboardingResponse['conditions'][number] {
  return { ...condition, asOf: asOf?.toISOString() ?? null };
}

/** A stage that the story has not written yet has stood since it was due, or since this very moment. */
function sinceOf(row: OnboardingRow, { stage }: Standing, at: Date): Date {
  if (row.stage === stage) return row.since;
  return row.nextChangeAt && row.nextChangeAt <= at ? row.nextChangeAt : at;
}

function waitReasonsOf(
  { stage, causes }: Standing,
  { registeredAt }: Pick<OnboardingFacts, 'registeredAt'>,
): OnboardingResponse['waitingFor'] {
  if (causes.length > 0) return causes;
  if (stage === 'invited') return ['registration'];
  return stage === 'awaiting-eligibility' && !registeredAt ? ['invitation'] : [];
}
