import { sql } from 'kysely';
import { usernameKey } from '../../domain/accounts/username.ts';
import type { Tx } from '../database/connection.ts';

/** An account as a door knows it; `npn` and `firstName` are an agent's. */
export interface AccountRow {
  accountId: string;
  username: string;
  role: 'agent' | 'ops';
  npn: string | null;
  firstName: string | null;
}

/** Accounts that can be used: nobody logs in as somebody who has died, and a session of his is over. */
const usableAccounts = (tx: Tx) =>
  tx
    .selectFrom('accounts')
    .leftJoin('agents', 'agents.npn', 'accounts.npn')
    .where(sql<boolean>`left_because is distinct from 'death'`)
    .select(['accounts.id as accountId', 'username', 'role', 'accounts.npn', 'firstName']);

/** The account of a username, in any writing of it (`usernameKey`), with its password's hash. */
export async function findAccount(
  tx: Tx,
  username: string,
): Promise<(AccountRow & { passwordHash: string }) | undefined> {
  const row = await usableAccounts(tx)
    .select('passwordHash')
    .where(sql`lower(username)`, '=', usernameKey(username))
    .executeTakeFirst();
  return row as (AccountRow & { passwordHash: string }) | undefined;
}

/** How many sessions an account has at a time; the oldest go. */
const maxSessions = 20;

/** Replaces the hash of a password by another of the same one, unless somebody has changed it meanwhile. */
export async function replacePasswordHash(
  tx: Tx,
  { accountId, was, passwordHash }: { accountId: string; was: string; passwordHash: string },
): Promise<void> {
  await tx
    .updateTable('accounts')
    .set({ passwordHash })
    .where('id', '=', accountId)
    .where('passwordHash', '=', was)
    .execute();
}

/** Opens a session; those of the account that are over, or too many, are removed on the way. */
export async function openSession(
  tx: Tx,
  {
    accountId,
    tokenSha256,
    at,
    expiresAt,
  }: { accountId: string; tokenSha256: string; at: Date; expiresAt: Date },
): Promise<void> {
  await tx.insertInto('sessions').values({ tokenSha256, accountId, createdAt: at, expiresAt }).execute();
  await sql`
    delete from sessions where account_id = ${accountId} and (
      expires_at <= ${at} or token_sha256 in (
        select token_sha256 from sessions where account_id = ${accountId}
        order by created_at desc, token_sha256 offset ${maxSessions}))`.execute(tx);
}

/** Whose session this is; undefined where there is none or it is over. */
export async function findSessionAccount(
  tx: Tx,
  { tokenSha256, at }: { tokenSha256: string; at: Date },
): Promise<AccountRow | undefined> {
  const row = await usableAccounts(tx)
    .innerJoin('sessions', 'sessions.accountId', 'accounts.id')
    .where('tokenSha256', '=', tokenSha256)
    .where('expiresAt', '>', at)
    .executeTakeFirst();
  return row as AccountRow | undefined;
}

/** Ends a session. */
export async function endSession(tx: Tx, tokenSha256: string): Promise<void> {
  await tx.deleteFrom('sessions').where('tokenSha256', '=', tokenSha256).execute();
}
