import { allHandlersFinished, condition, continueAsNew, workflowInfo } from '@temporalio/workflow';
import type { ReferralState } from '../activities/referrals/change-referral.ts';
import type { OfferEnd } from '../domain/referrals/offer.ts';
import type { Outcome } from '../domain/referrals/referral.ts';
import type { ReferralStage } from '../domain/stages.ts';
import { isLookDue, look, untilLookIsDue } from './look-for-agent.ts';
import type { ReferralId } from './messages.ts';
import { endFromOutside } from './offer-turn.ts';
import {
  activities,
  apply,
  createReferralRun,
  isOver,
  type Offer,
  openOffers,
  type ReferralRun,
  whileBusy,
} from './referral-run.ts';
import { setMessageHandlers } from './referral-updates.ts';
import { now } from './wait.ts';

/** How the cascade ended, with the outcome if an agent reported one. */
interface CascadeResult {
  stage: 'closed' | 'unmatched' | 'withdrawn';
  outcome?: Outcome;
}

/**
 * Finds an agent for one consumer: offers the referral to one agent after another, each with 15 minutes to answer, until
 * one accepts; where policy lets offers overlap, one more is asked beside an agent who has not answered. An agent who then
 * makes no contact within 60 minutes is replaced by the next one. After contact the agent reports the outcome, and without
 * a report the referral closes in the end.
 */
export async function referral({ referralId }: ReferralId): Promise<ReferralStage> {
  const run = createReferralRun(referralId);
  setMessageHandlers(run);
  const result = await cascade(run);
  await close(run, result);
  await condition(() => allHandlersFinished() && run.notifier.isDone());
  return (run.latest as ReferralState).stage;
}

/** Asks agents until an offer's end closes the referral, or no other agent may be asked; then lets every turn end. */
async function cascade(run: ReferralRun): Promise<CascadeResult> {
  while (!run.hasLooked || !isOver(run)) {
    if (run.busy) await condition(() => !run.busy);
    else if (mustContinueAsNew(run)) await continueAsNew<typeof referral>({ referralId: run.referralId });
    else if (!run.hasLooked || isLookDue(run)) await whileBusy(run, () => look(run));
    else await untilLookIsDue(run, () => mustContinueAsNew(run));
  }
  await condition(() => run.turns === 0 || run.failure !== undefined);
  if (run.failure) throw run.failure.error;
  if (run.closing) return { stage: stageAfter(run.closing.end), outcome: run.closing.outcome };
  if (run.withdrawn) return { stage: 'withdrawn' };
  return { stage: run.closedByOps ? 'closed' : 'unmatched' };
}

/** Closes the referral with the result of the cascade. Capacity that it was woken for meanwhile goes to the next referral. */
async function close(run: ReferralRun, result: CascadeResult): Promise<void> {
  const { referralId, woken } = run;
  const closing = { referralId, ...result, at: now(), ...(woken ? { woken } : {}) };
  apply(run, await whileBusy(run, () => activities.closeReferral(closing)));
}

/**
 * True when the history is long, or of no more use because the consumer has been reached and weeks can pass until the outcome,
 * and nothing is lost by continuing as new: no update waits for its answer, no notice is being recorded or sent, and no signal
 * about an open offer is left, because the next run reads the offers from their rows.
 */
function mustContinueAsNew(run: ReferralRun): boolean {
  const isLong = workflowInfo().continueAsNewSuggested && isLookDue(run);
  return (
    (isLong || openOffers(run).some(isReached)) &&
    !run.busy &&
    allHandlersFinished() &&
    run.notifier.isDone() &&
    run.nudges === 0 &&
    openOffers(run).every((offer) => endFromOutside(run, offer) === undefined)
  );
}

/** True when the consumer of an offer has been reached since this run began. */
function isReached({ phase, beganIn }: Offer): boolean {
  return phase === 'contacted' && beganIn !== 'contacted';
}

/** Final stage of a referral by the end of its last offer. */
function stageAfter(end: OfferEnd): CascadeResult['stage'] {
  if (end === 'withdrawn') return 'withdrawn';
  // the consent ran out before an agent had helped
  return end === 'consent-expired' ? 'unmatched' : 'closed';
}
