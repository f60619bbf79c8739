import { changePassword } from '../../store/agents/credential-changes.ts';
import type { Tx } from '../../store/database/connection.ts';
import type { EventRecorder } from './security-log.ts';

/** Sets a new password, in the caller's transaction, and records that it did. Every change of a password goes through this. */
export async function changeAndRecordPassword(
  tx: Tx,
  record: EventRecorder,
  change: Parameters<typeof changePassword>[1],
): Promise<void> {
  const { accountId, how } = change;
  const ended = await changePassword(tx, change);
  await record({ kind: 'credentials-changed', accountId, detail: how });
  if (ended > 0) await record({ kind: 'session-ended', accountId, detail: 'password-changed' });
}
