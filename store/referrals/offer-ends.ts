import type { Channel } from '../../domain/notifications/contact.ts';
import {
  type DeclineReason,
  endsWithoutTurn,
  type OfferEnd,
  offerEndRules,
  offerPhaseOf,
  recipientsOfEnd,
} from '../../domain/referrals/offer.ts';
import type { OutcomeReason } from '../../domain/referrals/referral.ts';
import type { Actor } from '../../domain/stages.ts';
import { afterServiceTime } from '../../domain/time/service-calendar.ts';
import { beginRestIfUnseen } from '../agents/rests.ts';
import { wakeReferralsForAgent } from '../agents/serving.ts';
import type { Tx } from '../database/connection.ts';
import { createNotice } from '../notifications/notices.ts';
import { readIntakeConsent } from './consents.ts';
import {
  channelsUsedFor,
  type OfferChange,
  openOffers,
  restoreLastOfferedAt,
  wasDelivered,
} from './offers.ts';
import { recordReferralEvent } from './referrals.ts';

/** The end that is claimed for an offer, by whom, and the reason that the agent gave. */
export interface ClaimedEnd {
  end: OfferEnd;
  by: Actor;
  reason?: DeclineReason | OutcomeReason;
}

/**
 * Ends an offer, notifies the people concerned, and gives the referral time to find another agent. The first end wins:
 * an offer that has ended stays as it is. `expired` becomes `unreachable` if no message was delivered. The referral's time
 * for another agent begins when this is recorded.
 * @returns the end that stands, and since when
 */
export async function endOffer(
  tx: Tx,
  about: OfferChange & ClaimedEnd,
): Promise<{ end: OfferEnd; endedAt: Date }> {
  const { referral, offer, reason, recordedAt, policy } = about;
  if (offer.endedAs && offer.endedAt) return { end: offer.endedAs, endedAt: offer.endedAt };
  const at = endedAtOf(about);
  const { end, by } = await resolveEnd(tx, { ...about, at });
  const { id: offerId, referralId, npn } = offer;
  await tx
    .updateTable('offers')
    .set({ endedAt: at, endedAs: end, endedBy: by, reason: reason ?? null })
    .where('id', '=', offerId)
    .execute();
  const data = { offerId, npn, end, ...(reason ? { reason } : {}) };
  await recordReferralEvent(tx, referralId, { kind: 'offer-ended', at, by, data });
  if (offerEndRules[end].then === 'ask-another' && offer.acceptedAt)
    await extendMatchingBudget(tx, { referral, end, at, recordedAt, policy });
  // after the call above, which records a wrong contact: nothing may be sent there
  await createEndNotices(tx, { ...about, end, by });
  if (endsWithoutTurn.includes(end)) await restoreLastOfferedAt(tx, offer);
  const isResting = (end === 'expired' || end === 'taken') && (await letRest(tx, about));
  if (!isResting) await wakeReferralsForAgent(tx, npn);
  return { end, endedAt: at };
}

/**
 * Ends the open offers of a referral to other agents than the one who has accepted. The caller has locked the agents
 * (`lockAskedAgents`).
 */
export async function endTakenOffers(tx: Tx, accepted: OfferChange): Promise<void> {
  for (const offer of await openOffers(tx, accepted.referral.id))
    if (offer.id !== accepted.offer.id)
      await endOffer(tx, { ...accepted, offer, end: 'taken', by: 'service' });
}

/** Lets the agent rest who left this offer unseen, like those before it. @returns whether they rest from now on */
async function letRest(tx: Tx, { offer, recordedAt: at, policy }: OfferChange): Promise<boolean> {
  const { id: offerId, referralId, npn } = offer;
  const { restAfterUnseen: unseenOffers } = policy;
  if (!(await beginRestIfUnseen(tx, { npn, referralId, at, after: unseenOffers }))) return false;
  const data = { offerId, npn, unseenOffers };
  await recordReferralEvent(tx, referralId, { kind: 'rest-began', at, by: 'service', data });
  return true;
}

/** Returns when an offer ended: at the deadline that it missed, however late a worker sees it, else when the end was claimed. */
function endedAtOf({ offer, end, by, at }: OfferChange & ClaimedEnd): Date {
  const deadlines: Partial<Record<OfferEnd, Date | null>> = {
    expired: offer.expiresAt,
    silent: offer.contactDueAt,
    closed: offer.closesAt,
  };
  const deadline = by === 'clock' ? deadlines[end] : undefined;
  return deadline && deadline < at ? deadline : at;
}

/** Resolves a timeout: it counts against the agent only if a message was delivered and the consent had not expired. */
async function resolveEnd(
  tx: Tx,
  { referral, offer, end, by, at }: OfferChange & ClaimedEnd,
): Promise<{ end: OfferEnd; by: Actor }> {
  if (end !== 'expired' && end !== 'silent') return { end, by };
  const { standing } = await readIntakeConsent(tx, { referralId: referral.id, at });
  if (standing === 'expired') return { end: 'consent-expired', by: 'clock' };
  const wasReached = end === 'silent' || (await wasDelivered(tx, offer.id));
  return wasReached ? { end, by } : { end: 'unreachable', by: 'service' };
}

async function createEndNotices(
  tx: Tx,
  { offer, end, by, recordedAt: at }: OfferChange & ClaimedEnd,
): Promise<void> {
  const { id: offerId, referralId, npn } = offer;
  const recipients = recipientsOfEnd(by, offerPhaseOf(offer));
  const about = { referralId, offerId, at };
  if (end === 'taken') {
    const channels = await channelsUsedFor(tx, offerId);
    if (channels.length > 0)
      await createNotice(tx, {
        ...about,
        kind: 'offer-taken',
        npn,
        channels,
        dedupeKey: `offer-taken ${offerId}`,
      });
  }
  if (recipients.includes('agent')) {
    // a referral that closes by itself, weeks after the call and at any hour, is no reason for a text
    const channels: readonly Channel[] | undefined = end === 'closed' ? ['email'] : undefined;
    const dedupeKey = `offer-over ${offerId}`;
    await createNotice(tx, {
      ...about,
      kind: 'offer-over',
      npn,
      dedupeKey,
      ...(channels ? { channels } : {}),
    });
  }
  // the notice of a closed referral is created when it closes, with its outcome
  if (recipients.includes('consumer') && offerEndRules[end].then === 'ask-another') {
    const kind = end === 'wrong-number' ? 'contact-wrong' : 'agent-gone';
    await createNotice(tx, { ...about, kind, dedupeKey: `${kind} ${offerId}` });
  }
}

/**
 * After acceptance the referral gets a full matching budget again; a wrong number gets the correction window instead.
 */
async function extendMatchingBudget(
  tx: Tx,
  { referral, end, at, recordedAt, policy }: Omit<OfferChange, 'offer'> & { end: OfferEnd },
): Promise<void> {
  const isWrong = end === 'wrong-number';
  const { contactCorrectionWindowMs, referralBudgetMs, serviceCalendar } = policy;
  const until = isWrong
    ? new Date(recordedAt.getTime() + contactCorrectionWindowMs)
    : afterServiceTime(recordedAt, referralBudgetMs, serviceCalendar, referral.timeZone);
  const budgetEndsAt = until > referral.budgetEndsAt ? until : referral.budgetEndsAt;
  await tx
    .updateTable('referrals')
    .set({
      budgetEndsAt,
      ...(isWrong ? { contactWrongAt: at } : {}),
      ...(end === 'another-asked' ? { anotherAskedAt: at } : {}),
    })
    .where('id', '=', referral.id)
    .execute();
}
