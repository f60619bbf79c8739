import { sql } from 'kysely';
import { afterContactTime } from '../../../domain/referrals/contact-times.ts';
import { type OfferPhase, offerPhaseOf } from '../../../domain/referrals/offer.ts';
import { isRepeatedCommand } from '../../../domain/repeated-commands.ts';
import { endRestSql } from '../../agents/rests.ts';
import { wakeReferralsSql } from '../../agents/serving.ts';
import { addNotice, enterStage, type ReferralChanges } from '../referral-changes.ts';
import { recordDisclosure } from './disclosures.ts';
import { endTakenOffers } from './offer-ends.ts';
import type { OfferChange, OfferRow } from './offers.ts';

/**
 * Accepts an offer. The time to call begins; it counts only within the contact times that the consumer chose, and the
 * reminder comes at half of it. Offers to other agents, who were asked at the same time, end. The caller has locked all of
 * these agents.
 * @param change with `contactShown`, that the answer to the agent shows the consumer's contact is recorded too
 */
export async function recordAcceptance(
  changes: ReferralChanges,
  change: OfferChange & { askedAgents: number; contactShown: boolean },
): Promise<{ contactDueAt: Date; contactRemindAt: Date }> {
  const { tx, referral } = changes;
  const { offer, at, recordedAt, policy, askedAgents, contactShown } = change;
  const { id: offerId, npn } = offer;
  const { contactTimes: times, timeZone } = referral;
  const contactDueAt = afterContactTime(recordedAt, policy.followUpWindowMs, { times, timeZone });
  const contactRemindAt = afterContactTime(recordedAt, policy.followUpWindowMs / 2, { times, timeZone });
  const shown = sql`select ${offerId}::uuid as offer_id, 'contact' as shown`;
  const disclosed = sql`disclosed as ${recordDisclosure(shown, { through: 'portal', at: recordedAt })}, `;
  // another offer was left unseen meanwhile: who answers this one is there, and may have capacity for another offer
  await sql`
    with accepted as (
      update offers set accepted_at = ${at}, contact_due_at = ${contactDueAt}, contact_remind_at = ${contactRemindAt}
      where id = ${offerId}
    ), ${contactShown ? disclosed : sql``}${endRestSql({ npn, at: recordedAt, by: 'answer' })}
    ${wakeReferralsSql(npn)}`.execute(tx);
  const data = { offerId, npn, contactDueAt: contactDueAt.toISOString() };
  changes.events.push({ kind: 'accepted', at, by: 'agent', data });
  const dedupeKey = `agent-found ${offerId}`;
  addNotice(changes, { kind: 'agent-found', offerId, at: recordedAt, dedupeKey });
  if (askedAgents > 1) await endTakenOffers(changes, change);
  enterStage(changes, { stage: 'accepted', waitingUntil: contactDueAt, at });
  return { contactDueAt, contactRemindAt };
}

/** Reminds the agent to call: at half time, or earlier if the consumer reports that nobody called. */
export async function remindAgentToCall(
  changes: ReferralChanges,
  { offer, at, occasion }: { offer: OfferRow; at: Date; occasion: 'half' | 'not-called' },
): Promise<void> {
  if (offerPhaseOf(offer) !== 'accepted' || (occasion === 'half' && !offer.contactRemindAt)) return;
  const { id: offerId, npn, contactDueAt, attempts } = offer;
  // after an outage the time to call may be over
  if (contactDueAt && at >= contactDueAt) return;
  // one reminder is enough, whichever occasion came first
  await changes.tx.updateTable('offers').set({ contactRemindAt: null }).where('id', '=', offerId).execute();
  addNotice(changes, {
    kind: 'contact-reminder',
    npn,
    offerId,
    at,
    ...(contactDueAt ? { untilAt: contactDueAt } : {}),
    // one at half of each time to call: that after the acceptance, and that after each try
    dedupeKey: `contact-reminder ${occasion} ${offerId} ${occasion === 'half' ? attempts : at.toISOString()}`,
  });
  changes.events.push({ kind: 'reminded-of-contact', at, by: 'service', data: { offerId, npn } });
}

/**
 * Records the consumer's report that the agent has called, which is first contact, or has not, which reminds the agent.
 * @returns the phase of the offer from then on
 */
export async function recordConsumerReport(
  changes: ReferralChanges,
  { called, ...change }: OfferChange & { called: boolean },
): Promise<OfferPhase> {
  const { offer, at, recordedAt } = change;
  const { id: offerId, npn } = offer;
  const phase = offerPhaseOf(offer);
  // a call is reported once; a missing call may be reported again on another day
  if (offer.called === called && (called || isRepeatedCommand(offer.calledReportedAt, at))) return phase;
  const reported = { called, calledReportedAt: at };
  await changes.tx.updateTable('offers').set(reported).where('id', '=', offerId).execute();
  changes.events.push({ kind: 'contact-answered', at, by: 'consumer', data: { offerId, npn, called } });
  if (phase !== 'accepted') return phase;
  if (called) {
    await recordFirstContact(changes, change);
    return 'contacted';
  }
  await remindAgentToCall(changes, { offer, at: recordedAt, occasion: 'not-called' });
  return phase;
}

/** Records first contact, whoever reports it: the time to report an outcome begins. */
export async function recordFirstContact(
  changes: ReferralChanges,
  { offer, at, recordedAt, policy }: OfferChange,
): Promise<void> {
  const closesAt = new Date(recordedAt.getTime() + policy.outcomeWindowMs);
  await sql`
    with contacted as (
      update offers set contacted_at = ${at}, closes_at = ${closesAt} where id = ${offer.id}
    )
    ${wakeReferralsSql(offer.npn)}`.execute(changes.tx);
  enterStage(changes, { stage: 'contacted', waitingUntil: closesAt, at });
}
