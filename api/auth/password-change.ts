import type { Request } from 'express';
import { changePassword } from '../../store/agents/credential-changes.ts';
import type { Tx } from '../../store/database/connection.ts';
import type { SecurityLog } from './security-log.ts';

/** A new password of an account, as `changePassword` takes it. */
type NewPassword = Parameters<typeof changePassword>[1];

/** Sets a new password, in the caller's transaction, and records that it did. */
export type PasswordChanger = (tx: Tx, request: Request, change: NewPassword) => Promise<void>;

/** Creates the function that every change of a password goes through, whoever asks for it. */
export function createPasswordChanger(recordSecurity: SecurityLog): PasswordChanger {
  return async (tx, request, change) => {
    const { accountId, how } = change;
    const ended = await changePassword(tx, change);
    await recordSecurity(request, { kind: 'credentials-changed', accountId, detail: how }, tx);
    if (ended > 0)
      await recordSecurity(request, { kind: 'session-ended', accountId, detail: 'password-changed' }, tx);
  };
}
