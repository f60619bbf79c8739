import { finalStages, type OnboardingStage } from '../stages.ts';
import { type OnboardingFacts } from './facts.ts';
import { type PendingStep, pendingSteps } from './pending-step.ts';
import { type Standing, standingAt } from './standing.ts';

/**
 * Next automatic action of an onboarding if no new fact comes first: a pending step, a change of stage (`go-on`), a
 * review because causes or states change (`look-again`), or nothing.
 */
export type NextAction =
  | { does: PendingStep | 'look-again'; at: Date }
  | { does: 'go-on'; stage: OnboardingStage; at: Date }
  | { does: 'nothing' };

export const nextActionKinds = [...pendingSteps, 'look-again', 'go-on'] as const satisfies readonly Exclude<
  NextAction['does'],
  'nothing'
>[];

/**
 * Instant of the next automatic invitation after one that failed at a good address. Undefined: there is none, because
 * the address is bad or the onboarding will be in another stage by then.
 */
export function nextInvitationAt(stage: OnboardingStage, facts: OnboardingFacts): Date | undefined {
  const retryAt = facts.invitation?.retryAt;
  if (stage !== 'invitation-undeliverable' || !retryAt) return undefined;
  return standingAt(retryAt, facts).pendingStep === 'invite' ? retryAt : undefined;
}

/** Computes the next automatic action and its instant from the facts and the standing at `now`. */
export function nextActionOf(now: Date, facts: OnboardingFacts, standing: Standing): NextAction {
  const { stage, pendingStep, nextChangeAt: at } = standing;
  if (pendingStep) return { does: pendingStep, at: now };
  if (!at || finalStages.has(stage)) return { does: 'nothing' };
  const then = standingAt(at, facts);
  if (then.pendingStep) return { does: then.pendingStep, at };
  return then.stage === stage ? { does: 'look-again', at } : { does: 'go-on', stage: then.stage, at };
}
