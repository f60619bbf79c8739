import type { PasswordOwner } from '../../domain/accounts/password.ts';
import type { Tx } from '../database/connection.ts';
import { usableAccounts } from './accounts.ts';

/** A link to a new password, with what its new password must not contain. */
export interface PasswordReset {
  accountId: string;
  npn: string | null;
  owner: PasswordOwner & { username: string };
  expiresAt: Date;
}

/** Saves the link of an account; an earlier one of the account no longer works. */
export async function savePasswordReset(
  tx: Tx,
  reset: { accountId: string; id: string; tokenSha256: string; createdAt: Date; expiresAt: Date },
): Promise<void> {
  await tx
    .insertInto('passwordResets')
    .values(reset)
    .onConflict((conflict) => conflict.column('accountId').doUpdateSet(reset))
    .execute();
}

/** Finds a link by the hash of its token, expired or not; undefined if it was used or replaced, or its agent has died. */
export async function findPasswordReset(tx: Tx, tokenSha256: string): Promise<PasswordReset | undefined> {
  const row = await usableAccounts(tx)
    .innerJoin('passwordResets', 'passwordResets.accountId', 'accounts.id')
    .select(['lastName', 'email', 'expiresAt'])
    .where('tokenSha256', '=', tokenSha256)
    .executeTakeFirst();
  if (!row) return undefined;
  const { accountId, npn, expiresAt, username, firstName, lastName, email } = row;
  return { accountId, npn, expiresAt, owner: { npn, username, firstName, lastName, email } };
}

/** Uses up a link. Of any number of uses at once, one gets true. */
export async function usePasswordReset(
  tx: Tx,
  { tokenSha256, at }: { tokenSha256: string; at: Date },
): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('passwordResets')
    .where('tokenSha256', '=', tokenSha256)
    .where('expiresAt', '>', at)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Deletes the link of an account, if it has one. */
export async function deletePasswordReset(tx: Tx, accountId: string): Promise<void> {
  await tx.deleteFrom('passwordResets').where('accountId', '=', accountId).execute();
}

/** Reads what others may know of an account's owner, which a password must not contain. */
export async function readPasswordOwner(tx: Tx, accountId: string): Promise<PasswordOwner | undefined> {
  return usableAccounts(tx)
    .select(['lastName', 'email'])
    .where('accounts.id', '=', accountId)
    .executeTakeFirst();
}
