import { sql } from 'kysely';
import type { Channel } from '../../../domain/notifications/contact.ts';
import {
  type DeclineReason,
  endsWithoutTurn,
  type OfferEnd,
  offerEndRules,
  offerPhaseOf,
  recipientsOfEnd,
} from '../../../domain/referrals/offer.ts';
import type { OutcomeReason } from '../../../domain/referrals/referral.ts';
import type { Actor } from '../../../domain/stages.ts';
import { afterServiceTime } from '../../../domain/time/service-calendar.ts';
import { beginRestIfUnseen } from '../../agents/rests.ts';
import { wakeReferralsForAgent, wakeReferralsSql } from '../../agents/serving.ts';
import type { Tx } from '../../database/connection.ts';
import { addNotice, type ReferralChanges } from '../referral-changes.ts';
import type { ReferralRow } from '../referrals.ts';
import {
  channelsUsedFor,
  type OfferChange,
  openOffers,
  readTimeoutFacts,
  restoreLastOfferedAtSql,
} from './offers.ts';

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
  changes: ReferralChanges,
  about: OfferChange & ClaimedEnd,
): Promise<{ end: OfferEnd; endedAt: Date }> {
  const { tx } = changes;
  const { offer, reason } = about;
  if (offer.endedAs && offer.endedAt) return { end: offer.endedAs, endedAt: offer.endedAt };
  const at = endedAtOf(about);
  const { end, by } = await resolveEnd(tx, { ...about, at });
  const { id: offerId, npn } = offer;
  const mayRest = end === 'expired' || end === 'taken';
  await sql`
    with ended as (
      update offers set ended_at = ${at}, ended_as = ${end}, ended_by = ${by}, reason = ${reason ?? null}
      where id = ${offerId}
    )${endsWithoutTurn.includes(end) ? sql`, ${restoreLastOfferedAtSql(offer)}` : sql``}
    ${mayRest ? sql`select` : wakeReferralsSql(npn)}`.execute(tx);
  changes.events.push({
    kind: 'offer-ended',
    at,
    by,
    data: { offerId, npn, end, ...(reason ? { reason } : {}) },
  });
  if (offerEndRules[end].then === 'ask-another' && offer.acceptedAt)
    await extendMatchingBudget(tx, changes.referral, { ...about, end, at });
  await addEndNotices(changes, { ...about, end, by });
  if (mayRest && !(await letRest(changes, about))) await wakeReferralsForAgent(tx, npn);
  return { end, endedAt: at };
}

/**
 * Ends the open offers of a referral to other agents than the one who has accepted. The caller has locked the agents
 * (`claimAskedAgents`).
 */
export async function endTakenOffers(changes: ReferralChanges, accepted: OfferChange): Promise<void> {
  for (const offer of await openOffers(changes.tx, changes.referral.id))
    if (offer.id !== accepted.offer.id)
      await endOffer(changes, { ...accepted, offer, end: 'taken', by: 'service' });
}

/** Lets the agent rest who left this offer unseen, like those before it. @returns whether they rest from now on */
async function letRest(
  changes: ReferralChanges,
  { offer, recordedAt: at, policy }: OfferChange,
): Promise<boolean> {
  const { id: offerId, npn } = offer;
  const { restAfterUnseen: unseenOffers } = policy;
  const question = await beginRestIfUnseen(changes.tx, { npn, at, after: unseenOffers });
  if (!question) return false;
  addNotice(changes, question);
  changes.events.push({ kind: 'rest-began', at, by: 'service', data: { offerId, npn, unseenOffers } });
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
  { offer, end, by, at }: OfferChange & ClaimedEnd,
): Promise<{ end: OfferEnd; by: Actor }> {
  if (end !== 'expired' && end !== 'silent') return { end, by };
  const { hasConsentExpired, wasDelivered } = await readTimeoutFacts(tx, { offerId: offer.id, at });
  if (hasConsentExpired) return { end: 'consent-expired', by: 'clock' };
  return end === 'silent' || wasDelivered ? { end, by } : { end: 'unreachable', by: 'service' };
}

async function addEndNotices(
  changes: ReferralChanges,
  { offer, end, by, recordedAt: at }: OfferChange & ClaimedEnd,
): Promise<void> {
  const { id: offerId, npn } = offer;
  const recipients = recipientsOfEnd(by, offerPhaseOf(offer));
  if (end === 'taken') {
    const channels = await channelsUsedFor(changes.tx, offerId);
    const dedupeKey = `offer-taken ${offerId}`;
    if (channels.length > 0)
      addNotice(changes, { kind: 'offer-taken', npn, offerId, at, channels, dedupeKey });
  }
  if (recipients.includes('agent')) {
    // a referral that closes by itself, weeks after the call and at any hour, is no reason for a text
    const channels: { channels?: readonly Channel[] } = end === 'closed' ? { channels: ['email'] } : {};
    const dedupeKey = `offer-over ${offerId}`;
    addNotice(changes, { kind: 'offer-over', npn, offerId, at, dedupeKey, ...channels });
  }
  // the notice of a closed referral is created when it closes, with its outcome
  if (recipients.includes('consumer') && offerEndRules[end].then === 'ask-another') {
    const kind = end === 'wrong-number' ? 'contact-wrong' : 'agent-gone';
    addNotice(changes, { kind, offerId, at, dedupeKey: `${kind} ${offerId}` });
  }
}

/**
 * After acceptance the referral gets a full matching budget again; a wrong number gets the correction window instead, and
 * no notice is sent there from now on.
 */
async function extendMatchingBudget(
  tx: Tx,
  referral: ReferralRow,
  { end, at, recordedAt, policy }: Pick<OfferChange, 'at' | 'recordedAt' | 'policy'> & { end: OfferEnd },
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
