import { type NoticeKind, noticeKinds } from '../../domain/notifications/notices.ts';
import type { Tx } from '../database/connection.ts';
import { lapsePendingDeliveries } from '../notifications/deliveries.ts';

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
