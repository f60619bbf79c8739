import { sql } from 'kysely';
import type { Policy } from '../../domain/policy.ts';
import { afterServiceTime, nextOpening } from '../../domain/time/service-calendar.ts';
import type { Tx } from '../database/connection.ts';
import { enqueue } from '../outbox.ts';
import { addNotice, changesOf, enterStage, writeChanges } from './referral-changes.ts';
import type { ReferralRow } from './referrals.ts';

/** Computes the matching window of a request that starts now: the end of its time budget, and the opening it waits for. */
export function matchingWindow(at: Date, timeZone: string, policy: Policy) {
  const { serviceCalendar, referralBudgetMs } = policy;
  const opensAt = nextOpening(at, serviceCalendar, timeZone);
  return {
    budgetEndsAt: afterServiceTime(at, referralBudgetMs, serviceCalendar, timeZone),
    opensAt: opensAt && opensAt > at ? opensAt : null,
  };
}

/** Starts a referral's workflow, in the caller's transaction. It sends the notice with the consumer's link (`linkNotice`). */
export async function startReferralWorkflow(tx: Tx, referralId: string): Promise<void> {
  await enqueue(tx, { type: 'start-referral', payload: { referralId } });
}

/** Has the workflow of an open referral read its rows again, or starts it if it is missing. */
export async function wakeReferralWorkflow(tx: Tx, referralId: string): Promise<void> {
  await enqueue(tx, { type: 'wake-referral', payload: { referralId } });
}

/** The notice with the link to the status page. */
export const linkNotice = ({ id, at }: { id: string; at: Date }) =>
  ({ kind: 'referral-received', at, dedupeKey: `referral-received ${id}` }) as const;

/** Starts matching for a request that was unconfirmed: its time budget begins now. */
export async function startMatching(
  tx: Tx,
  referral: ReferralRow,
  { at, policy }: { at: Date; policy: Policy },
): Promise<void> {
  const changes = changesOf(tx, await restartMatchingWindow(tx, referral, { at, policy }));
  enterStage(changes, { stage: 'queued', at });
  addNotice(changes, linkNotice({ id: referral.id, at }));
  await writeChanges(changes);
  await startReferralWorkflow(tx, referral.id);
}

/** Starts a referral's matching window anew: its time budget begins now, and whatever it waited for is over. */
export async function restartMatchingWindow(
  tx: Tx,
  referral: ReferralRow,
  { at, policy }: { at: Date; policy: Policy },
): Promise<ReferralRow> {
  const restarted = { ...matchingWindow(at, referral.timeZone, policy), causes: [] };
  await tx
    .updateTable('referrals')
    .set({ ...restarted, deleteAt: null })
    .where('id', '=', referral.id)
    .execute();
  return { ...referral, ...restarted };
}

/**
 * Records the opening of the service that a referral waits for.
 * @returns `ahead`: earlier referrals of its state that wait for the same opening; `agents`: agents who serve that state
 */
export async function recordOpening(
  tx: Tx,
  { id, state, createdAt, opensAt: recorded }: ReferralRow,
  opensAt: Date,
): Promise<{ ahead: number; agents: number }> {
  if (recorded?.getTime() !== opensAt.getTime())
    await tx.updateTable('referrals').set({ opensAt }).where('id', '=', id).execute();
  const { rows } = await sql<{ ahead: number; agents: number }>`
    select
      (select count(*)::integer from referrals
        where state = ${state} and opens_at = ${opensAt} and stage = 'queued'
          and (created_at, id) < (${createdAt}, ${id})) as ahead,
      (select count(distinct npn)::integer from serving where state = ${state}) as agents`.execute(tx);
  return rows[0] ?? { ahead: 0, agents: 0 };
}
