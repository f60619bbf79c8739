import { sql } from 'kysely';
import type { Policy } from '../../domain/policy.ts';
import { afterServiceTime, nextOpening } from '../../domain/time/service-calendar.ts';
import type { Tx } from '../database/connection.ts';
import { createNotice } from '../notifications/notices.ts';
import { enqueue } from '../outbox.ts';
import { enterStage, type ReferralRow } from './referrals.ts';

/** When a request that begins now is looked after: the end of its budget, and the opening it waits for. */
export function matchingWindow(at: Date, timeZone: string, policy: Policy) {
  const { serviceCalendar, referralBudgetMs } = policy;
  const opensAt = nextOpening(at, serviceCalendar, timeZone);
  return {
    budgetEndsAt: afterServiceTime(at, referralBudgetMs, serviceCalendar, timeZone),
    opensAt: opensAt && opensAt > at ? opensAt : null,
  };
}

/** What begins a referral's story: the consumer's link and the start of the workflow, in the caller's transaction. */
export async function startReferralWorkflow(tx: Tx, { id, at }: { id: string; at: Date }): Promise<void> {
  // sent by the story once it runs: the link to the status page
  const dedupeKey = `referral-received ${id}`;
  await createNotice(tx, { kind: 'referral-received', referralId: id, at, dedupeKey });
  await enqueue(tx, { type: 'start-referral', payload: { referralId: id } });
}

/** Begins with a request that was unconfirmed: its time to find an agent counts from now. */
export async function startMatching(
  tx: Tx,
  referral: ReferralRow,
  { at, policy }: { at: Date; policy: Policy },
): Promise<void> {
  const looking = matchingWindow(at, referral.timeZone, policy);
  await tx
    .updateTable('referrals')
    .set({ ...looking, deleteAt: null })
    .where('id', '=', referral.id)
    .execute();
  await enterStage(tx, referral, { stage: 'queued', at });
  await startReferralWorkflow(tx, { id: referral.id, at });
}

/**
 * Notes until when the service is closed for a referral. Answers how many of its state wait for the same opening and
 * came before it, and how many agents serve that state.
 */
export async function recordOpening(
  tx: Tx,
  { id, state, createdAt, opensAt: noted }: ReferralRow,
  opensAt: Date,
): Promise<{ ahead: number; agents: number }> {
  if (noted?.getTime() !== opensAt.getTime())
    await tx.updateTable('referrals').set({ opensAt }).where('id', '=', id).execute();
  const { rows } = await sql<{ ahead: number; agents: number }>`
    select
      (select count(*)::integer from referrals
        where state = ${state} and opens_at = ${opensAt} and stage = 'queued'
          and (created_at, id) < (${createdAt}, ${id})) as ahead,
      (select count(distinct npn)::integer from serving where state = ${state}) as agents`.execute(tx);
  return rows[0] ?? { ahead: 0, agents: 0 };
}
