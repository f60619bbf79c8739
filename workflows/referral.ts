import { allHandlersFinished, condition, continueAsNew, workflowInfo } from '@temporalio/workflow';
import type { ReferralState } from '../activities/referrals/change-referral.ts';
import { type OfferEnd, offerEndRules } from '../domain/referrals/offer.ts';
import type { Outcome } from '../domain/referrals/referral.ts';
import type { ReferralStage } from '../domain/stages.ts';
import type { ReferralId } from './messages.ts';
import { startOffer, untilEnded } from './offer-turn.ts';
import {
  activities,
  apply,
  createReferralRun,
  findAgent,
  isStopped,
  type Offer,
  type ReferralRun,
  show,
  whileBusy,
} from './referral-run.ts';
import { waitSummaries } from './referral-summaries.ts';
import { setMessageHandlers } from './referral-updates.ts';
import { now, waitFor } from './wait.ts';

/** How the cascade ended, with the outcome if an agent reported one. */
interface CascadeResult {
  stage: 'closed' | 'unmatched' | 'withdrawn';
  outcome?: Outcome;
}

/**
 * Finds an agent for one consumer: offers the referral to one agent at a time, each with 15 minutes to answer, until
 * one accepts. An agent who then makes no contact within 60 minutes is replaced by the next one. After contact the agent
 * reports the outcome, and without a report the referral closes in the end.
 */
export async function referral({ referralId }: ReferralId): Promise<ReferralStage> {
  const run = createReferralRun(referralId);
  setMessageHandlers(run);
  const result = await cascade(run);
  await close(run, result);
  await condition(() => allHandlersFinished() && run.notifier.isDone());
  return (run.latest as ReferralState).stage;
}

/** Asks one agent after another until an offer's end closes the referral, or no other agent may be asked. */
async function cascade(run: ReferralRun): Promise<CascadeResult> {
  while (!isStopped(run)) {
    const offer = await nextOffer(run);
    if (!offer) break;
    const end = await untilEnded(run, offer);
    if (offerEndRules[end].then === 'close') return { stage: stageAfter(end), outcome: offer.outcome };
    await continueAsNewIfLong(run);
  }
  if (run.endBefore) return { stage: stageAfter(run.endBefore.end), outcome: run.endBefore.outcome };
  if (run.withdrawn) return { stage: 'withdrawn' };
  return { stage: run.closedByOps ? 'closed' : 'unmatched' };
}

/** Waits until an agent is found; undefined when the referral is stopped or its time to look has passed. */
async function nextOffer(run: ReferralRun): Promise<Offer | undefined> {
  while (!isStopped(run)) {
    const match = await findAgent(run);
    if (match.found === 'over') {
      if (match.because) run.endBefore = { end: match.because, outcome: match.outcome };
      return undefined;
    }
    void run.notifier.send(match.notices.filter(({ kind }) => kind !== 'offer'));
    if (match.found === 'offer') return startOffer(run, match.offer, match);
    show(run, match);
    const summary = waitSummaries.nextLook(match.recheckAt, match.causes);
    await waitFor(() => run.woken || isStopped(run), { until: match.recheckAt, summary });
    await continueAsNewIfLong(run);
  }
  return undefined;
}

/** Closes the referral with the result of the cascade. */
async function close(run: ReferralRun, { stage, outcome }: CascadeResult): Promise<void> {
  const { referralId } = run;
  apply(run, await whileBusy(run, () => activities.closeReferral({ referralId, stage, outcome, at: now() })));
}

/** Continues as new between two matches, unless an update waits for its answer or a notice is being sent. */
async function continueAsNewIfLong(run: ReferralRun): Promise<void> {
  if (isStopped(run) || !workflowInfo().continueAsNewSuggested) return;
  if (allHandlersFinished() && run.notifier.isDone())
    await continueAsNew<typeof referral>({ referralId: run.referralId });
}

/** Final stage of a referral by the end of its last offer. */
function stageAfter(end: OfferEnd): CascadeResult['stage'] {
  if (end === 'withdrawn') return 'withdrawn';
  // the consent ran out before an agent had helped
  return end === 'consent-expired' ? 'unmatched' : 'closed';
}
