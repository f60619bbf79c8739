import { randomUUID } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import { mustRest, type PastOffer, type RestEnd, tellingPart } from '../../domain/agents/rests.ts';
import type { CapacityLimits } from '../../domain/matching/matching.ts';
import { openChannels } from '../../domain/notifications/contact.ts';
import type { Tx } from '../database/connection.ts';
import { recordEvent } from '../events.ts';
import { wasLookedAt } from '../notifications/notice-subjects.ts';
import { readContactFacts } from '../notifications/reachability.ts';
import type { NewNotice } from '../notifications/write-notices.ts';
import { lockOpenOnboardings } from './phones.ts';
import { wakeReferralsForAgents } from './serving.ts';

/** A time in which an agent is not offered anything, because the last offers were left unseen. */
export interface Rest {
  id: string;
  npn: string;
  beganAt: Date;
  unseenOffers: number;
  endedAt: Date | null;
}

const columns = ['id', 'npn', 'beganAt', 'unseenOffers', 'endedAt'] as const;

/** Reads a rest by its id, running or over. */
export async function readRest(tx: Tx, id: string): Promise<Rest | undefined> {
  return tx.selectFrom('rests').select(columns).where('id', '=', id).executeTakeFirst();
}

/** Reads the rest that an agent is in; undefined: none. */
export async function readRestOf(tx: Tx, npn: string): Promise<Rest | undefined> {
  return tx
    .selectFrom('rests')
    .select(columns)
    .where('npn', '=', npn)
    .where('endedAt', 'is', null)
    .executeTakeFirst();
}

/**
 * Lets an agent rest who left the last offers unseen, and asks by mail whether their hours still hold. An agent whose
 * mail comes back does not rest: they would never be asked. The caller has locked the agent.
 * @param after how many offers in a row; 0: nobody rests
 * @returns the question, which the caller sends with the notices of the referral; undefined: no rest began
 */
export async function beginRestIfUnseen(
  tx: Tx,
  { npn, at, after }: { npn: string; at: Date; after: number },
): Promise<NewNotice | undefined> {
  if (after === 0 || !mustRest(await readLastOffers(tx, { npn, count: after }), after)) return undefined;
  const contact = await readContactFacts(tx, npn);
  if (!contact || !openChannels(contact).includes('email')) return undefined;
  const { rows } = await sql<{ id: string }>`
    with resting as (
      update agents set resting_since = ${at} where npn = ${npn} and resting_since is null returning npn
    )
    insert into rests (id, npn, began_at, unseen_offers)
    select ${randomUUID()}::uuid, npn, ${at}, ${after} from resting returning id`.execute(tx);
  const [rest] = rows;
  if (!rest) return undefined;
  return {
    kind: 'hours-question',
    npn,
    at,
    dedupeKey: `hours-question ${rest.id}`,
    data: { restId: rest.id },
  };
}

/**
 * Reads the offers of an agent since the last rest that say something of them, the latest first: answered or expired ones,
 * those that can still be answered, and those that had arrived and were open for a while before another agent took them.
 */
async function readLastOffers(tx: Tx, { npn, count }: { npn: string; count: number }): Promise<PastOffer[]> {
  const { rows } = await sql<PastOffer>`
    select o.ended_as, ${wasLookedAt(sql`o.id`)} as is_seen from offers o
    where o.npn = ${npn}
      and (o.ended_at is null or o.accepted_at is not null or o.ended_as in ('expired', 'declined')
        or o.ended_as = 'taken' and o.ended_at >= o.offered_at + (o.expires_at - o.offered_at) * ${tellingPart}::float
          and exists (select from notices n join deliveries d on d.notice_id = n.id
            where n.offer_id = o.id and d.status = 'delivered'))
      and o.offered_at > coalesce((select max(r.ended_at) from rests r where r.npn = ${npn}), '-infinity')
    order by o.offered_at desc limit ${count}`.execute(tx);
  return rows;
}

interface EndOfRest {
  npn: string;
  at: Date;
  by: RestEnd;
}

/** Ends the rest of an agent, if they are in one. The caller has locked the agent. @returns whether they were */
export async function endRest(tx: Tx, end: EndOfRest): Promise<boolean> {
  const { rows } = await sql`with ${endRestSql(end)} select id from ended_rest`.execute(tx);
  return rows.length > 0;
}

/** SQL that ends a rest, as `endRest`: the parts `awake` and `ended_rest` of a statement. */
export const endRestSql = ({ npn, at, by }: EndOfRest): RawBuilder<unknown> => sql`
    awake as (
      update agents set resting_since = null where npn = ${npn} and resting_since is not null returning npn
    ), ended_rest as (
      update rests r set ended_at = ${at}, ended_by = ${by} from awake
      where r.npn = awake.npn and r.ended_at is null returning r.id
    )`;

/** What an agent says about their availability, and the capacity limits in force. */
interface Word {
  npn: string;
  at: Date;
  limits: CapacityLimits;
}

/** Ends the rest of an agent who says that their hours hold, and wakes the referrals that fit them. A repeat changes nothing. */
export async function confirmHours(tx: Tx, { npn, at, limits }: Word): Promise<void> {
  // lock order: onboardings before the agent (docs/decisions/0031-lock-order.md)
  const open = await lockOpenOnboardings(tx, npn);
  await tx.selectFrom('agents').select('npn').where('npn', '=', npn).forUpdate().execute();
  if (await endRest(tx, { npn, at, by: 'confirmed' }))
    await announceEndOfRest(tx, { npn, at, limits, open, by: 'confirmed' });
}

/** Records the end of a rest in each open onboarding and wakes the referrals that fit the agent. */
export async function announceEndOfRest(
  tx: Tx,
  { npn, at, limits, open, by }: Word & { open: readonly number[]; by: RestEnd },
): Promise<void> {
  for (const planYear of open)
    await recordEvent(tx, {
      subject: { kind: 'onboarding', npn, planYear },
      kind: 'rest-ended',
      at,
      by: 'agent',
      data: { by },
    });
  await wakeReferralsForAgents(tx, [npn], { limits });
}
