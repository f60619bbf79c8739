import { refuse } from '../../domain/failures.ts';
import type { Tx } from '../database/connection.ts';
import { accountExists } from './accounts.ts';
import { type AdminAction, recordAdminAction } from './admin-actions.ts';
import { endSessions } from './sessions.ts';

/**
 * Ends every session of an account, and records who did so. Nothing is recorded if there is none.
 * @returns how many have ended
 * @throws a refusal of type `not-found`
 */
export async function endSessionsOf(
  tx: Tx,
  { id, ...action }: AdminAction & { id: string },
): Promise<number> {
  if (!(await accountExists(tx, id))) refuse('not-found', 'Unknown.');
  const ended = await endSessions(tx, { accountId: id, exceptTokenSha256: undefined });
  if (ended > 0) await recordAdminAction(tx, { ...action, action: 'end-sessions', aboutAccountId: id });
  return ended;
}

/** Ends every session of everybody but one, that of the administrator, and records who did so. */
export async function endEverySession(
  tx: Tx,
  { exceptTokenSha256, ...action }: AdminAction & { exceptTokenSha256: string },
): Promise<void> {
  await tx.deleteFrom('sessions').where('tokenSha256', '<>', exceptTokenSha256).execute();
  await recordAdminAction(tx, { ...action, action: 'end-every-session' });
}
