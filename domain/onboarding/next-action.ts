import { finalStages, type OnboardingStage } from '../stages.ts';
import { type Facts } from './facts.ts';
import type { Duty } from './next-step.ts';
import { type Standing, standingAt } from './standing.ts';

/**
 * What the service does by itself next, if no fact comes before: a duty, another stage, a look because causes or
 * states change then, or nothing.
 */
export type NextAction =
  | { does: Duty | 'look-again'; at: Date }
  | { does: 'go-on'; stage: OnboardingStage; at: Date }
  | { does: 'nothing' };

/**
 * When another invitation goes out by itself after one that failed at a good address; undefined: none does, the
 * address is bad, or the time before is over by then.
 */
export function nextInvitationAt(stage: OnboardingStage, facts: Facts): Date | undefined {
  const retryAt = facts.invitation?.retryAt;
  if (stage !== 'invitation-undeliverable' || !retryAt) return undefined;
  return standingAt(retryAt, facts).due === 'invite' ? retryAt : undefined;
}

/** What comes next of an onboarding by itself: facts, an instant and the standing at it → the action and when. */
export function nextActionOf(now: Date, facts: Facts, standing: Standing): NextAction {
  const { stage, due, nextChangeAt: at } = standing;
  if (due) return { does: due, at: now };
  if (!at || finalStages.has(stage)) return { does: 'nothing' };
  const then = standingAt(at, facts);
  if (then.due) return { does: then.due, at };
  return then.stage === stage ? { does: 'look-again', at } : { does: 'go-on', stage: then.stage, at };
}
