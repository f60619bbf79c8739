import { refuse } from '../../domain/failures.ts';
import type { Tx } from '../database/connection.ts';
import { type AdminAction, recordAdminAction } from './admin-actions.ts';
import { lockFactors, readSecondFactors, removeSecondFactors } from './second-factors.ts';
import { endSessions } from './sessions.ts';

/** An account that has lost its second factors. */
export interface ResetAccount {
  npn: string | null;
  /** Sessions that have ended. */
  ended: number;
}

/**
 * Removes every second factor of an account whose owner has lost them, ends its sessions, and records who did so. The
 * password stays.
 * @returns undefined if it has none, and nothing was changed
 * @throws a refusal: `not-found`; `not-allowed-now` for a deactivated account
 */
export async function resetFactors(
  tx: Tx,
  { id, ...action }: AdminAction & { id: string },
): Promise<ResetAccount | undefined> {
  const account = await tx
    .selectFrom('accounts')
    .select(['npn', 'deactivatedAt'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (!account) return refuse('not-found', 'Unknown.');
  const { npn, deactivatedAt } = account;
  if (deactivatedAt)
    refuse('not-allowed-now', 'The account is deactivated.', { at: deactivatedAt.toISOString() });
  const { app, passkeys, recoveryCodes } = await readSecondFactors(tx, id);
  if (!app && passkeys + recoveryCodes === 0) return undefined;
  await lockFactors(tx, id);
  await removeSecondFactors(tx, id);
  const ended = await endSessions(tx, { accountId: id, exceptTokenSha256: undefined });
  await recordAdminAction(tx, { ...action, action: 'reset-second-factors', aboutAccountId: id });
  return { npn, ended };
}
