import type { NoticeToSend } from '../../domain/notifications/notices.ts';
import type { Policy } from '../../domain/policy.ts';
import { type OfferEnd, type OfferPhase, offerPhaseOf } from '../../domain/referrals/offer.ts';
import type { ReferralCause } from '../../domain/referrals/referral.ts';
import { matchTimeAfterOpening, nextOpening } from '../../domain/time/service-calendar.ts';
import type { Tx } from '../../store/database/connection.ts';
import { chooseAgent, hasAskedEveryone } from '../../store/matching/candidates.ts';
import { recordMatchDecision } from '../../store/matching/match-decisions.ts';
import { createNotice } from '../../store/notifications/notices.ts';
import { readIntakeConsent } from '../../store/referrals/consents.ts';
import { countOffers, type OfferRow, openOffer, reserveOffer } from '../../store/referrals/offers.ts';
import { matchingWindow, recordOpening } from '../../store/referrals/referral-queue.ts';
import { enterStage, type ReferralRow, recordReferralEvent } from '../../store/referrals/referrals.ts';

/** A reserved offer with its notice. A notice without channels reaches nobody. */
export interface ReservedOffer {
  offerId: string;
  npn: string;
  number: number;
  expiresAt: string;
  notice: NoticeToSend;
  /** Set if the agent has accepted already: the workflow failed and was restarted. */
  accepted?: AcceptedPhase;
}

interface AcceptedPhase {
  phase: Exclude<OfferPhase, 'offered'>;
  deadlineAt: string;
  remindAt: string | undefined;
}

/** Result of a match. Instants are ISO text. */
export type Match =
  | { found: 'offer'; offer: ReservedOffer }
  | { found: 'not-now'; recheckAt: string }
  | { found: 'over'; because?: Extract<OfferEnd, 'withdrawn' | 'consent-expired'> };

/**
 * Finds the next agent for a referral: an offer, or why not now and when to look again, or over. Choosing and reserving
 * are one transaction; a retry finds the offer that the first call reserved. The caller has locked the referral's row.
 */
export async function match(
  tx: Tx,
  referral: ReferralRow,
  { at, policy }: { at: Date; policy: Policy },
): Promise<{ referral: ReferralRow; result: Match }> {
  if (referral.closedAt) return { referral, result: { found: 'over' } };
  const running = await openOffer(tx, referral.id);
  const { standing, expiresAt: consentEndsAt } = await readIntakeConsent(tx, { referralId: referral.id, at });
  if (standing === 'rescinded') return { referral, result: { found: 'over', because: 'withdrawn' } };
  // after first contact the outcome can still be reported, however long it takes
  if (standing === 'expired' && !running?.contactedAt)
    return { referral, result: { found: 'over', because: 'consent-expired' } };
  if (running) return { referral, result: { found: 'offer', offer: await announceOffer(tx, running, at) } };

  const opensAt = nextOpening(at, policy.serviceCalendar, referral.timeZone);
  const hasWaited = referral.causes.includes('never-open');
  // a referral that waited for a new calendar gets its matching budget from the day of the new one
  if (opensAt && hasWaited)
    return match(tx, await restartMatching(tx, referral, { at, policy }), { at, policy });
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
  const asked = await countOffers(tx, referral.id);
  if (asked >= policy.maxOffersPerReferral) return { referral, result: { found: 'over' } };
  if (!opensAt) return queueUntilCalendarChanges(tx, referral, { at, policy, consentEndsAt });
  if (opensAt > at) return queueUntilOpening(tx, referral, { at, policy, consentEndsAt, opensAt });
  const decision = { referralId: referral.id, at, asked, policy };
  const chosen = await chooseAgent(tx, referral, { at, limits: policy });
  if (!chosen) {
    const cause = (await hasAskedEveryone(tx, referral, at)) ? 'everyone-asked' : 'nobody-available';
    await recordMatchDecision(tx, { ...decision, cause });
    return queueReferral(tx, referral, { at, policy, consentEndsAt, cause });
  }
  const { npn } = chosen;
  await recordMatchDecision(tx, { ...decision, ...chosen });
  const offer = await reserveOffer(tx, { referralId: referral.id, npn, number: asked + 1, at, policy });
  const reserved = await announceOffer(tx, offer, at);
  const { offerId, number, expiresAt } = reserved;
  const data = { offerId, npn, number, expiresAt };
  await recordReferralEvent(tx, referral.id, { kind: 'offered', at, by: 'service', data });
  return {
    referral: await enterStage(tx, referral, { stage: 'offering', waitingUntil: offer.expiresAt, at }),
    result: { found: 'offer', offer: reserved },
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
): Promise<{ referral: ReferralRow; result: Match }> {
  // no waiting beyond the consent, because no agent is asked after it
  const waitingUntil = earlier(latestWait, consentEndsAt);
  const recheckAt = earlier(plannedRecheck, consentEndsAt);
  const waiting = { stage: 'queued' as const, causes: [cause], waitingUntil, at };
  return {
    referral: await enterStage(tx, referral, waiting),
    result: { found: 'not-now', recheckAt: recheckAt.toISOString() },
  };
}

/** Queues a referral while the service is closed. When it opens, waiting referrals are matched in their order. */
async function queueUntilOpening(
  tx: Tx,
  referral: ReferralRow,
  { at, policy, consentEndsAt, opensAt }: QueueContext & { opensAt: Date },
): Promise<{ referral: ReferralRow; result: Match }> {
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
function queueUntilCalendarChanges(
  tx: Tx,
  referral: ReferralRow,
  about: QueueContext,
): Promise<{ referral: ReferralRow; result: Match }> {
  const recheckAt = new Date(about.at.getTime() + calendarRecheckMs);
  return queueReferral(tx, referral, { ...about, cause: 'never-open', waitingUntil: recheckAt, recheckAt });
}

async function restartMatching(
  tx: Tx,
  referral: ReferralRow,
  { at, policy }: { at: Date; policy: Policy },
): Promise<ReferralRow> {
  const newWindow = matchingWindow(at, referral.timeZone, policy);
  await tx
    .updateTable('referrals')
    .set({ ...newWindow, causes: [] })
    .where('id', '=', referral.id)
    .execute();
  return { ...referral, ...newWindow, causes: [] };
}

async function announceOffer(tx: Tx, offer: OfferRow, at: Date): Promise<ReservedOffer> {
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

/** Phase and deadlines of an accepted offer; undefined while it is unanswered. */
function acceptedPhase(offer: OfferRow): AcceptedPhase | undefined {
  const phase = offerPhaseOf(offer);
  if (phase === 'offered') return undefined;
  const deadlineAt = (phase === 'contacted' ? offer.closesAt : offer.contactDueAt) ?? offer.expiresAt;
  return {
    phase,
    deadlineAt: deadlineAt.toISOString(),
    remindAt: phase === 'accepted' ? offer.contactRemindAt?.toISOString() : undefined,
  };
}
