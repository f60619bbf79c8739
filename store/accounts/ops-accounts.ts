import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { OpsRole } from '../../domain/accounts/roles.ts';
import { refuse } from '../../domain/failures.ts';
import type { Tx } from '../database/connection.ts';
import type { StoredPassword } from './accounts.ts';
import { type AdminAction, recordAdminAction } from './admin-actions.ts';
import { resetSecondFactors } from './second-factors.ts';
import { recordSecurityEvent } from './security-events.ts';
import { endSessions } from './sessions.ts';

/** An account of somebody who is not an agent. */
export interface OpsAccount {
  id: string;
  username: string;
  role: OpsRole;
  createdAt: Date;
  /** Null while it can be used. */
  deactivatedAt: Date | null;
}

/** An action of an administrator on an account. */
type ActionOnAccount = AdminAction & { id: string };

const selectOpsAccounts = (tx: Tx) =>
  tx
    .selectFrom('accounts')
    .select(['id', 'username', 'role', 'createdAt', 'deactivatedAt'])
    .where('role', '!=', 'agent');

/** Reads every account that is not of an agent, deactivated ones too, by username. */
export async function readOpsAccounts(tx: Tx): Promise<OpsAccount[]> {
  return (await selectOpsAccounts(tx).orderBy(sql`lower(username)`).execute()) as OpsAccount[];
}

/** Adds an account and records who did so. @throws a refusal of type `username-taken` */
export async function addOpsAccount(
  tx: Tx,
  {
    username,
    role,
    passwordHash,
    passwordEndsAt,
    ...action
  }: AdminAction & Pick<OpsAccount, 'username' | 'role'> & StoredPassword,
): Promise<OpsAccount> {
  const account = { id: randomUUID(), username, role, createdAt: action.at };
  const opened = await tx
    .insertInto('accounts')
    .values({ ...account, passwordHash, passwordEndsAt })
    .onConflict((row) => row.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!opened) refuse('username-taken', 'Somebody has this username.');
  await recordAdminAction(tx, {
    ...action,
    action: 'create-account',
    aboutAccountId: account.id,
    givenRole: role,
  });
  return { ...account, deactivatedAt: null };
}

/**
 * Gives an account another role, records who did so, and ends its sessions: their streams and pages are of the role before.
 * Nothing happens if it has the role.
 * @returns whether it had another role, with the account
 * @throws a refusal: `not-found`; `not-allowed-now` for a deactivated account and for the last administrator
 */
export async function changeRole(
  tx: Tx,
  { id, role, ...action }: ActionOnAccount & Pick<OpsAccount, 'role'>,
): Promise<{ changed: boolean; account: OpsAccount }> {
  const account = await lockUsable(tx, id);
  if (account.role === role) return { changed: false, account };
  await refuseForLastAdmin(tx, account);
  await tx.updateTable('accounts').set({ role }).where('id', '=', id).execute();
  await endSessions(tx, { accountId: id, exceptTokenSha256: undefined });
  await recordAdminAction(tx, { ...action, action: 'change-role', aboutAccountId: id, givenRole: role });
  return { changed: true, account: { ...account, role } };
}

/**
 * Replaces the password of an account, records who did so, and ends its sessions.
 * @throws a refusal: `not-found`; `not-allowed-now` for a deactivated account
 */
export async function replaceOpsPassword(
  tx: Tx,
  { id, passwordHash, passwordEndsAt, ...action }: ActionOnAccount & StoredPassword,
): Promise<OpsAccount> {
  const account = await lockUsable(tx, id);
  const password = { passwordHash, passwordEndsAt };
  await tx.updateTable('accounts').set(password).where('id', '=', id).execute();
  await endSessions(tx, { accountId: id, exceptTokenSha256: undefined });
  await recordAdminAction(tx, { ...action, action: 'set-password', aboutAccountId: id });
  return account;
}

/**
 * Ends an account for good, with its sessions, and records who did so. Nothing happens if it has ended.
 * @returns whether it could be used before, with the account
 * @throws a refusal: `not-found`; `not-allowed-now` for the last administrator
 */
export async function deactivateOpsAccount(
  tx: Tx,
  { id, ...action }: ActionOnAccount,
): Promise<{ changed: boolean; account: OpsAccount }> {
  const account = await lock(tx, id);
  if (account.deactivatedAt) return { changed: false, account };
  await refuseForLastAdmin(tx, account);
  await tx.updateTable('accounts').set({ deactivatedAt: action.at }).where('id', '=', id).execute();
  await endSessions(tx, { accountId: id, exceptTokenSha256: undefined });
  await recordAdminAction(tx, { ...action, action: 'deactivate-account', aboutAccountId: id });
  return { changed: true, account: { ...account, deactivatedAt: action.at } };
}

/**
 * Opens an account from the command line, or gives the one with that username this role and password, usable again and
 * without its sessions; in both cases with a new authenticator app as its only second factor.
 * @returns its id and the key of the app; undefined if the username is an agent's
 */
export async function saveOpsAccount(
  tx: Tx,
  {
    username,
    role,
    passwordHash,
    passwordEndsAt,
    at,
  }: Pick<OpsAccount, 'username' | 'role'> & StoredPassword & { at: Date },
): Promise<{ accountId: string; keyId: string } | undefined> {
  const { rows } = await sql<{ id: string }>`
    insert into accounts (id, username, password_hash, password_ends_at, role, created_at)
    values (${randomUUID()}, ${username}, ${passwordHash}, ${passwordEndsAt}, ${role}, now())
    on conflict (lower(username)) do update
      set password_hash = excluded.password_hash, password_ends_at = excluded.password_ends_at, role = excluded.role,
        deactivated_at = null
      where accounts.role <> 'agent'
    returning id`.execute(tx);
  const accountId = rows[0]?.id;
  if (accountId === undefined) return undefined;
  await endSessions(tx, { accountId, exceptTokenSha256: undefined });
  await recordSecurityEvent(tx, { kind: 'rights-changed', accountId, detail: role, at });
  return { accountId, keyId: await resetSecondFactors(tx, { accountId, at }) };
}

async function lockUsable(tx: Tx, id: string): Promise<OpsAccount> {
  const account = await lock(tx, id);
  if (account.deactivatedAt)
    refuse('not-allowed-now', 'The account is deactivated.', { at: account.deactivatedAt.toISOString() });
  return account;
}

/**
 * Locks an account together with those of all administrators, in the order of their ids, so that two of them cannot end
 * each other's rights at once.
 */
async function lock(tx: Tx, id: string): Promise<OpsAccount> {
  const rows = await selectOpsAccounts(tx)
    .where((account) => account.or([account('id', '=', id), account('role', '=', 'ops-admin')]))
    .orderBy('id')
    .forUpdate()
    .execute();
  return (rows.find((row) => row.id === id) as OpsAccount | undefined) ?? refuse('not-found', 'Unknown.');
}

/** Keeps one administrator: without one nobody could open an account. Their accounts are locked (`lock`). */
async function refuseForLastAdmin(tx: Tx, { id, role }: OpsAccount): Promise<void> {
  if (role !== 'ops-admin') return;
  const another = await selectOpsAccounts(tx)
    .where('role', '=', 'ops-admin')
    .where('deactivatedAt', 'is', null)
    .where('id', '!=', id)
    .limit(1)
    .execute();
  if (another.length === 0) refuse('not-allowed-now', 'This is the last administrator.');
}
