import { sql } from 'kysely';
import type { Tx } from './database.ts';

/** An account as a door knows it; `npn` and `firstName` are an agent's. */
export interface AccountRow {
  accountId: string;
  username: string;
  role: 'agent' | 'ops';
  npn: string | null;
  firstName: string | null;
}

/** Accounts that can be used: nobody logs in as somebody who has died, and a session of his is over. */
const accounts = (tx: Tx) =>
  tx
    .selectFrom('accounts')
    .leftJoin('agents', 'agents.npn', 'accounts.npn')
    .where(sql<boolean>`left_because is distinct from 'death'`)
    .select(['accounts.id as accountId', 'username', 'role', 'accounts.npn', 'firstName']);

/** The account of a username, whose case does not count, with its password's hash. */
export async function findAccount(
  tx: Tx,
  username: string,
): Promise<(AccountRow & { passwordHash: string }) | undefined> {
  const row = await accounts(tx)
    .select('passwordHash')
    .where(sql`lower(username)`, '=', username.toLowerCase())
    .executeTakeFirst();
  return row as (AccountRow & { passwordHash: string }) | undefined;
}

/** Opens a session; those of the account that are over are removed on the way. */
export async function openSession(
  tx: Tx,
  {
    accountId,
    tokenSha256,
    at,
    expiresAt,
  }: { accountId: string; tokenSha256: string; at: Date; expiresAt: Date },
): Promise<void> {
  await tx.deleteFrom('sessions').where('accountId', '=', accountId).where('expiresAt', '<=', at).execute();
  await tx.insertInto('sessions').values({ tokenSha256, accountId, createdAt: at, expiresAt }).execute();
}

/** Whose session this is; undefined where there is none or it is over. */
export async function sessionOf(
  tx: Tx,
  { tokenSha256, at }: { tokenSha256: string; at: Date },
): Promise<AccountRow | undefined> {
  const row = await accounts(tx)
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
