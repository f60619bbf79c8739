import type { NoticeToSend } from '../domain/notices.ts';
import { type OfferPhase, phaseOf } from '../domain/offer.ts';
import type { Policy } from '../domain/policy.ts';
import type { ReferralCause } from '../domain/referral.ts';
import { nextOpening, turnAfterOpening } from '../domain/service-calendar.ts';
import { chooseAgent, everyoneAsked } from '../store/candidates.ts';
import { isContactShareable } from '../store/consents.ts';
import type { Tx } from '../store/database.ts';
import { recordDecision } from '../store/match-decisions.ts';
import { createNotice } from '../store/notices.ts';
import { countOffers, type OfferRow, openOffer, reserveOffer } from '../store/offers.ts';
import { enterStage, type ReferralRow, recordReferralEvent } from '../store/referrals.ts';
import { queueBeforeOpening } from '../store/waiting.ts';

/** A reserved turn, with the notice by which its agent hears of it; a notice without a channel reaches nobody. */
export interface ReservedOffer {
  offerId: string;
  npn: string;
  number: number;
  expiresAt: string;
  notice: NoticeToSend;
  /** How far it has come, where its agent has accepted it already: the story was broken off and begins again. */
  accepted?: AcceptedPhase;
}

interface AcceptedPhase {
  phase: Exclude<OfferPhase, 'offered'>;
  deadlineAt: string;
  remindAt: string | undefined;
}

/** What a look for the next agent comes to. Instants are ISO text. */
export type Match =
  | { found: 'offer'; offer: ReservedOffer }
  | { found: 'not-now'; recheckAt: string }
  | { found: 'over' };

/**
 * An offer, or why not now and when to look again, or over. Choosing and reserving is one transaction; a repeat
 * finds the offer that the first one reserved. The caller holds the referral's row.
 */
export async function match(
  tx: Tx,
  referral: ReferralRow,
  { at, policy }: { at: Date; policy: Policy },
): Promise<{ referral: ReferralRow; result: Match }> {
  if (referral.closedAt || !(await isContactShareable(tx, { referralId: referral.id, at })))
    return { referral, result: { found: 'over' } };
  const running = await openOffer(tx, referral.id);
  if (running) return { referral, result: { found: 'offer', offer: await announced(tx, running, at) } };

  if (at >= referral.budgetEndsAt) return { referral, result: { found: 'over' } };
  // it can be corrected for as long as was promised, however many were asked
  if (referral.contactWrongAt)
    return queue(tx, referral, { at, policy, cause: 'contact-wrong', recheckAt: referral.budgetEndsAt });
  const asked = await countOffers(tx, referral.id);
  if (asked >= policy.maxOffersPerReferral) return { referral, result: { found: 'over' } };
  const opensAt = nextOpening(at, policy.serviceCalendar, referral.timeZone);
  if (opensAt > at) return queueTillOpening(tx, referral, { at, policy, opensAt });
  const decision = { referralId: referral.id, at, asked, policy };
  const chosen = await chooseAgent(tx, referral, { at, limits: policy });
  if (!chosen) {
    const cause = (await everyoneAsked(tx, referral, at)) ? 'everyone-asked' : 'nobody-available';
    await recordDecision(tx, { ...decision, cause });
    return queue(tx, referral, { at, policy, cause });
  }
  const { npn } = chosen;
  await recordDecision(tx, { ...decision, ...chosen });
  const offer = await reserveOffer(tx, { referralId: referral.id, npn, number: asked + 1, at, policy });
  const reserved = await announced(tx, offer, at);
  const { offerId, number, expiresAt } = reserved;
  const data = { offerId, npn, number, expiresAt };
  await recordReferralEvent(tx, referral.id, { kind: 'offered', at, by: 'service', data });
  return {
    referral: await enterStage(tx, referral, { stage: 'offering', waitingUntil: offer.expiresAt, at }),
    result: { found: 'offer', offer: reserved },
  };
}

/** Nobody fits now: the referral waits for a change, looks again by itself, and gives up with its budget. */
async function queue(
  tx: Tx,
  referral: ReferralRow,
  {
    at,
    policy,
    cause,
    waitingUntil = referral.budgetEndsAt,
    recheckAt = new Date(Math.min(at.getTime() + policy.recheckAfterMs, referral.budgetEndsAt.getTime())),
  }: { at: Date; policy: Policy; cause: ReferralCause; waitingUntil?: Date; recheckAt?: Date },
): Promise<{ referral: ReferralRow; result: Match }> {
  const waiting = { stage: 'queued' as const, causes: [cause], waitingUntil, at };
  return {
    referral: await enterStage(tx, referral, waiting),
    result: { found: 'not-now', recheckAt: recheckAt.toISOString() },
  };
}

/** The service is closed: when it opens, those who wait are looked after in their order. */
async function queueTillOpening(
  tx: Tx,
  referral: ReferralRow,
  { at, policy, opensAt }: { at: Date; policy: Policy; opensAt: Date },
): Promise<{ referral: ReferralRow; result: Match }> {
  const { ahead, agents } = await queueBeforeOpening(tx, referral, opensAt);
  const turn = turnAfterOpening({ opensAt, ahead, agents, offerWindowMs: policy.offerWindowMs });
  const recheckAt = turn < referral.budgetEndsAt ? turn : referral.budgetEndsAt;
  // its turn, which can be later than the opening: before it nothing is overdue
  const closed = { at, policy, cause: 'outside-hours' as const, waitingUntil: recheckAt };
  return queue(tx, referral, { ...closed, recheckAt });
}

async function announced(tx: Tx, offer: OfferRow, at: Date): Promise<ReservedOffer> {
  const { id: offerId, referralId, npn, number, expiresAt } = offer;
  const about = { npn, referralId, offerId, at, untilAt: expiresAt, dedupeKey: `offer ${offerId}` };
  const notice = await createNotice(tx, { kind: 'offer', ...about });
  const accepted = acceptedPhase(offer);
  return {
    offerId,
    npn,
    number,
    expiresAt: expiresAt.toISOString(),
    notice,
    ...(accepted ? { accepted } : {}),
  };
}

/** An accepted offer's own clock; undefined while it is unanswered. */
function acceptedPhase(offer: OfferRow): AcceptedPhase | undefined {
  const phase = phaseOf(offer);
  if (phase === 'offered') return undefined;
  const deadlineAt = (phase === 'contacted' ? offer.closesAt : offer.contactDueAt) ?? offer.expiresAt;
  return {
    phase,
    deadlineAt: deadlineAt.toISOString(),
    remindAt: phase === 'accepted' ? offer.contactRemindAt?.toISOString() : undefined,
  };
}
