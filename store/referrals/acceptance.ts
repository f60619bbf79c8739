import { afterContactTime } from '../../domain/referrals/contact-times.ts';
import { offerPhaseOf } from '../../domain/referrals/offer.ts';
import { isRepeatedCommand } from '../../domain/repeated-commands.ts';
import { endRest } from '../agents/rests.ts';
import { wakeReferralsForAgent } from '../agents/serving.ts';
import type { Tx } from '../database/connection.ts';
import { createNotice } from '../notifications/notices.ts';
import { endTakenOffers } from './offer-ends.ts';
import { lockAskedAgents, type OfferChange, type OfferRow } from './offers.ts';
import { enterStage, type ReferralRow, recordReferralEvent } from './referrals.ts';

/**
 * Accepts an offer. The time to call begins; it counts only within the contact times that the consumer chose, and the
 * reminder comes at half of it. Offers to other agents, who were asked at the same time, end.
 */
export async function recordAcceptance(
  tx: Tx,
  change: OfferChange,
): Promise<{ referral: ReferralRow; contactDueAt: Date; contactRemindAt: Date }> {
  const { referral, offer, at, recordedAt, policy } = change;
  const askedAgents = await lockAskedAgents(tx, offer);
  const { contactTimes: times, timeZone } = referral;
  const contactDueAt = afterContactTime(recordedAt, policy.followUpWindowMs, { times, timeZone });
  const contactRemindAt = afterContactTime(recordedAt, policy.followUpWindowMs / 2, { times, timeZone });
  await tx
    .updateTable('offers')
    .set({ acceptedAt: at, contactDueAt, contactRemindAt })
    .where('id', '=', offer.id)
    .execute();
  const { id: offerId, npn } = offer;
  const data = { offerId, npn, contactDueAt: contactDueAt.toISOString() };
  await recordReferralEvent(tx, referral.id, { kind: 'accepted', at, by: 'agent', data });
  const dedupeKey = `agent-found ${offerId}`;
  await createNotice(tx, {
    kind: 'agent-found',
    referralId: referral.id,
    offerId,
    at: recordedAt,
    dedupeKey,
  });
  // another offer was left unseen meanwhile: who answers this one is there
  await endRest(tx, { npn, at: recordedAt, by: 'answer' });
  // the agent has answered, and may have capacity for another offer
  await wakeReferralsForAgent(tx, npn);
  if (askedAgents > 1) await endTakenOffers(tx, change);
  const accepted = await enterStage(tx, referral, { stage: 'accepted', waitingUntil: contactDueAt, at });
  return { referral: accepted, contactDueAt, contactRemindAt };
}

/** Reminds the agent to call: at half time, or earlier if the consumer reports that nobody called. */
export async function remindAgentToCall(
  tx: Tx,
  { offer, at, occasion }: { offer: OfferRow; at: Date; occasion: 'half' | 'not-called' },
): Promise<void> {
  if (offerPhaseOf(offer) !== 'accepted' || (occasion === 'half' && !offer.contactRemindAt)) return;
  const { id: offerId, referralId, npn, contactDueAt, attempts } = offer;
  // after an outage the time to call may be over
  if (contactDueAt && at >= contactDueAt) return;
  // one reminder is enough, whichever occasion came first
  await tx.updateTable('offers').set({ contactRemindAt: null }).where('id', '=', offerId).execute();
  await createNotice(tx, {
    kind: 'contact-reminder',
    npn,
    referralId,
    offerId,
    at,
    ...(contactDueAt ? { untilAt: contactDueAt } : {}),
    // one at half of each time to call: that after the acceptance, and that after each try
    dedupeKey: `contact-reminder ${occasion} ${offerId} ${occasion === 'half' ? attempts : at.toISOString()}`,
  });
  const data = { offerId, npn };
  await recordReferralEvent(tx, referralId, { kind: 'reminded-of-contact', at, by: 'service', data });
}

/** Records the consumer's report that the agent has called, which is first contact, or has not, which reminds the agent. */
export async function recordConsumerReport(
  tx: Tx,
  { called, ...change }: OfferChange & { called: boolean },
): Promise<ReferralRow> {
  const { referral, offer, at, recordedAt } = change;
  const { id: offerId, npn } = offer;
  // a call is reported once; a missing call may be reported again on another day
  if (offer.called === called && (called || isRepeatedCommand(offer.calledReportedAt, at))) return referral;
  await tx.updateTable('offers').set({ called, calledReportedAt: at }).where('id', '=', offerId).execute();
  const data = { offerId, npn, called };
  await recordReferralEvent(tx, referral.id, { kind: 'contact-answered', at, by: 'consumer', data });
  if (offerPhaseOf(offer) !== 'accepted') return referral;
  if (called) return recordFirstContact(tx, change);
  await remindAgentToCall(tx, { offer, at: recordedAt, occasion: 'not-called' });
  return referral;
}

/** Records first contact, whoever reports it: the time to report an outcome begins. */
export async function recordFirstContact(
  tx: Tx,
  { referral, offer, at, recordedAt, policy }: OfferChange,
): Promise<ReferralRow> {
  const closesAt = new Date(recordedAt.getTime() + policy.outcomeWindowMs);
  await tx.updateTable('offers').set({ contactedAt: at, closesAt }).where('id', '=', offer.id).execute();
  await wakeReferralsForAgent(tx, offer.npn);
  return enterStage(tx, referral, { stage: 'contacted', waitingUntil: closesAt, at });
}
