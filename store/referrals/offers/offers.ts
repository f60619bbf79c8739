import { type RawBuilder, sql } from 'kysely';
import { type Channel, channels, providerAcceptanceMeaning } from '../../../domain/notifications/contact.ts';
import type { Policy } from '../../../domain/policy.ts';
import { endsWithoutTurn, type OfferEnd } from '../../../domain/referrals/offer.ts';
import type { InterimOutcome, Outcome } from '../../../domain/referrals/referral.ts';
import type { Tx } from '../../database/connection.ts';
import { insertMessagesSql } from '../../outbox.ts';
import { contactShareableSql } from '../consents/consents.ts';
import { wasSeenInPortal } from './disclosures.ts';

/** The offer of a referral to one agent, from reservation to its only end. */
export interface OfferRow {
  id: string;
  referralId: string;
  npn: string;
  number: number;
  offeredAt: Date;
  expiresAt: Date;
  /** When the agent is told again, ascending, if they have neither answered nor looked; without the times that have passed. */
  nudgeAt: Date[];
  acceptedAt: Date | null;
  contactDueAt: Date | null;
  contactRemindAt: Date | null;
  /** Tries to reach the consumer that the agent reported. */
  attempts: number;
  /** By when the agent tries again. */
  nextTryAt: Date | null;
  /** Whether the agent called, as the consumer reported; null: no report. */
  called: boolean | null;
  /** Time of the last such report. */
  calledReportedAt: Date | null;
  contactedAt: Date | null;
  closesAt: Date | null;
  /** The last outcome after first contact that left the referral with the agent. */
  milestone: InterimOutcome | null;
  endedAt: Date | null;
  endedAs: OfferEnd | null;
}

/** A change of an offer of the referral whose changes are collected. */
export interface OfferChange {
  offer: OfferRow;
  /** When the person did it, or the clock ran out. */
  at: Date;
  /** When it is recorded, not before `at`: windows that begin with the change begin then. */
  recordedAt: Date;
  policy: Policy;
}

const columns = [
  'id',
  'referralId',
  'npn',
  'number',
  'offeredAt',
  'expiresAt',
  'nudgeAt',
  'acceptedAt',
  'contactDueAt',
  'contactRemindAt',
  'attempts',
  'nextTryAt',
  'called',
  'calledReportedAt',
  'contactedAt',
  'closesAt',
  'milestone',
  'endedAt',
  'endedAs',
] as const;

/** Reads an offer by its id. */
export async function readOffer(tx: Tx, id: string): Promise<OfferRow | undefined> {
  return (await tx.selectFrom('offers').select(columns).where('id', '=', id).executeTakeFirst()) as
    | OfferRow
    | undefined;
}

/** SQL: the columns of an offer `o`. */
export const offerColumns = sql.join(columns.map((column) => sql.ref(`o.${column}`)));

/**
 * Reads an offer and locks its agent, so that changes of one agent's offers come one after another: a trigger counts the
 * agent's load at each (lock order: docs/decisions/0031-lock-order.md). The caller has locked the referral, so that the
 * offer stays as it is while this waits for the agent.
 */
export async function claimOffer(tx: Tx, id: string): Promise<OfferRow | undefined> {
  const { rows } = await sql<OfferRow>`
    select ${offerColumns} from offers o join agents a on a.npn = o.npn where o.id = ${id}
    for no key update of a`.execute(tx);
  return rows[0];
}

/** An offer that is about to be accepted. */
interface OfferToAccept extends OfferRow {
  /** How many agents are asked: the offer's own, and those of the other open offers. */
  askedAgents: number;
  /** Whether its agent may have the consumer's contact. */
  isContactShareable: boolean;
}

/** Reads an offer of a referral and locks all agents who are asked, as `claimOffer` and `lockAskedAgents`. */
export async function claimAskedAgents(
  tx: Tx,
  { referralId, offerId, at }: { referralId: string; offerId: string; at: Date },
): Promise<OfferToAccept | undefined> {
  const { rows } = await sql<OfferToAccept>`
    with asked as (${askedAgents({ referralId, id: offerId })})
    select ${offerColumns}, (select count(*) from asked) as asked_agents,
      ${contactShareableSql(sql`o.referral_id`, at)} as is_contact_shareable
    from offers o where o.id = ${offerId} and o.referral_id = ${referralId}`.execute(tx);
  return rows[0];
}

/** SQL that locks the agents of an offer and of the other open offers of its referral, in the order of locks. */
const askedAgents = ({ referralId, id }: Pick<OfferRow, 'referralId' | 'id'>) => sql`
  select npn from agents
  where npn in (select npn from offers where referral_id = ${referralId} and (ended_at is null or id = ${id}))
  order by npn for no key update`;

/** Locks the agents of an offer and of the other open offers of its referral, in the order of locks. */
export async function lockAskedAgents(tx: Tx, offer: OfferRow): Promise<void> {
  await askedAgents(offer).execute(tx);
}

/**
 * Reads the open offers of a referral, the first that was made first: one that was accepted, or those that wait for an
 * answer.
 */
export async function openOffers(tx: Tx, referralId: string): Promise<OfferRow[]> {
  const query = tx
    .selectFrom('offers')
    .select(columns)
    .where('referralId', '=', referralId)
    .where('endedAt', 'is', null)
    .orderBy('number');
  return (await query.execute()) as OfferRow[];
}

/** Reads the ids of an agent's offers that can still be answered. No capacity comes near the limit. */
export async function readUnansweredOffers(
  tx: Tx,
  { npn, at }: { npn: string; at: Date },
): Promise<string[]> {
  const rows = await tx
    .selectFrom('offers')
    .select('id')
    .where('npn', '=', npn)
    .where('endedAt', 'is', null)
    .where('acceptedAt', 'is', null)
    .where('expiresAt', '>', at)
    .orderBy('offeredAt')
    .limit(20)
    .execute();
  return rows.map(({ id }) => id);
}

/** Reads the outcome that was reported last. A try to reach the consumer is none that a referral can close with. */
export async function readLastOutcome(tx: Tx, referralId: string): Promise<Outcome | undefined> {
  const row = await tx
    .selectFrom('events')
    .select(sql<Outcome>`data ->> 'outcome'`.as('outcome'))
    .where('subjectKind', '=', 'referral')
    .where('subjectId', '=', referralId)
    .where('kind', '=', 'outcome-reported')
    .where(sql<string>`data ->> 'outcome'`, '<>', 'attempted' satisfies Outcome)
    .orderBy('sequence', 'desc')
    .executeTakeFirst();
  return row?.outcome;
}

/** SQL: whether notice `n` tells an agent of an offer, for the first time or again. */
const tellsOfOffer = sql`n.kind in ('offer', 'offer-nudge')`;

/** Reads the channels over which messages about an offer have gone to its agent. */
export async function channelsUsedFor(tx: Tx, offerId: string): Promise<Channel[]> {
  const rows = await tx
    .selectFrom('deliveries')
    .innerJoin('notices', 'notices.id', 'deliveries.noticeId')
    .select('channel')
    .distinct()
    .where('offerId', '=', offerId)
    .where('status', 'in', ['sent', 'delivered'])
    .execute();
  return channels.filter((channel) => rows.some((used) => used.channel === channel));
}

/** Channels without delivery reports: acceptance by the provider is all that is ever known. */
const channelsWithoutReports = channels.filter((channel) => providerAcceptanceMeaning[channel] === 'all');

/**
 * SQL: whether offer `o` has reached its agent, who is blamed for a missing answer only then
 * (docs/decisions/0022-what-reaches-an-agent.md). Mail and texts need the provider's report of delivery; acceptance is not
 * enough. Mail that was complained about has arrived; so has an accepted push, and an offer seen in the portal while open.
 * What arrived after the window, because a worker stood still with the message in hand, came too late to be answered.
 */
const wasDelivered = sql`${wasSeenInPortal} or exists (
    select from deliveries d join notices n on n.id = d.notice_id
    where n.offer_id = o.id and ${tellsOfOffer} and d.changed_at < o.expires_at and (d.status in ('delivered', 'complained')
      or d.status = 'sent' and d.channel = any(${channelsWithoutReports}::text[])))`;

/** What decides how an offer ends whose time has run out. */
interface TimeoutFacts {
  wasDelivered: boolean;
  hasConsentExpired: boolean;
}

/** Reads what decides how an offer ends whose time has run out at an instant. */
export async function readTimeoutFacts(
  tx: Tx,
  { offerId, at }: { offerId: string; at: Date },
): Promise<TimeoutFacts> {
  const { rows } = await sql<TimeoutFacts>`
    select ${wasDelivered} as was_delivered, exists (
      select from consents c where c.referral_id = o.referral_id and c.kind = 'intake' and c.rescinded_at is null
        and c.expires_at <= ${at}) as has_consent_expired
    from offers o where o.id = ${offerId}`.execute(tx);
  return rows[0] ?? { wasDelivered: false, hasConsentExpired: false };
}

/**
 * Signals a referral that its offer cannot reach the agent, after a channel permanently refused a message about the offer.
 * Does nothing if another message has arrived or still may, if the offer is answered or was seen in the portal, or if the
 * notice is of another kind.
 */
export async function enqueueOfferUnreachable(tx: Tx, noticeId: string): Promise<void> {
  // two channels that refuse at the same moment do not see each other: the second one waits here for the first
  await sql`
    select pg_advisory_xact_lock(hashtextextended('unreachable ' || offer_id, 0))
    from notices where id = ${noticeId} and offer_id is not null`.execute(tx);
  await sql`
    ${sql.raw(insertMessagesSql('offer-unreachable', { referralId: 'o.referral_id', offerId: 'o.id' }))}
    from notices n join offers o on o.id = n.offer_id
    where n.id = ${noticeId} and ${tellsOfOffer} and o.ended_at is null and o.accepted_at is null
      and not ${wasSeenInPortal}
      and not exists (
        select from deliveries d join notices n on n.id = d.notice_id
        where n.offer_id = o.id and ${tellsOfOffer} and d.status in ('pending', 'sent', 'delivered', 'complained'))`.execute(
    tx,
  );
}

/** SQL that restores an agent's idle time as before an offer that must not cost them their rank: the part `restored` of a statement. */
export const restoreLastOfferedAtSql = ({
  id,
  npn,
}: Pick<OfferRow, 'id' | 'npn'>): RawBuilder<unknown> => sql`restored as (
      update agents set last_offered_at = (
        select max(offered_at) from offers
        where npn = ${npn} and id <> ${id} and (ended_as is null or ended_as <> all(${endsWithoutTurn}::text[])))
      where npn = ${npn}
    )`;
