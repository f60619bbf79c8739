import type { WishObstacle } from '../../domain/matching/agent-wish.ts';
import type { Policy } from '../../domain/policy.ts';
import { type OfferEnd, offerEndRules } from '../../domain/referrals/offer.ts';
import type { Outcome, ReferralCause } from '../../domain/referrals/referral.ts';
import { matchTimeAfterOpening, nextOpening } from '../../domain/time/service-calendar.ts';
import type { Tx } from '../database/connection.ts';
import { type ChosenAgent, chooseAgent, hasAskedEveryone } from '../matching/candidates.ts';
import { recordMatchDecision } from '../matching/match-decisions.ts';
import { chooseWishedAgent } from '../matching/wished-agent.ts';
import { announceOffers, askAgent, askBeside, type OfferedMatch } from './ask-agent.ts';
import { readIntakeConsent } from './consents.ts';
import { endOffer } from './offer-ends.ts';
import { lockAskedAgents, type OfferRow, openOffers, readLastOutcome, readOffersSoFar } from './offers.ts';
import { recordOpening, restartMatchingWindow } from './referral-queue.ts';
import { enterStage, type ReferralRow } from './referrals.ts';

/** Result of a match. */
export type MatchResult =
  | OfferedMatch
  | { found: 'not-now'; recheckAt: Date }
  /** `because`: the end that closes the referral, with the outcome if an agent reported one. */
  | { found: 'over'; because?: OfferEnd; outcome?: Outcome };

/** A match with the referral's row after it. */
interface Matched {
  referral: ReferralRow;
  result: MatchResult;
}

/**
 * Finds the next agent for a referral: an offer, or why not now and when to look again, or over. Choosing and reserving
 * are one transaction; a retry finds the offers that the first call reserved. While a referral has an open offer another
 * agent is asked only where policy lets offers overlap, and never beside an agent who has accepted. The caller has locked
 * the referral's row.
 * `onlyOpen`: no other agent is asked, because the referral is over for its workflow.
 */
export async function matchReferral(
  tx: Tx,
  referral: ReferralRow,
  { at, policy, onlyOpen }: { at: Date; policy: Policy; onlyOpen?: true },
): Promise<Matched> {
  if (referral.closedAt) return { referral, result: { found: 'over' } };
  const open = await openOffers(tx, referral.id);
  const { standing, expiresAt: consentEndsAt } = await readIntakeConsent(tx, { referralId: referral.id, at });
  if (standing === 'rescinded') return closeOpen(tx, referral, { open, because: 'withdrawn', at, policy });
  // after first contact the outcome can still be reported, however long it takes
  if (standing === 'expired' && !open.some(({ contactedAt }) => contactedAt))
    return closeOpen(tx, referral, { open, because: 'consent-expired', at, policy });
  if (open.length > 0 && (onlyOpen || !policy.offerOverlap || open.some(({ acceptedAt }) => acceptedAt)))
    return { referral, result: await announceOffers(tx, open, { at }) };
  const soFar = await readOffersSoFar(tx, referral.id);
  const { asked, made, closingEnd } = soFar;
  // the run that ended the offer was itself ended before it closed the referral
  if (closingEnd) {
    const outcome = await readLastOutcome(tx, referral.id);
    return closeOpen(tx, referral, { open, because: closingEnd, outcome, at, policy });
  }
  if (onlyOpen) return { referral, result: { found: 'over' } };
  if (open.length > 0) return askBeside(tx, referral, { open, soFar, at, policy });

  const opensAt = nextOpening(at, policy.serviceCalendar, referral.timeZone);
  const hasWaited = referral.causes.includes('never-open');
  // a referral that waited for a new calendar gets its matching budget from the day of the new one
  if (opensAt && hasWaited)
    return matchReferral(tx, await restartMatchingWindow(tx, referral, { at, policy }), { at, policy });
  if (!hasWaited && at >= referral.budgetEndsAt) return { referral, result: { found: 'over' } };
  // the contact can be corrected for the whole window, however many agents were asked
  if (referral.contactWrongAt)
    return queueReferral(tx, referral, {
      at,
      policy,
      consentEndsAt,
      cause: 'contact-wrong',
      recheckAt: referral.budgetEndsAt,
    });
  if (asked >= policy.maxOffersPerReferral) return { referral, result: { found: 'over' } };
  if (!opensAt) return queueUntilCalendarChanges(tx, referral, { at, policy, consentEndsAt });
  if (opensAt > at) return queueUntilOpening(tx, referral, { at, policy, consentEndsAt, opensAt });
  const { chosen, wishUnmet } = await choose(tx, referral, { at, made, policy });
  if (!chosen) {
    const haveAllBeenAsked = asked > 0 && (await hasAskedEveryone(tx, referral, at));
    const cause = haveAllBeenAsked ? 'everyone-asked' : 'nobody-available';
    await recordMatchDecision(tx, { referralId: referral.id, at, asked: made, policy, cause, wishUnmet });
    return queueReferral(tx, referral, { at, policy, consentEndsAt, cause });
  }
  return askAgent(tx, referral, { open, soFar, at, policy, chosen, wishUnmet });
}

/** Ends what is open of a referral that is over, for a run that was started after an earlier one had not done so. */
async function closeOpen(
  tx: Tx,
  referral: ReferralRow,
  {
    open,
    because,
    outcome,
    at,
    policy,
  }: {
    open: readonly OfferRow[];
    because: OfferEnd;
    outcome?: Outcome | undefined;
    at: Date;
    policy: Policy;
  },
): Promise<Matched> {
  const { by } = offerEndRules[because];
  if (open[0]) await lockAskedAgents(tx, open[0]);
  for (const offer of open)
    await endOffer(tx, { referral, offer, end: because, by, at, recordedAt: at, policy });
  return { referral, result: { found: 'over', because, ...(outcome ? { outcome } : {}) } };
}

/** Chooses the agent to ask: for the first offer the one whom the consumer asked for, else by the ladder. */
async function choose(
  tx: Tx,
  referral: ReferralRow,
  { at, made, policy: limits }: { at: Date; made: number; policy: Policy },
): Promise<{ chosen: ChosenAgent | undefined; wishUnmet: WishObstacle | null }> {
  const about = { at, limits };
  if (made > 0)
    return { chosen: await chooseAgent(tx, referral, { ...about, lockedInVain: [] }), wishUnmet: null };
  const { chosen, unmet, lockedInVain } = await chooseWishedAgent(tx, referral, about);
  return {
    chosen: chosen ?? (await chooseAgent(tx, referral, { ...about, lockedInVain })),
    wishUnmet: unmet,
  };
}

interface QueueContext {
  at: Date;
  policy: Policy;
  /** End of the consent; null if it lasts as long as the request. */
  consentEndsAt: Date | null;
}

function earlier(one: Date, other: Date | null): Date {
  return other && other < one ? other : one;
}

/**
 * Queues a referral for which no agent was found: it waits to be woken, looks again, and gives up when its budget ends.
 */
async function queueReferral(
  tx: Tx,
  referral: ReferralRow,
  {
    at,
    policy,
    consentEndsAt,
    cause,
    waitingUntil: latestWait = referral.budgetEndsAt,
    recheckAt: plannedRecheck = new Date(
      Math.min(at.getTime() + policy.recheckAfterMs, referral.budgetEndsAt.getTime()),
    ),
  }: QueueContext & { cause: ReferralCause; waitingUntil?: Date; recheckAt?: Date },
): Promise<Matched> {
  // no waiting beyond the consent, because no agent is asked after it
  const waitingUntil = earlier(latestWait, consentEndsAt);
  const recheckAt = earlier(plannedRecheck, consentEndsAt);
  const waiting = { stage: 'queued' as const, causes: [cause], waitingUntil, at };
  return {
    referral: await enterStage(tx, referral, waiting),
    result: { found: 'not-now', recheckAt },
  };
}

/** Queues a referral while the service is closed. When it opens, waiting referrals are matched in their order. */
async function queueUntilOpening(
  tx: Tx,
  referral: ReferralRow,
  { at, policy, consentEndsAt, opensAt }: QueueContext & { opensAt: Date },
): Promise<Matched> {
  const { ahead, agents } = await recordOpening(tx, referral, opensAt);
  const matchAt = matchTimeAfterOpening({ opensAt, ahead, agents, offerWindowMs: policy.offerWindowMs });
  const recheckAt = matchAt < referral.budgetEndsAt ? matchAt : referral.budgetEndsAt;
  // waiting until then, which can be later than the opening, so that it does not count as overdue before
  const closed = { at, policy, consentEndsAt, cause: 'outside-hours' as const, waitingUntil: recheckAt };
  return queueReferral(tx, referral, { ...closed, recheckAt });
}

/** Interval of checks for a new calendar: one that never opens has no instant to wait for. */
const calendarRecheckMs = 3_600_000;

/** Queues a referral while the calendar never opens. It waits for a new calendar, as long as its consent lasts. */
function queueUntilCalendarChanges(tx: Tx, referral: ReferralRow, about: QueueContext): Promise<Matched> {
  const recheckAt = new Date(about.at.getTime() + calendarRecheckMs);
  return queueReferral(tx, referral, { ...about, cause: 'never-open', waitingUntil: recheckAt, recheckAt });
}
