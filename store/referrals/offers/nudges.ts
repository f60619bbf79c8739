import { sql } from 'kysely';
import { type ContactFacts, offerChannels } from '../../../domain/notifications/contact.ts';
import { nudgeChannel, type OfferMessage } from '../../../domain/referrals/nudges.ts';
import { offerPhaseOf, offerSentUntil } from '../../../domain/referrals/offer.ts';
import { marketplaceTimeZone } from '../../../domain/time/marketplace-calendar.ts';
import { isQuietHour } from '../../../domain/time/quiet-hours.ts';
import type { OpenHours } from '../../../domain/time/service-calendar.ts';
import type { Tx } from '../../database/connection.ts';
import { wasLookedAt } from '../../notifications/notice-subjects.ts';
import { contactColumns } from '../../notifications/reachability.ts';
import { addNotice, type ReferralChanges } from '../referral-changes.ts';
import type { OfferRow } from './offers.ts';

/** What decides whether and how an agent is told of an offer again, at this instant. */
interface NudgeFacts extends ContactFacts {
  timeZone: string | null;
  isSeen: boolean;
  /** The messages about the offer so far. */
  sent: OfferMessage[];
}

/**
 * Tells an agent who has neither answered nor looked at an offer again, over one channel, at most once for each of its
 * times. A time that passed during an outage is made up for only while an offer is still sent; one in the agent's quiet
 * hours is not. The caller has locked the referral and the agent.
 * @param textHours in which messages may interrupt the agent, in their time zone
 * @returns the times that are left
 */
export async function nudgeAgent(
  changes: ReferralChanges,
  { offer, at, textHours: hours }: { offer: OfferRow; at: Date; textHours: readonly OpenHours[] },
): Promise<Date[]> {
  const { tx } = changes;
  const { id: offerId, npn, nudgeAt } = offer;
  // a repeat: this time was dealt with
  if (!nudgeAt.some((time) => time <= at)) return nudgeAt;
  const facts = await readNudgeFacts(tx, offer);
  const isOver = offer.endedAt !== null || offerPhaseOf(offer) !== 'offered' || facts.isSeen;
  const left = isOver ? [] : nudgeAt.filter((time) => time > at);
  await tx.updateTable('offers').set({ nudgeAt: left }).where('id', '=', offerId).execute();
  const untilAt = offerSentUntil(offer);
  const timeZone = facts.timeZone ?? marketplaceTimeZone;
  if (isOver || at >= untilAt || isQuietHour(at, { timeZone, hours })) return left;
  const channel = nudgeChannel(offerChannels(facts), facts.sent);
  if (!channel) return left;
  const dedupeKey = `offer-nudge ${offerId} ${left.length}`;
  addNotice(changes, { kind: 'offer-nudge', npn, offerId, at, untilAt, dedupeKey, channels: [channel] });
  changes.events.push({ kind: 'offer-nudged', at, by: 'service', data: { offerId, npn, channel } });
  return left;
}

async function readNudgeFacts(tx: Tx, { id, npn }: OfferRow): Promise<NudgeFacts> {
  const { rows } = await sql<NudgeFacts>`
    select ${contactColumns}, a.time_zone, ${wasLookedAt(sql`${id}::uuid`)} as is_seen,
      (select coalesce(jsonb_agg(jsonb_build_object(
              'isNudge', n.kind = 'offer-nudge', 'channel', d.channel, 'status', d.status)), '[]')
         from notices n join deliveries d on d.notice_id = n.id
        where n.offer_id = ${id} and n.kind in ('offer', 'offer-nudge')) as sent
    from agents a where a.npn = ${npn}`.execute(tx);
  const [facts] = rows;
  if (!facts) throw new Error('an offer has an agent');
  return facts;
}
