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
  | { found: 'over'; because?: Extract<OfferEnd, 'withdrawn' | 'consent-expired'> };

/**
 * An offer, or why not now and when to look again, or over. Choosing and reserving is one transaction; a repeat
 * finds the offer that the first one reserved. The caller holds the referral's row.
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
  // after first contact the two talk: what comes of it is reported, however long it takes
  if (standing === 'expired' && !running?.contactedAt)
    return { referral, result: { found: 'over', because: 'consent-expired' } };
  if (running) return { referral, result: { found: 'offer', offer: await announceOffer(tx, running, at) } };

  const opensAt = nextOpening(at, policy.serviceCalendar, referral.timeZone);
  const hasWaited = referral.causes.includes('never-open');
  // what waited for another calendar has its time to look from the day on which there is one
  if (opensAt && hasWaited)
    return match(tx, await restartMatching(tx, referral, { at, policy }), { at, policy });
  if (!hasWaited && at >= referral.budgetEndsAt) return { referral, result: { found: 'over' } };
  // it can be corrected for as long as was promised, however many were asked
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
  /** When the consent runs out; null: with the request. */
  consentEndsAt: Date | null;
}

function earlier(one: Date, other: Date | null): Date {
  return other && other < one ? other : one;
}

/** Nobody fits now: the referral waits for a change, looks again by itself, and gives up with its budget. */
async function queueReferral(
  tx: Tx,
  referral: ReferralRow,
  {
    at,
    policy,
    consentEndsAt,
    cause,
    waitingUntil: wantedUntil = referral.budgetEndsAt,
    recheckAt: wantedAt = new Date(
      Math.min(at.getTime() + policy.recheckAfterMs, referral.budgetEndsAt.getTime()),
    ),
  }: QueueContext & { cause: ReferralCause; waitingUntil?: Date; recheckAt?: Date },
): Promise<{ referral: ReferralRow; result: Match }> {
  // nobody is asked once the consent has run out, so that nothing is waited for beyond it
  const waitingUntil = earlier(wantedUntil, consentEndsAt);
  const recheckAt = earlier(wantedAt, consentEndsAt);
  const waiting = { stage: 'queued' as const, causes: [cause], waitingUntil, at };
  return {
    referral: await enterStage(tx, referral, waiting),
    result: { found: 'not-now', recheckAt: recheckAt.toISOString() },
  };
}

/** The service is closed: when it opens, those who wait are looked after in their order. */
async function queueUntilOpening(
  tx: Tx,
  referral: ReferralRow,
  { at, policy, consentEndsAt, opensAt }: QueueContext & { opensAt: Date },
): Promise<{ referral: ReferralRow; result: Match }> {
  const { ahead, agents } = await recordOpening(tx, referral, opensAt);
  const turn = matchTimeAfterOpening({ opensAt, ahead, agents, offerWindowMs: policy.offerWindowMs });
  const recheckAt = turn < referral.budgetEndsAt ? turn : referral.budgetEndsAt;
  // its turn, which can be later than the opening: before it nothing is overdue
  const closed = { at, policy, consentEndsAt, cause: 'outside-hours' as const, waitingUntil: recheckAt };
  return queueReferral(tx, referral, { ...closed, recheckAt });
}

/** So often a referral looks whether the service has another calendar: one that never opens tells no instant to wait for. */
const calendarRecheckMs = 3_600_000;

/** The service never opens: what was taken before waits for another calendar, for as long as its consent lasts. */
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
  const looking = matchingWindow(at, referral.timeZone, policy);
  await tx
    .updateTable('referrals')
    .set({ ...looking, causes: [] })
    .where('id', '=', referral.id)
    .execute();
  return { ...referral, ...looking, causes: [] };
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

/** An accepted offer's own clock; undefined while it is unanswered. */
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
