import type { Condition } from '../../../domain/onboarding/conditions.ts';
import type { OnboardingFacts } from '../../../domain/onboarding/facts.ts';
import { nextActionOf } from '../../../domain/onboarding/next-action.ts';
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
 * Computes the state of an onboarding at an instant from its current facts. So a fact counts as soon as it is recorded,
 * before the workflow has reviewed it.
 * @returns undefined if there is no such onboarding
 */
export async function readOnboardingView(
  tx: Tx,
  { npn, planYear, at, policy }: OnboardingId & { at: Date; policy: FactsPolicy },
): Promise<OnboardingResponse | undefined> {
  const record = await readFacts(tx, { npn, planYear }, policy);
  if (!record) return undefined;
  const others = record.otherYears.map((other) => ({ npn, planYear: other.planYear }));
  const otherYears = others.length > 0 ? await readFactsOfMany(tx, others, policy) : [];
  return { npn, ...yearView(record, at), otherYears: otherYears.map((other) => yearView(other, at)) };
}

function yearView(record: OnboardingRecord, at: Date): Omit<OnboardingResponse, 'npn' | 'otherYears'> {
  const standing = standingOf(record, at);
  // a step that is due now is done in a moment, so the agent reads of what comes after the present
  const next = nextActionOf(at, record.facts, { ...standing, pendingStep: undefined });
  return {
    planYear: record.row.planYear,
    stage: standing.stage,
    since: stageSince(record.row, standing, at).toISOString(),
    conditions: standing.conditions.map(conditionView),
    waitingFor: waitReasonsOf(standing, record.facts),
    nextActionAt: standing.nextChangeAt?.toISOString() ?? null,
    nextAction: next.does === 'nothing' ? null : next.does,
    nextStage: next.does === 'go-on' ? next.stage : null,
  };
}

/** Converts a condition to JSON. */
export function conditionView({ asOf, ...condition }: Condition): OnboardingResponse['conditions'][number] {
  return { ...condition, asOf: asOf?.toISOString() ?? null };
}

/** Returns the start of a stage. A stage that the workflow has not written yet began when it was due, or just now. */
function stageSince(row: OnboardingRow, { stage }: Standing, at: Date): Date {
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
