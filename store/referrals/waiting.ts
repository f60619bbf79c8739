import { sql } from 'kysely';
import type { Tx } from '../database/connection.ts';
import type { ReferralRow } from './referrals.ts';

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
