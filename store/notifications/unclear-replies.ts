import { sql } from 'kysely';
import type { Tx } from '../database/connection.ts';
import { lockOnboardingsOfPhone, startTexts } from './text-opt-outs.ts';

/** A phone whose texts stopped with a reply that was not understood, by those it belongs to; never the phone. */
export interface UnclearReply {
  id: string;
  stoppedAt: Date;
  /** Agents who gave it. */
  npns: string[];
  /** Open requests of consumers who gave it. */
  referralIds: string[];
}

/** Whether texts go there again, or stay off as its owner wished. */
export type TextDecision = 'again' | 'off';

/** Those that nobody has decided about, the oldest first. */
export async function unclearReplies(tx: Tx, limit: number): Promise<UnclearReply[]> {
  const { rows } = await sql<UnclearReply>`
    select t.id, t.stopped_at,
           array(select a.npn::text from agents a where a.phone = t.phone order by a.npn) as npns,
           array(select r.id::text from consumer_contacts c join referrals r on r.id = c.referral_id
                  where c.phone = t.phone and r.closed_at is null order by r.created_at) as referral_ids
    from text_opt_outs t
    where t.stopped_by = 'unclear-reply'
    order by t.stopped_at, t.id
    limit ${limit}`.execute(tx);
  return rows;
}

/** What came of a decision; `otherwise`: somebody has decided before, and not so. */
export type DecisionResult = 'done' | 'otherwise' | 'unknown';

/** Decides about one, with who and why. A decision stands: said again, also at the same moment, it changes nothing. */
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
  // the onboardings of whoever has the phone come first, as wherever texts stop or start (decision 0031)
  await lockByOptOut(tx, id);
  // whoever comes at the same moment waits here and finds what the first has decided
  const row = await tx
    .selectFrom('textOptOuts')
    .select(['phone', 'stoppedBy'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  const kept = await tx
    .selectFrom('textStopDecisions')
    .select('texts')
    .where('optOutId', '=', id)
    .executeTakeFirst();
  if (kept) return kept.texts === texts ? 'done' : 'otherwise';
  if (row?.stoppedBy !== 'unclear-reply') return 'unknown';
  await tx.insertInto('textStopDecisions').values({ optOutId: id, texts, accountId, reason, at }).execute();
  if (texts === 'again') await startTexts(tx, { phone: row.phone, by: 'ops', at });
  else await tx.updateTable('textOptOuts').set({ stoppedBy: 'reply' }).where('id', '=', id).execute();
  return 'done';
}

async function lockByOptOut(tx: Tx, id: string): Promise<void> {
  const stopped = await tx.selectFrom('textOptOuts').select('phone').where('id', '=', id).executeTakeFirst();
  if (stopped) await lockOnboardingsOfPhone(tx, stopped.phone);
}
