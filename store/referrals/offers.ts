import { randomInt, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { type Channel, channels, providerAcceptanceMeaning } from '../../domain/notifications/contact.ts';
import type { Policy } from '../../domain/policy.ts';
import { nudgeTimes } from '../../domain/referrals/nudges.ts';
import { closingEnds, endsWithoutTurn, type OfferEnd } from '../../domain/referrals/offer.ts';
import type { InterimOutcome, Outcome } from '../../domain/referrals/referral.ts';
import type { Tx } from '../database/connection.ts';
import { insertMessagesSql } from '../outbox.ts';
import { wasSeenInPortal } from './disclosures.ts';
import type { ReferralRow } from './referrals.ts';

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

/** A change of a referral's offer. The caller has locked the referral's row. */
export interface OfferChange {
  referral: ReferralRow;
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

/**
 * Reads an offer and locks its agent, so that changes of one agent's offers come one after another: a trigger counts the
 * agent's load at each (lock order: docs/decisions/0031-lock-order.md). The caller has locked the referral.
 */
export async function claimOffer(tx: Tx, id: string): Promise<OfferRow | undefined> {
  const offer = await readOffer(tx, id);
  if (offer)
    await tx.selectFrom('agents').select('npn').where('npn', '=', offer.npn).forNoKeyUpdate().execute();
  return offer;
}

/**
 * Locks the agents of an offer and of the other open offers of its referral, in the order of locks.
 * @returns how many
 */
export async function lockAskedAgents(tx: Tx, { id, referralId }: OfferRow): Promise<number> {
  const { rows } = await sql`
    select npn from agents
    where npn in (select npn from offers where referral_id = ${referralId} and (ended_at is null or id = ${id}))
    order by npn for no key update`.execute(tx);
  return rows.length;
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

/** What a referral has done so far to find an agent. */
export interface OffersSoFar {
  /** All offers; the last one has this number. */
  made: number;
  /** Those that count: not those that another agent took. */
  asked: number;
  /** The end of an offer that closes the referral. */
  closingEnd: OfferEnd | null;
  /** When the first agent was asked since the request, or since the last agent who had accepted lost it. */
  searchBeganAt: Date | null;
}

/** Reads what a referral has done so far to find an agent. */
export async function readOffersSoFar(tx: Tx, referralId: string): Promise<OffersSoFar> {
  const { rows } = await sql<OffersSoFar>`
    select count(*)::int as made, (count(*) filter (where ended_as is distinct from 'taken'))::int as asked,
      (array_agg(ended_as order by ended_at desc) filter (where ended_as = any(${closingEnds}::text[])))[1] as closing_end,
      min(offered_at) filter (where offered_at >= lost_at) as search_began_at
    from (
      select ended_as, ended_at, offered_at,
        coalesce(max(ended_at) filter (where accepted_at is not null) over (), '-infinity') as lost_at
      from offers where referral_id = ${referralId}
    ) o`.execute(tx);
  return rows[0] ?? { made: 0, asked: 0, closingEnd: null, searchBeganAt: null };
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

/** Reserves an offer to an agent. The caller has locked the referral and the agent; the window runs from `at`. */
export async function reserveOffer(
  tx: Tx,
  {
    referralId,
    npn,
    number,
    at,
    policy,
  }: { referralId: string; npn: string; number: number; at: Date; policy: Policy },
): Promise<OfferRow> {
  const window = { offeredAt: at, expiresAt: new Date(at.getTime() + policy.offerWindowMs) };
  const offer = await tx
    .insertInto('offers')
    .values({
      id: randomUUID(),
      referralId,
      npn,
      number,
      shortCode: freeShortCode(npn),
      ...window,
      nudgeAt: nudgeTimes(window, policy.offerNudges),
      policyVersion: policy.version,
    })
    .returning(columns)
    .executeTakeFirstOrThrow();
  await tx.updateTable('agents').set({ lastOfferedAt: at }).where('npn', '=', npn).execute();
  return offer as OfferRow;
}

/** SQL for four digits that no open offer at the agent's phone has: agents can share a phone, and a reply names the code alone. */
function freeShortCode(npn: string) {
  const tried = Array.from({ length: 8 }, () => `${randomInt(1000, 10_000)}`);
  return sql<string>`(
    select code from unnest(${tried}::text[]) code
    where not exists (
      select from offers o join agents a on a.npn = o.npn
      where o.ended_at is null and o.short_code = code
        and a.phone = (select phone from agents where npn = ${npn}))
      and not exists (
        select from test_offers t join agents a on a.npn = t.npn
        where t.short_code = code and t.expires_at > now()
          and a.phone = (select phone from agents where npn = ${npn}))
    limit 1)`;
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
 * Returns whether an offer has reached its agent, who is blamed for a missing answer only then
 * (docs/decisions/0022-what-reaches-an-agent.md). Mail and texts need the provider's report of delivery; acceptance is not
 * enough. Mail that was complained about has arrived; so has an accepted push, and an offer seen in the portal while open.
 * What arrived after the window, because a worker stood still with the message in hand, came too late to be answered.
 */
export async function wasDelivered(tx: Tx, offerId: string): Promise<boolean> {
  const { rows } = await sql<{ was: boolean }>`
    select ${wasSeenInPortal} or exists (
      select from deliveries d join notices n on n.id = d.notice_id
      where n.offer_id = o.id and ${tellsOfOffer} and d.changed_at < o.expires_at and (d.status in ('delivered', 'complained')
        or d.status = 'sent' and d.channel = any(${channelsWithoutReports}::text[]))) as was
    from offers o where o.id = ${offerId}`.execute(tx);
  return rows[0]?.was ?? false;
}

/** Returns whether the agent saw an offer in the portal while it was open; the portal counts as a channel. */
export async function wasOfferSeen(tx: Tx, offerId: string): Promise<boolean> {
  const { rows } = await sql<{ was: boolean }>`
    select ${wasSeenInPortal} as was from offers o where o.id = ${offerId}`.execute(tx);
  return rows[0]?.was ?? false;
}

/**
 * Signals a referral that its offer cannot reach the agent, after a channel permanently refused a message about the offer.
 * Does nothing if another message has arrived or still may, if the offer is answered or was seen in the portal, or if the
 * notice is of another kind.
 */
export async function enqueueOfferUnreachable(tx: Tx, noticeId: string): Promise<void> {
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

/** Restores an agent's idle time as before an offer that must not cost them their rank. */
export async function restoreLastOfferedAt(tx: Tx, { id, npn }: { id: string; npn: string }): Promise<void> {
  await tx
    .updateTable('agents')
    .set((agent) => ({
      lastOfferedAt: agent
        .selectFrom('offers')
        .select((offer) => offer.fn.max('offeredAt').as('at'))
        .where('npn', '=', npn)
        .where('id', '<>', id)
        .where((offer) =>
          offer.or([offer('endedAs', 'is', null), offer('endedAs', 'not in', [...endsWithoutTurn])]),
        ),
    }))
    .where('npn', '=', npn)
    .execute();
}
