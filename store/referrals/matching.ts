import type { NoticeToSend } from '../../domain/notifications/notices.ts';
import type { Policy } from '../../domain/policy.ts';
import { type OfferEnd, offerEndRules, offerSentUntil } from '../../domain/referrals/offer.ts';
import type { Outcome, ReferralCause } from '../../domain/referrals/referral.ts';
import { matchTimeAfterOpening, nextOpening } from '../../domain/time/service-calendar.ts';
import type { Tx } from '../database/connection.ts';
import { chooseAgent, hasAskedEveryone } from '../matching/candidates.ts';
import { recordMatchDecision } from '../matching/match-decisions.ts';
import { createNotice } from '../notifications/notices.ts';
import { readIntakeConsent } from './consents.ts';
import { type OfferRow, openOffer, readLastOutcome, readOffersSoFar, reserveOffer } from './offers.ts';
import { recordOpening, restartMatchingWindow } from './referral-queue.ts';
import { enterStage, type ReferralRow, recordReferralEvent } from './referrals.ts';

/** Result of a match. A notice without channels reaches nobody. */
export type MatchResult =
  | { found: 'offer'; offer: OfferRow; notice: NoticeToSend }
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
 * are one transaction; a retry finds the offer that the first call reserved. The caller has locked the referral's row.
 */
export async function matchReferral(
  tx: Tx,
  referral: ReferralRow,
  { at, policy }: { at: Date; policy: Policy },
): Promise<Matched> {
  if (referral.closedAt) return { referral, result: { found: 'over' } };
  const running = await openOffer(tx, referral.id);
  const { standing, expiresAt: consentEndsAt } = await readIntakeConsent(tx, { referralId: referral.id, at });
  if (standing === 'rescinded') return { referral, result: { found: 'over', because: 'withdrawn' } };
  // after first contact the outcome can still be reported, however long it takes
  if (standing === 'expired' && !running?.contactedAt)
    return { referral, result: { found: 'over', because: 'consent-expired' } };
  if (running) return { referral, result: await announceOffer(tx, running, at) };
  const { asked, lastEnd } = await readOffersSoFar(tx, referral.id);
  // the run that ended the offer was itself ended before it closed the referral
  if (lastEnd && offerEndRules[lastEnd].then === 'close') {
    const outcome = await readLastOutcome(tx, referral.id);
    return { referral, result: { found: 'over', because: lastEnd, ...(outcome ? { outcome } : {}) } };
  }

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
  const decision = { referralId: referral.id, at, asked, policy };
  const chosen = await chooseAgent(tx, referral, { at, limits: policy });
  if (!chosen) {
    const haveAllBeenAsked = asked > 0 && (await hasAskedEveryone(tx, referral, at));
    const cause = haveAllBeenAsked ? 'everyone-asked' : 'nobody-available';
    await recordMatchDecision(tx, { ...decision, cause });
    return queueReferral(tx, referral, { at, policy, consentEndsAt, cause });
  }
  const { npn } = chosen;
  await recordMatchDecision(tx, { ...decision, ...chosen });
  const offer = await reserveOffer(tx, { referralId: referral.id, npn, number: asked + 1, at, policy });
  const result = await announceOffer(tx, offer, at);
  const { id: offerId, number, expiresAt } = offer;
  const data = { offerId, npn, number, expiresAt: expiresAt.toISOString() };
  await recordReferralEvent(tx, referral.id, { kind: 'offered', at, by: 'service', data });
  return {
    referral: await enterStage(tx, referral, { stage: 'offering', waitingUntil: expiresAt, at }),
    result,
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

async function announceOffer(tx: Tx, offer: OfferRow, at: Date): Promise<MatchResult> {
  const { id: offerId, referralId, npn } = offer;
  const about = {
    npn,
    referralId,
    offerId,
    at,
    untilAt: offerSentUntil(offer),
    dedupeKey: `offer ${offerId}`,
  };
  return { found: 'offer', offer, notice: await createNotice(tx, { kind: 'offer', ...about }) };
}
