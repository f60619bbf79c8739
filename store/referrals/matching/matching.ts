import type { WishObstacle } from '../../../domain/matching/agent-wish.ts';
import type { Policy } from '../../../domain/policy.ts';
import { type OfferEnd, offerEndRules } from '../../../domain/referrals/offer.ts';
import type { Outcome, ReferralCause } from '../../../domain/referrals/referral.ts';
import { matchTimeAfterOpening, nextOpening } from '../../../domain/time/service-calendar.ts';
import type { Tx } from '../../database/connection.ts';
import type { Keyring } from '../../encryption/keyring.ts';
import { type ChosenAgent, chooseAgent, hasAskedEveryone } from '../../matching/candidates.ts';
import { recordMatchDecision } from '../../matching/match-decisions.ts';
import { chooseWishedAgent, readAgentWish } from '../../matching/wished-agent.ts';
import { endOffer } from '../offers/offer-ends.ts';
import { lockAskedAgents, type OfferRow, readLastOutcome } from '../offers/offers.ts';
import { enterStage, type ReferralChanges } from '../referral-changes.ts';
import { recordOpening, restartMatchingWindow } from '../referral-queue.ts';
import type { ReferralRow } from '../referrals.ts';
import { announceOffers, askAgent, askBeside, type OfferedMatch } from './ask-agent.ts';
import { type OffersSoFar, readMatchFacts } from './match-facts.ts';

/** Result of a match. */
export type MatchResult =
  | OfferedMatch
  | { found: 'not-now'; recheckAt: Date }
  /** `because`: the end that closes the referral, with the outcome if an agent reported one. */
  | { found: 'over'; because?: OfferEnd; outcome?: Outcome };

/** The instant of a match, the policy in force, and what opens the name of an agent whom the consumer asks for. */
interface MatchContext {
  at: Date;
  policy: Policy;
  keyring: Pick<Keyring, 'masterKeys'>;
  /** No other agent is asked, because the referral is over for its workflow. */
  onlyOpen?: true;
}

/**
 * Finds the next agent for a referral: an offer, or why not now and when to look again, or over. Choosing and reserving
 * are one transaction; a retry finds the offers that the first call reserved. While a referral has an open offer another
 * agent is asked only where policy lets offers overlap, and never beside an agent who has accepted. The caller has locked
 * the referral's row.
 */
export async function matchReferral(changes: ReferralChanges, about: MatchContext): Promise<MatchResult> {
  const { tx, referral } = changes;
  const { at, policy } = about;
  if (referral.closedAt) return { found: 'over' };
  const { open, soFar, consent, consentEndsAt } = await readMatchFacts(tx, { referralId: referral.id, at });
  if (consent === 'rescinded') return closeOpen(changes, { ...about, open, because: 'withdrawn' });
  // after first contact the outcome can still be reported, however long it takes
  if (consent === 'expired' && !open.some(({ contactedAt }) => contactedAt))
    return closeOpen(changes, { ...about, open, because: 'consent-expired' });
  if (
    open.length > 0 &&
    (about.onlyOpen || !policy.offerOverlap || open.some(({ acceptedAt }) => acceptedAt))
  )
    return announceOffers(tx, open);
  // the run that ended the offer was itself ended before it closed the referral
  if (soFar.closingEnd) {
    const outcome = await readLastOutcome(tx, referral.id);
    return closeOpen(changes, { ...about, open, because: soFar.closingEnd, outcome });
  }
  if (about.onlyOpen) return { found: 'over' };
  const search = { ...about, open, soFar };
  return open.length > 0 ? askBeside(changes, search) : askNext(changes, { ...search, consentEndsAt });
}

/** Asks the next agent, nobody being asked now, unless the service is closed, or the search is over. */
async function askNext(
  changes: ReferralChanges,
  search: QueueContext & { open: readonly OfferRow[]; soFar: OffersSoFar },
): Promise<MatchResult> {
  const { tx, referral } = changes;
  const { at, policy, keyring, soFar } = search;
  const opensAt = nextOpening(at, policy.serviceCalendar, referral.timeZone);
  const hasWaited = referral.causes.includes('never-open');
  // a referral that waited for a new calendar gets its matching budget from the day of the new one
  if (opensAt && hasWaited) {
    changes.referral = await restartMatchingWindow(tx, referral, { at, policy });
    return askNext(changes, search);
  }
  if (!hasWaited && at >= referral.budgetEndsAt) return { found: 'over' };
  // the contact can be corrected for the whole window, however many agents were asked
  if (referral.contactWrongAt)
    return queueReferral(changes, { ...search, cause: 'contact-wrong', recheckAt: referral.budgetEndsAt });
  if (soFar.asked >= policy.maxOffersPerReferral) return { found: 'over' };
  if (!opensAt) return queueUntilCalendarChanges(changes, search);
  if (opensAt > at) return queueUntilOpening(changes, { ...search, opensAt });
  const { chosen, wishUnmet } = await choose(tx, referral, { at, made: soFar.made, policy, keyring });
  if (chosen) return askAgent(changes, { ...search, chosen, wishUnmet });
  const haveAllBeenAsked = soFar.asked > 0 && (await hasAskedEveryone(tx, referral, at));
  const cause = haveAllBeenAsked ? 'everyone-asked' : 'nobody-available';
  await recordMatchDecision(tx, { referralId: referral.id, at, asked: soFar.made, policy, cause, wishUnmet });
  return queueReferral(changes, { ...search, cause });
}

/** Ends what is open of a referral that is over, for a run that was started after an earlier one had not done so. */
async function closeOpen(
  changes: ReferralChanges,
  {
    open,
    because,
    outcome,
    at,
    policy,
  }: Pick<MatchContext, 'at' | 'policy'> & {
    open: readonly OfferRow[];
    because: OfferEnd;
    outcome?: Outcome | undefined;
  },
): Promise<MatchResult> {
  const { by } = offerEndRules[because];
  if (open[0]) await lockAskedAgents(changes.tx, open[0]);
  for (const offer of open) await endOffer(changes, { offer, end: because, by, at, recordedAt: at, policy });
  return { found: 'over', because, ...(outcome ? { outcome } : {}) };
}

/** Chooses the agent to ask: for the first offer the one whom the consumer asked for, else by the ladder. */
async function choose(
  tx: Tx,
  referral: ReferralRow,
  { at, made, policy: limits, keyring }: Pick<MatchContext, 'at' | 'policy' | 'keyring'> & { made: number },
): Promise<{ chosen: ChosenAgent | undefined; wishUnmet: WishObstacle | null }> {
  const about = { at, limits };
  if (made > 0)
    return { chosen: await chooseAgent(tx, referral, { ...about, lockedInVain: [] }), wishUnmet: null };
  const wish = await readAgentWish(tx, keyring, referral);
  const { chosen, unmet, lockedInVain } = await chooseWishedAgent(tx, referral, { ...about, wish });
  return {
    chosen: chosen ?? (await chooseAgent(tx, referral, { ...about, lockedInVain })),
    wishUnmet: unmet,
  };
}

interface QueueContext extends MatchContext {
  /** End of the consent; null if it lasts as long as the request. */
  consentEndsAt: Date | null;
}

function earlier(one: Date, other: Date | null): Date {
  return other && other < one ? other : one;
}

/**
 * Queues a referral for which no agent was found: it waits to be woken, looks again, and gives up when its budget ends.
 */
function queueReferral(
  changes: ReferralChanges,
  about: QueueContext & { cause: ReferralCause; waitingUntil?: Date; recheckAt?: Date },
): MatchResult {
  const { at, policy, consentEndsAt, cause } = about;
  const { budgetEndsAt } = changes.referral;
  const recheckAt = about.recheckAt ?? earlier(new Date(at.getTime() + policy.recheckAfterMs), budgetEndsAt);
  // no waiting beyond the consent, because no agent is asked after it
  const waitingUntil = earlier(about.waitingUntil ?? budgetEndsAt, consentEndsAt);
  enterStage(changes, { stage: 'queued', causes: [cause], waitingUntil, at });
  return { found: 'not-now', recheckAt: earlier(recheckAt, consentEndsAt) };
}

/** Queues a referral while the service is closed. When it opens, waiting referrals are matched in their order. */
async function queueUntilOpening(
  changes: ReferralChanges,
  { opensAt, ...about }: QueueContext & { opensAt: Date },
): Promise<MatchResult> {
  const { tx, referral } = changes;
  const { ahead, agents } = await recordOpening(tx, referral, opensAt);
  const { offerWindowMs } = about.policy;
  const matchAt = matchTimeAfterOpening({ opensAt, ahead, agents, offerWindowMs });
  const recheckAt = earlier(matchAt, referral.budgetEndsAt);
  // waiting until then, which can be later than the opening, so that it does not count as overdue before
  return queueReferral(changes, { ...about, cause: 'outside-hours', waitingUntil: recheckAt, recheckAt });
}

/** Interval of checks for a new calendar: one that never opens has no instant to wait for. */
const calendarRecheckMs = 3_600_000;

/** Queues a referral while the calendar never opens. It waits for a new calendar, as long as its consent lasts. */
function queueUntilCalendarChanges(changes: ReferralChanges, about: QueueContext): MatchResult {
  const recheckAt = new Date(about.at.getTime() + calendarRecheckMs);
  return queueReferral(changes, { ...about, cause: 'never-open', waitingUntil: recheckAt, recheckAt });
}
