import type { Policy } from '../domain/policy.ts';
import type { ReferralCause } from '../domain/referral.ts';
import { chooseAgent, everyoneAsked } from '../store/candidates.ts';
import type { Tx } from '../store/database.ts';
import { createNotice } from '../store/notices.ts';
import { countOffers, type OfferRow, openOffer, reserveOffer } from '../store/offers.ts';
import { enterStage, type ReferralRow, recordReferralEvent } from '../store/referrals.ts';

/** What a look for the next agent comes to. Instants are ISO text. */
export type Match =
  | { found: 'offer'; offer: { offerId: string; npn: string; number: number; expiresAt: string } }
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
  if (referral.closedAt) return { referral, result: { found: 'over' } };
  const running = await openOffer(tx, referral.id);
  if (running) return { referral, result: { found: 'offer', offer: offerView(running) } };

  const asked = await countOffers(tx, referral.id);
  if (at >= referral.budgetEndsAt || asked >= policy.maxOffersPerReferral)
    return { referral, result: { found: 'over' } };
  const npn = await chooseAgent(tx, referral, { at, limits: policy });
  if (npn === undefined) {
    const cause = (await everyoneAsked(tx, referral, at)) ? 'everyone-asked' : 'nobody-available';
    return queue(tx, referral, { at, policy, cause });
  }
  const offer = await reserveOffer(tx, { referralId: referral.id, npn, number: asked + 1, at, policy });
  const { offerId, number, expiresAt } = offerView(offer);
  await recordReferralEvent(tx, referral.id, {
    kind: 'offered',
    at,
    by: 'service',
    data: { offerId, npn, number, expiresAt },
  });
  const about = { npn, referralId: referral.id, offerId, at, untilAt: offer.expiresAt };
  await createNotice(tx, { kind: 'offer', ...about, dedupeKey: `offer ${offerId}` });
  return {
    referral: await enterStage(tx, referral, { stage: 'offering', waitingUntil: offer.expiresAt, at }),
    result: { found: 'offer', offer: offerView(offer) },
  };
}

/** Nobody fits now: the referral waits for a change, looks again by itself, and gives up with its budget. */
async function queue(
  tx: Tx,
  referral: ReferralRow,
  { at, policy, cause }: { at: Date; policy: Policy; cause: ReferralCause },
): Promise<{ referral: ReferralRow; result: Match }> {
  const recheckAt = new Date(Math.min(at.getTime() + policy.recheckAfterMs, referral.budgetEndsAt.getTime()));
  const waiting = { stage: 'queued' as const, causes: [cause], waitingUntil: referral.budgetEndsAt, at };
  return {
    referral: await enterStage(tx, referral, waiting),
    result: { found: 'not-now', recheckAt: recheckAt.toISOString() },
  };
}

function offerView({ id, npn, number, expiresAt }: OfferRow) {
  return { offerId: id, npn, number, expiresAt: expiresAt.toISOString() };
}
