import { sql } from 'kysely';
import type { Tx } from '../database/connection.ts';
import { lockOnboardingsOfPhone, startTexts } from './text-opt-outs.ts';

/** A phone whose texts were stopped by an unclear reply: its agents and requests, never the number. */
export interface UnclearReply {
  id: string;
  stoppedAt: Date;
  /** Agents with this phone. */
  npns: string[];
  /** Open requests with this phone. */
  referralIds: string[];
}

/** The decision of ops: texts start again, or stay off. */
export type TextDecision = 'again' | 'off';

/** Reads the unclear replies that ops have not decided about, oldest first. */
export async function unclearReplies(tx: Tx, limit: number): Promise<UnclearReply[]> {
  const { rows } = await sql<UnclearReply>`
    select t.id, t.stopped_at,
           array(select a.npn::text from agents a where a.phone = t.phone order by a.npn) as npns,
           array(select r.id::text from contact_keys c join referrals r on r.id = c.referral_id
                  where c.channel = 'text' and c.key = t.phone_key and r.closed_at is null order by r.created_at) as referral_ids
    from text_opt_outs t
    where t.stopped_by = 'unclear-reply'
    order by t.stopped_at, t.id
    limit ${limit}`.execute(tx);
  return rows;
}

/** Result of a decision; `otherwise`: the opposite was decided before. */
export type DecisionResult = 'done' | 'otherwise' | 'unknown';

/** Records a decision about an unclear reply, with account and reason. The first decision stands; a repeat changes nothing. */
export async function decideOnReply(
  tx: Tx,
  {
    id,
    texts,
    accountId,
    reason,
    at,
  }: { id: string; texts: TextDecision; accountId: string; reason: string; at: Date },
): Promise<DecisionResult> {
  // onboardings are locked before the opt-out, as wherever texts stop or start (docs/decisions/0031-lock-order.md)
  await lockByOptOut(tx, id);
  // a concurrent decision waits here and then finds the first one
  const row = await tx
    .selectFrom('textOptOuts')
    .select(['phone', 'phoneKey', 'stoppedBy'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  const decided = await tx
    .selectFrom('textStopDecisions')
    .select('texts')
    .where('optOutId', '=', id)
    .executeTakeFirst();
  if (decided) return decided.texts === texts ? 'done' : 'otherwise';
  if (row?.stoppedBy !== 'unclear-reply') return 'unknown';
  await tx.insertInto('textStopDecisions').values({ optOutId: id, texts, accountId, reason, at }).execute();
  if (texts === 'again') await startTexts(tx, { ...row, by: 'ops', at });
  else await tx.updateTable('textOptOuts').set({ stoppedBy: 'reply' }).where('id', '=', id).execute();
  return 'done';
}

async function lockByOptOut(tx: Tx, id: string): Promise<void> {
  const stopped = await tx.selectFrom('textOptOuts').select('phone').where('id', '=', id).executeTakeFirst();
  if (stopped?.phone) await lockOnboardingsOfPhone(tx, stopped.phone);
}
