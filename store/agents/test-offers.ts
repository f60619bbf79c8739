import { randomInt, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { AgentChannel } from '../../domain/notifications/contact.ts';
import type { DeliveryStatus } from '../../domain/notifications/notices.ts';
import type { Tx } from '../database/connection.ts';
import { createNotice } from '../notifications/notices.ts';
import { enqueue } from '../outbox.ts';

/** A test offer, and how far it came over each channel. Instants in `channels` are ISO text, as in JSON from Postgres. */
export interface TestOffer {
  id: string;
  createdAt: Date;
  expiresAt: Date;
  channels: {
    channel: AgentChannel;
    status: DeliveryStatus;
    changedAt: string;
    answeredAt: string | null;
  }[];
}

/** Time in which a test offer can be answered, as long as an offer of the guide. */
const answerWithinMs = 15 * 60_000;
/** Test offers that are shown, the latest first. */
const shown = 5;

/** Sends an agent a test offer over every channel of their preference that is open. It is about nobody and costs nothing. */
export async function sendTestOffer(tx: Tx, { npn, at }: { npn: string; at: Date }): Promise<string> {
  const id = randomUUID();
  const expiresAt = new Date(at.getTime() + answerWithinMs);
  const shortCode = freeCode(npn);
  await tx.insertInto('testOffers').values({ id, npn, shortCode, createdAt: at, expiresAt }).execute();
  const about = { npn, at, untilAt: expiresAt, data: { testOfferId: id }, isRequested: true };
  const notice = await createNotice(tx, { kind: 'test-offer', ...about, dedupeKey: `test-offer ${id}` });
  if (notice.channels.length > 0) await enqueue(tx, { type: 'send-notice', payload: notice });
  return id;
}

/** SQL for four digits that no open offer at the agent's phone has: who answers that offer must not answer this one. */
function freeCode(npn: string) {
  const tried = Array.from({ length: 8 }, () => `${randomInt(1000, 10_000)}`);
  return sql<string>`(
    select code from unnest(${tried}::text[]) code
    where not exists (
      select from offers o join agents a on a.npn = o.npn
      where o.ended_at is null and o.short_code = code
        and a.phone = (select phone from agents where npn = ${npn}))
    limit 1)`;
}

/** Reads the latest test offers of an agent. */
export async function readTestOffers(tx: Tx, npn: string): Promise<TestOffer[]> {
  const { rows } = await sql<TestOffer>`
    select t.id, t.created_at, t.expires_at, (
      select coalesce(jsonb_agg(jsonb_build_object('channel', d.channel, 'status', d.status,
             'changedAt', d.changed_at, 'answeredAt', a.answered_at) order by d.channel), '[]')
        from notices n join deliveries d on d.notice_id = n.id
        left join test_offer_answers a on a.test_offer_id = t.id and a.channel = d.channel
        where n.dedupe_key = 'test-offer ' || t.id) as channels
    from test_offers t where t.npn = ${npn} order by t.created_at desc limit ${shown}`.execute(tx);
  return rows;
}

/**
 * Records that a test offer was answered over a channel. The first time stands, and an answer after its end does not count.
 * @returns when it was answered; null: not in time; undefined: there is no such test offer
 */
export async function answerTestOffer(
  tx: Tx,
  { id, channel, at }: { id: string; channel: AgentChannel; at: Date },
): Promise<{ answeredAt: Date | null } | undefined> {
  await sql`
    insert into test_offer_answers (test_offer_id, channel, answered_at)
    select id, ${channel}, ${at} from test_offers where id = ${id} and expires_at > ${at}
    on conflict do nothing`.execute(tx);
  return tx
    .selectFrom('testOffers')
    .leftJoin('testOfferAnswers', (join) =>
      join.onRef('testOfferId', '=', 'testOffers.id').on('channel', '=', channel),
    )
    .select('answeredAt')
    .where('testOffers.id', '=', id)
    .executeTakeFirst();
}

/** Reads the NPN of the agent who sent a test offer; undefined: there is no such test offer. */
export async function agentOfTestOffer(tx: Tx, id: string): Promise<string | undefined> {
  const row = await tx.selectFrom('testOffers').select('npn').where('id', '=', id).executeTakeFirst();
  return row?.npn;
}

/** Finds the running test offer with this short code at this phone (E.164), and its agent. */
export async function testOfferByCode(
  tx: Tx,
  { phone, code, at }: { phone: string; code: string; at: Date },
): Promise<{ id: string; npn: string } | undefined> {
  return tx
    .selectFrom('testOffers')
    .innerJoin('agents', 'agents.npn', 'testOffers.npn')
    .select(['testOffers.id', 'testOffers.npn'])
    .where('phone', '=', phone)
    .where('shortCode', '=', code)
    .where('expiresAt', '>', at)
    .executeTakeFirst();
}
