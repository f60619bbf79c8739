import { randomInt, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { channels, providerAcceptanceMeaning } from '../../domain/notifications/contact.ts';
import type { Policy } from '../../domain/policy.ts';
import type { OfferEnd } from '../../domain/referrals/offer.ts';
import type { Tx } from '../database/connection.ts';
import { wasSeenInPortal } from './disclosures.ts';

/** One agent's exclusive turn, from reservation to its one end. */
export interface OfferRow {
  id: string;
  referralId: string;
  npn: string;
  number: number;
  offeredAt: Date;
  expiresAt: Date;
  acceptedAt: Date | null;
  contactDueAt: Date | null;
  contactRemindAt: Date | null;
  /** Whether the agent called, by the consumer's own word; null: not said. */
  called: boolean | null;
  /** When that was said last. */
  calledReportedAt: Date | null;
  contactedAt: Date | null;
  closesAt: Date | null;
  endedAt: Date | null;
  endedAs: OfferEnd | null;
}

const columns = [
  'id',
  'referralId',
  'npn',
  'number',
  'offeredAt',
  'expiresAt',
  'acceptedAt',
  'contactDueAt',
  'contactRemindAt',
  'called',
  'calledReportedAt',
  'contactedAt',
  'closesAt',
  'endedAt',
  'endedAs',
] as const;

export async function readOffer(tx: Tx, id: string): Promise<OfferRow | undefined> {
  return (await tx.selectFrom('offers').select(columns).where('id', '=', id).executeTakeFirst()) as
    | OfferRow
    | undefined;
}

/** The offer of a referral that has not ended; there is at most one. */
export async function openOffer(tx: Tx, referralId: string): Promise<OfferRow | undefined> {
  const query = tx
    .selectFrom('offers')
    .select(columns)
    .where('referralId', '=', referralId)
    .where('endedAt', 'is', null);
  return (await query.executeTakeFirst()) as OfferRow | undefined;
}

/** How many agents a referral was offered to. */
export async function countOffers(tx: Tx, referralId: string): Promise<number> {
  const { count } = await tx
    .selectFrom('offers')
    .select((row) => row.fn.countAll<number>().as('count'))
    .where('referralId', '=', referralId)
    .executeTakeFirstOrThrow();
  return count;
}

/** Reserves an agent's turn. The caller holds the referral's and the agent's rows; the window runs from `at`. */
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
  const offer = await tx
    .insertInto('offers')
    .values({
      id: randomUUID(),
      referralId,
      npn,
      number,
      shortCode: freeShortCode(npn),
      offeredAt: at,
      expiresAt: new Date(at.getTime() + policy.offerWindowMs),
      policyVersion: policy.version,
    })
    .returning(columns)
    .executeTakeFirstOrThrow();
  await tx.updateTable('agents').set({ lastOfferedAt: at }).where('npn', '=', npn).execute();
  return offer as OfferRow;
}

/** Four digits that no open offer at the agent's phone goes by: two agents can share a phone, and a reply names the code alone. */
function freeShortCode(npn: string) {
  const tried = Array.from({ length: 8 }, () => `${randomInt(1000, 10_000)}`);
  return sql<string>`(
    select code from unnest(${tried}::text[]) code
    where not exists (
      select from offers o join agents a on a.npn = o.npn
      where o.ended_at is null and o.short_code = code
        and a.phone = (select phone from agents where npn = ${npn}))
    limit 1)`;
}

/** Channels on which a message that was taken has arrived, as far as anybody will ever say. */
const channelsWithoutReports = channels.filter((channel) => providerAcceptanceMeaning[channel] === 'all');

/**
 * Whether an offer has reached its agent: silence is his own only then. Mail and texts have by the provider's report that
 * they were delivered; that it took them says nothing yet, and without a report the agent is not blamed (decision 0022).
 * Mail that was complained about has arrived, too; so has a push that was taken, and an offer that they looked at in the
 * portal while it was open.
 */
export async function wasDelivered(tx: Tx, offerId: string): Promise<boolean> {
  const { rows } = await sql<{ was: boolean }>`
    select ${wasSeenInPortal} or exists (
      select from deliveries d join notices n on n.id = d.notice_id
      where n.offer_id = o.id and n.kind = 'offer' and (d.status in ('delivered', 'complained')
        or d.status = 'sent' and d.channel = any(${channelsWithoutReports}::text[]))) as was
    from offers o where o.id = ${offerId}`.execute(tx);
  return rows[0]?.was ?? false;
}

/** Whether an agent has looked at an offer while it was open: an open inbox is a channel, too. */
export async function wasOfferSeen(tx: Tx, offerId: string): Promise<boolean> {
  const { rows } = await sql<{ was: boolean }>`
    select ${wasSeenInPortal} as was from offers o where o.id = ${offerId}`.execute(tx);
  return rows[0]?.was ?? false;
}

/**
 * A channel has refused the notice of an offer for good. Where no other one has it or is about to, its report being
 * still to come, and the offer is
 * neither answered nor seen in an open inbox, its referral hears that waiting would reach nobody. Nothing happens for a
 * notice of another kind.
 */
export async function enqueueOfferUnreachable(tx: Tx, noticeId: string): Promise<void> {
  await sql`
    insert into outbox (type, payload)
    select 'offer-unreachable', jsonb_build_object('referralId', o.referral_id, 'offerId', o.id)
    from notices n join offers o on o.id = n.offer_id
    where n.id = ${noticeId} and n.kind = 'offer' and o.ended_at is null and o.accepted_at is null
      and not ${wasSeenInPortal}
      and not exists (
        select from deliveries d
        where d.notice_id = n.id and d.status in ('pending', 'sent', 'delivered', 'complained'))`.execute(tx);
}

/** An offer with a wrong number costs the agent nothing: he is as idle as he was before it. */
export async function restoreLastOfferedAt(tx: Tx, { id, npn }: { id: string; npn: string }): Promise<void> {
  await tx
    .updateTable('agents')
    .set((agent) => ({
      lastOfferedAt: agent
        .selectFrom('offers')
        .select((offer) => offer.fn.max('offeredAt').as('at'))
        .where('npn', '=', npn)
        .where('id', '<>', id)
        .where((offer) => offer.or([offer('endedAs', 'is', null), offer('endedAs', '<>', 'wrong-number')])),
    }))
    .where('npn', '=', npn)
    .execute();
}
