import type { DepartureCause, DepartureReason } from '../../domain/agents/departures.ts';
import { type NoticeKind, noticeKinds } from '../../domain/notifications/notices.ts';
import type { Actor } from '../../domain/stages.ts';
import type { Tx } from '../database/connection.ts';
import { recordEvent } from '../events.ts';
import { lapsePendingDeliveries } from '../notifications/deliveries.ts';
import { wakeOnboardings } from '../outbox.ts';
import { lockOpenOnboardings } from './phones.ts';

export interface Departure {
  npn: string;
  because: DepartureCause;
  by: Extract<Actor, 'agent' | 'ops'>;
  at: Date;
  /** One of a fixed list; only agents give one. */
  reason?: DepartureReason;
}

/**
 * Records that an agent leaves, in the caller's transaction: the agent's row, an event for each open onboarding, and
 * their wake. The review then closes the onboardings and rescinds running offers. A repeated departure changes nothing,
 * unless the agent has died since, or has returned with a later onboarding and leaves again.
 * @returns whether it was recorded now; undefined if there is no such agent
 */
export async function recordDeparture(
  tx: Tx,
  { npn, because, by, at, reason }: Departure,
): Promise<boolean | undefined> {
  // lock order: onboardings before the agent, as the activities do (docs/decisions/0031-lock-order.md)
  const open = await lockOpenOnboardings(tx, npn);
  const agent = await tx
    .selectFrom('agents')
    .select(['leftAt', 'leftBecause'])
    .where('npn', '=', npn)
    .forUpdate()
    .executeTakeFirst();
  if (!agent) return undefined;
  const hasDiedSince = because === 'death' && agent.leftBecause !== 'death';
  if (agent.leftAt && !hasDiedSince && !(await hasReturned(tx, { npn, since: agent.leftAt }))) return false;
  await tx
    .updateTable('agents')
    .set({ leftAt: at, leftBecause: because, leftBy: by })
    .where('npn', '=', npn)
    .execute();
  for (const planYear of open)
    await recordEvent(tx, {
      subject: { kind: 'onboarding', npn, planYear },
      kind: 'departed',
      at,
      by,
      data: { because, ...(reason ? { reason } : {}) },
    });
  await wakeOnboardings(tx, npn);
  return true;
}

/** Lets matching ask a returned agent again. The departure stays on record as an event. */
export async function clearDeparture(tx: Tx, npn: string): Promise<void> {
  await tx
    .updateTable('agents')
    .set({ leftAt: null, leftBecause: null, leftBy: null })
    .where('npn', '=', npn)
    .execute();
}

/** Checks whether an onboarding was opened after an agent left. */
async function hasReturned(tx: Tx, { npn, since }: { npn: string; since: Date }): Promise<boolean> {
  const later = await tx
    .selectFrom('onboardings')
    .select('planYear')
    .where('npn', '=', npn)
    .where('closedAt', 'is', null)
    .where('createdAt', '>', since)
    .executeTakeFirst();
  return later !== undefined;
}

/**
 * Notices that are still sent to agents who have left: that they may no longer use a consumer's contact, and what happened
 * to their account, which they may not have left themselves.
 */
export const sentAfterLeaving: ReadonlySet<NoticeKind> = new Set<NoticeKind>([
  'offer-over',
  'credentials-changed',
  'codes-refused',
  'phone-changed',
]);

const canceledKinds = (Object.keys(noticeKinds) as NoticeKind[]).filter(
  (kind) => noticeKinds[kind].to === 'agent' && !sentAfterLeaving.has(kind),
);

/** Stops writing to an agent: ends the live invitation and lapses the pending deliveries. */
export async function cancelPendingNotices(tx: Tx, { npn, at }: { npn: string; at: Date }): Promise<void> {
  await tx
    .updateTable('invitations')
    .set({ endedAt: at, endedAs: 'replaced' })
    .where('npn', '=', npn)
    .where('endedAt', 'is', null)
    .execute();
  const notices = tx
    .selectFrom('notices')
    .select('id')
    .where('npn', '=', npn)
    .where('kind', 'in', canceledKinds);
  await lapsePendingDeliveries(
    tx,
    tx.selectFrom('deliveries').select('id').where('noticeId', 'in', notices),
    at,
  );
}
