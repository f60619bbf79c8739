import { finalStages, type OnboardingStage } from '../stages.ts';
import { type OnboardingFacts } from './facts.ts';
import type { PendingStep } from './pending-step.ts';
import { type Standing, standingAt } from './standing.ts';

/**
 * What the service does by itself next, if no fact comes before: a duty, another stage, a look because causes or
 * states change then, or nothing.
 */
export type NextAction =
  | { does: PendingStep | 'look-again'; at: Date }
  | { does: 'go-on'; stage: OnboardingStage; at: Date }
  | { does: 'nothing' };

/**
 * When another invitation goes out by itself after one that failed at a good address; undefined: none does, the
 * address is bad, or the time before is over by then.
 */
export function nextInvitationAt(stage: OnboardingStage, facts: OnboardingFacts): Date | undefined {
  const retryAt = facts.invitation?.retryAt;
  if (stage !== 'invitation-undeliverable' || !retryAt) return undefined;
  return standingAt(retryAt, facts).pendingStep === 'invite' ? retryAt : undefined;
}

/** What comes next of an onboarding by itself: facts, an instant and the standing at it → the action and when. */
export function nextActionOf(now: Date, facts: OnboardingFacts, standing: Standing): NextAction {
  const { stage, pendingStep, nextChangeAt: at } = standing;
  if (pendingStep) return { does: pendingStep, at: now };
  if (!at || finalStages.has(stage)) return { does: 'nothing' };
  const then = standingAt(at, facts);
  if (then.pendingStep) return { does: then.pendingStep, at };
  return then.stage === stage ? { does: 'look-again', at } : { does: 'go-on', stage: then.stage, at };
}
