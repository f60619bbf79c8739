import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Role } from '../../domain/accounts/roles.ts';
import { usernameKey } from '../../domain/accounts/username.ts';
import type { Tx } from '../database/connection.ts';

/** An account as the API knows it; only agents have an `npn` and a `firstName`. */
export interface AccountRow {
  accountId: string;
  username: string;
  role: Role;
  npn: string | null;
  firstName: string | null;
  /** Whether it needs a second factor and has none. */
  mustAddSecondFactor: boolean;
  /** Whether its password was generated for it. */
  mustReplacePassword: boolean;
  /** Counts the changes of its passkeys, its app and its recovery codes. */
  factorsVersion: number;
}

/** A password as it is stored. */
export interface StoredPassword {
  passwordHash: string;
  /** When it ends unless its owner replaces it; null: it is their own. */
  passwordEndsAt: Date | null;
}

/** SQL for `mustAddSecondFactor` (`needsSecondFactor`). */
const mustAddSecondFactor = sql<boolean>`accounts.role <> 'agent'
  and not exists (select from authenticator_apps a where a.account_id = accounts.id)
  and not exists (select from passkeys p where p.account_id = accounts.id)`;

/** Selects accounts that can be used. Those of agents who have died and deactivated ones cannot; their sessions are over. */
export const usableAccounts = (tx: Tx) =>
  tx
    .selectFrom('accounts')
    .leftJoin('agents', 'agents.npn', 'accounts.npn')
    .where(sql<boolean>`left_because is distinct from 'death'`)
    .where('deactivatedAt', 'is', null)
    .select(['accounts.id as accountId', 'username', 'role', 'accounts.npn', 'firstName', 'factorsVersion'])
    .select(sql<boolean>`password_ends_at is not null`.as('mustReplacePassword'))
    .select(mustAddSecondFactor.as('mustAddSecondFactor'));

/** Finds an account with its password by username, in any spelling (`usernameKey`). */
export async function findAccount(
  tx: Tx,
  username: string,
): Promise<(AccountRow & StoredPassword) | undefined> {
  const row = await usableAccounts(tx)
    .select(['passwordHash', 'passwordEndsAt'])
    .where(sql`lower(username)`, '=', usernameKey(username))
    .executeTakeFirst();
  return row as (AccountRow & StoredPassword) | undefined;
}

/** Finds an account by its id. */
export async function findAccountById(tx: Tx, accountId: string): Promise<AccountRow | undefined> {
  const row = await usableAccounts(tx).where('accounts.id', '=', accountId).executeTakeFirst();
  return row as AccountRow | undefined;
}

/** Checks whether there is an account with this id, whether it can be used or not. */
export async function accountExists(tx: Tx, accountId: string): Promise<boolean> {
  const row = await tx.selectFrom('accounts').select('id').where('id', '=', accountId).executeTakeFirst();
  return row !== undefined;
}

/** Reads the id of an agent's account; undefined if they have none yet. */
export async function accountIdOf(tx: Tx, npn: string): Promise<string | undefined> {
  const row = await tx.selectFrom('accounts').select('id').where('npn', '=', npn).executeTakeFirst();
  return row?.id;
}

/** Opens an agent's account. @returns its id; undefined if the username is taken */
export async function openAgentAccount(
  tx: Tx,
  { npn, username, passwordHash, at }: { npn: string; username: string; passwordHash: string; at: Date },
): Promise<string | undefined> {
  const account = await tx
    .insertInto('accounts')
    .values({ id: randomUUID(), username, passwordHash, role: 'agent', npn, createdAt: at })
    // two agents can send the same free username at once: the index decides, and the second one is refused
    .onConflict((row) => row.doNothing())
    .returning('id')
    .executeTakeFirst();
  return account?.id;
}

/**
 * Replaces a password hash by a newer one of the same password, unless the password was changed meanwhile.
 * @returns whether it did
 */
export async function replacePasswordHash(
  tx: Tx,
  { accountId, was, passwordHash }: { accountId: string; was: string; passwordHash: string },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('accounts')
    .set({ passwordHash })
    .where('id', '=', accountId)
    .where('passwordHash', '=', was)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Gives an account a password that its owner has chosen. */
export async function setPasswordHash(
  tx: Tx,
  { accountId, passwordHash }: { accountId: string; passwordHash: string },
): Promise<void> {
  const own = { passwordHash, passwordEndsAt: null };
  await tx.updateTable('accounts').set(own).where('id', '=', accountId).execute();
}

/** What an account logged in with, as it was when that was checked. */
export interface ShownCredentials {
  accountId: string;
  /** The hash of the password; undefined if a passkey was shown. */
  passwordHash: string | undefined;
  factorsVersion: number;
}

/**
 * Locks an account till the transaction ends, so that nothing that it logs in with can change before that.
 * @returns whether all of it is still what was checked
 */
export async function lockCredentials(
  tx: Tx,
  { accountId, passwordHash, factorsVersion }: ShownCredentials,
): Promise<boolean> {
  const row = await tx
    .selectFrom('accounts')
    .select('id')
    .where('id', '=', accountId)
    .where('factorsVersion', '=', factorsVersion)
    .$if(passwordHash !== undefined, (query) => query.where('passwordHash', '=', passwordHash as string))
    .forShare()
    .executeTakeFirst();
  return row !== undefined;
}
