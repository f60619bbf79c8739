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
  /** From the fixed list; only an agent gives one. */
  reason?: DepartureReason;
}

/**
 * Records that an agent takes part no more, in the caller's transaction: his row, an event for each open onboarding,
 * and their wake. The review closes them and takes running offers back. Who left stays as he left, however often it is
 * recorded, unless he has died since; after he came back with a later onboarding he can leave anew.
 * @returns whether it was recorded now; undefined: there is no such agent
 */
export async function recordDeparture(
  tx: Tx,
  { npn, because, by, at, reason }: Departure,
): Promise<boolean | undefined> {
  // a story holds its own row before the agent's: in this order nobody waits for the other
  const open = await lockOpenOnboardings(tx, npn);
  const agent = await tx
    .selectFrom('agents')
    .select(['leftAt', 'leftBecause'])
    .where('npn', '=', npn)
    .forUpdate()
    .executeTakeFirst();
  if (!agent) return undefined;
  const diesAfterwards = because === 'death' && agent.leftBecause !== 'death';
  if (agent.leftAt && !diesAfterwards && !(await hasReturned(tx, { npn, since: agent.leftAt }))) return false;
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

/** Somebody who had left takes part again: what matching reads says so. That he had left stays among the events. */
export async function clearDeparture(tx: Tx, npn: string): Promise<void> {
  await tx
    .updateTable('agents')
    .set({ leftAt: null, leftBecause: null, leftBy: null })
    .where('npn', '=', npn)
    .execute();
}

/** Whether an onboarding has opened since somebody left. */
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

/** What an agent who has left is still told: that he may not use a consumer's contact any more. */
export const sentAfterLeaving: ReadonlySet<NoticeKind> = new Set<NoticeKind>(['offer-over']);

const canceledKinds = (Object.keys(noticeKinds) as NoticeKind[]).filter(
  (kind) => noticeKinds[kind].to === 'agent' && !sentAfterLeaving.has(kind),
);

/** Nobody writes to an agent any more: his link is dead, and what was about to be told to him is not. */
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
