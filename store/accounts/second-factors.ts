import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import {
  appCodePattern,
  groupedCode,
  needsSecondFactor,
  type SecondFactors,
} from '../../domain/accounts/second-factor.ts';
import { refuse } from '../../domain/failures.ts';
import type { Tx } from '../database/connection.ts';
import { sha256 } from '../tokens.ts';
import { generateRecoveryCode, stepOf } from './totp.ts';

/** Codes that an account gets at a time. */
const recoveryCodeCount = 10;

/** Reads the second factors of an account. */
export async function readSecondFactors(tx: Tx, accountId: string): Promise<SecondFactors> {
  const { rows } = await sql<{
    keyId: string | null;
    confirmedAt: Date | null;
    passkeys: number;
    recoveryCodes: number;
  }>`
    select app.key_id, app.confirmed_at,
      (select count(*) from passkeys where account_id = ${accountId}) as passkeys,
      (select count(*) from recovery_codes where account_id = ${accountId}) as recovery_codes
    from (values (${accountId}::uuid)) account (id)
    left join authenticator_apps app on app.account_id = account.id`.execute(tx);
  const { keyId = null, confirmedAt = null, passkeys = 0, recoveryCodes = 0 } = rows[0] ?? {};
  return { app: keyId && confirmedAt ? { keyId, confirmedAt } : null, passkeys, recoveryCodes };
}

/** What a code was. */
export type ClaimedCode = 'app-code' | 'recovery-code';

/**
 * Uses up a code of an account: of its authenticator app (`keyId`), or a recovery code. Of concurrent uses one succeeds.
 * @returns which it was; undefined if it is wrong or was used before
 */
export async function claimCode(
  tx: Tx,
  {
    accountId,
    keyId,
    linkSecret,
    code,
    at,
  }: { accountId: string; keyId: string | undefined; linkSecret: string; code: string; at: Date },
): Promise<ClaimedCode | undefined> {
  if (!appCodePattern.test(code))
    return (await claimRecoveryCode(tx, accountId, code)) ? 'recovery-code' : undefined;
  if (keyId === undefined) return undefined;
  const step = stepOf({ linkSecret, accountId, keyId }, { code, at });
  return step !== undefined && (await claimStep(tx, { accountId, keyId, step })) ? 'app-code' : undefined;
}

async function claimStep(
  tx: Tx,
  { accountId, keyId, step }: { accountId: string; keyId: string; step: number },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('authenticatorApps')
    .set({ lastStep: step })
    .where('accountId', '=', accountId)
    .where('keyId', '=', keyId)
    .where('lastStep', '<', step)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

async function claimRecoveryCode(tx: Tx, accountId: string, code: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('recoveryCodes')
    .where('accountId', '=', accountId)
    .where('codeSha256', '=', sha256(code))
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/**
 * Saves the authenticator app of an account in place of an earlier one, with new recovery codes.
 * @param step step of the code that the account has just shown; it cannot be used again
 * @returns the recovery codes, which nobody can read again; undefined if it is a code of this app that was used before
 */
export async function saveAuthenticatorApp(
  tx: Tx,
  { accountId, keyId, step, at }: { accountId: string; keyId: string; step: number; at: Date },
): Promise<string[] | undefined> {
  await lockFactors(tx, accountId);
  const app = { keyId, confirmedAt: at, lastStep: step };
  const { numInsertedOrUpdatedRows = 0n } = await tx
    .insertInto('authenticatorApps')
    .values({ accountId, ...app })
    .onConflict((row) =>
      row
        .column('accountId')
        .doUpdateSet(app)
        .where(sql<boolean>`authenticator_apps.key_id <> excluded.key_id
          or authenticator_apps.last_step < excluded.last_step`),
    )
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 0n ? undefined : insertRecoveryCodes(tx, accountId);
}

/**
 * Replaces the recovery codes of an account.
 * @throws a refusal of type `not-allowed-now` while the account has no second factor
 */
export async function replaceRecoveryCodes(tx: Tx, accountId: string): Promise<string[]> {
  await lockFactors(tx, accountId);
  const { app, passkeys } = await readSecondFactors(tx, accountId);
  if (!app && passkeys === 0) refuse('not-allowed-now', 'Recovery codes need a second factor first.');
  return insertRecoveryCodes(tx, accountId);
}

async function insertRecoveryCodes(tx: Tx, accountId: string): Promise<string[]> {
  const codes = Array.from({ length: recoveryCodeCount }, generateRecoveryCode);
  await tx.deleteFrom('recoveryCodes').where('accountId', '=', accountId).execute();
  await tx
    .insertInto('recoveryCodes')
    .values(codes.map((code) => ({ accountId, codeSha256: sha256(code) })))
    .execute();
  return codes.map(groupedCode);
}

/**
 * Removes the authenticator app of an account.
 * @returns false if there is none
 * @throws a refusal of type `not-allowed-now` if it is the last second factor of an account that needs one
 */
export async function removeAuthenticatorApp(tx: Tx, accountId: string): Promise<boolean> {
  const role = await lockFactors(tx, accountId);
  const { app, passkeys } = await readSecondFactors(tx, accountId);
  if (!app) return false;
  await removeFactor(tx, { accountId, role, left: passkeys }, (locked) =>
    locked.deleteFrom('authenticatorApps').where('accountId', '=', accountId).execute(),
  );
  return true;
}

/**
 * Removes a second factor from a locked account; with the last one, its recovery codes.
 * @param left number of second factors that it has besides
 */
export async function removeFactor(
  tx: Tx,
  { accountId, role, left }: { accountId: string; role: string; left: number },
  remove: (tx: Tx) => Promise<unknown>,
): Promise<void> {
  if (left === 0 && needsSecondFactor(role))
    refuse('not-allowed-now', 'This is the last second factor of the account. Add another one first.');
  await remove(tx);
  if (left === 0) await tx.deleteFrom('recoveryCodes').where('accountId', '=', accountId).execute();
}

/**
 * Gives an account a new authenticator app, whose secret somebody gets who has no session, and removes all else that it
 * could log in with besides the password.
 * @returns the key of the app
 */
export async function resetSecondFactors(
  tx: Tx,
  { accountId, at }: { accountId: string; at: Date },
): Promise<string> {
  await lockFactors(tx, accountId);
  await removeSecondFactors(tx, accountId);
  const keyId = randomUUID();
  await tx
    .insertInto('authenticatorApps')
    .values({ accountId, keyId, confirmedAt: at, lastStep: 0 })
    .execute();
  return keyId;
}

/** Removes every second factor of an account, which the caller has locked (`lockFactors`). */
export async function removeSecondFactors(tx: Tx, accountId: string): Promise<void> {
  for (const table of ['passkeys', 'recoveryCodes', 'authenticatorApps'] as const)
    await tx.deleteFrom(table).where('accountId', '=', accountId).execute();
}

/**
 * Locks an account before a change of its second factors: they change one after another, and a log-in that was checked before
 * the change opens nothing after it (`lockCredentials`).
 * @returns its role
 */
export async function lockFactors(tx: Tx, accountId: string): Promise<string> {
  const { role } = await tx
    .updateTable('accounts')
    .set({ factorsVersion: sql<number>`factors_version + 1` })
    .where('id', '=', accountId)
    .returning('role')
    .executeTakeFirstOrThrow();
  return role;
}
