import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { refuse } from '../../domain/failures.ts';
import type { Tx } from '../database/connection.ts';
import { lockFactors, readSecondFactors, removeFactor } from './second-factors.ts';

/** What a device has told of a new passkey. */
export interface NewPasskey {
  /** Base64url. */
  credentialId: string;
  /** COSE. */
  publicKey: Uint8Array;
  counter: number;
  transports: readonly string[];
  deviceType: 'singleDevice' | 'multiDevice';
  backedUp: boolean;
}

/** A passkey as its owner sees it. */
export interface OwnPasskey {
  id: string;
  name: string;
  createdAt: Date;
  usedAt: Date | null;
  /** Whether the key may be on other devices too. */
  isSynced: boolean;
}

/** A passkey that a signature is verified with. */
export interface StoredPasskey {
  id: string;
  accountId: string;
  credentialId: string;
  publicKey: Uint8Array;
  counter: number;
  /** Name of the account for its passkeys. */
  userHandle: string | null;
  /** As of `AccountRow`, when the passkey was found. */
  factorsVersion: number;
}

/** Most passkeys of one account. */
const maxPasskeys = 20;
const challengeTtlMs = 5 * 60_000;

/** Creates a challenge of 256 random bits, in base64url. @param accountId whose new passkey it is for; null: a log-in */
export async function createChallenge(
  tx: Tx,
  { accountId, at }: { accountId: string | null; at: Date },
): Promise<string> {
  const challenge = randomBytes(32).toString('base64url');
  const expiresAt = new Date(at.getTime() + challengeTtlMs);
  await tx.insertInto('passkeyChallenges').values({ challenge, accountId, expiresAt }).execute();
  return challenge;
}

/** Uses up a challenge, whatever becomes of the answer. @returns whether it was live, and made for this purpose */
export async function claimChallenge(
  tx: Tx,
  { challenge, accountId, at }: { challenge: string; accountId: string | null; at: Date },
): Promise<boolean> {
  const claimed = await tx
    .deleteFrom('passkeyChallenges')
    .where('challenge', '=', challenge)
    .where(sql<boolean>`account_id is not distinct from ${accountId}::uuid`)
    .returning('expiresAt')
    .executeTakeFirst();
  return claimed !== undefined && claimed.expiresAt > at;
}

/** Reads the random name of an account for its passkeys, and makes it first if there is none. */
export async function userHandleOf(tx: Tx, accountId: string): Promise<string> {
  const { passkeyUserHandle } = await tx
    .updateTable('accounts')
    .set({
      passkeyUserHandle: sql<string>`coalesce(passkey_user_handle, ${randomBytes(32).toString('base64url')})`,
    })
    .where('id', '=', accountId)
    .returning('passkeyUserHandle')
    .executeTakeFirstOrThrow();
  return passkeyUserHandle ?? '';
}

/** Reads the passkeys of an account, the oldest first. */
export async function readPasskeys(tx: Tx, accountId: string): Promise<OwnPasskey[]> {
  return tx
    .selectFrom('passkeys')
    .select(['id', 'name', 'createdAt', 'usedAt', sql<boolean>`device_type = 'multiDevice'`.as('isSynced')])
    .where('accountId', '=', accountId)
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
}

/** Reads what a browser needs to know of an account's passkeys, so that a device gets no second one. */
export async function readCredentials(
  tx: Tx,
  accountId: string,
): Promise<{ credentialId: string; transports: string[] }[]> {
  return tx
    .selectFrom('passkeys')
    .select(['credentialId', 'transports'])
    .where('accountId', '=', accountId)
    .execute();
}

/** Finds a passkey by the name that its device gave it. */
export async function findPasskey(tx: Tx, credentialId: string): Promise<StoredPasskey | undefined> {
  return tx
    .selectFrom('passkeys')
    .innerJoin('accounts', 'accounts.id', 'passkeys.accountId')
    .select([
      'passkeys.id',
      'accountId',
      'credentialId',
      'publicKey',
      'counter',
      'passkeyUserHandle as userHandle',
      'factorsVersion',
    ])
    .where('credentialId', '=', credentialId)
    .executeTakeFirst();
}

/**
 * Adds a passkey to an account.
 * @returns undefined if somebody has registered it already
 * @throws a refusal of type `not-allowed-now` if the account has too many
 */
export async function addPasskey(
  tx: Tx,
  {
    accountId,
    name,
    at,
    publicKey,
    transports,
    ...device
  }: NewPasskey & { accountId: string; name: string; at: Date },
): Promise<OwnPasskey | undefined> {
  await lockFactors(tx, accountId);
  if ((await readSecondFactors(tx, accountId)).passkeys >= maxPasskeys)
    refuse('not-allowed-now', `An account can have ${maxPasskeys} passkeys. Remove one first.`);
  const own = { id: randomUUID(), name, createdAt: at };
  const added = await tx
    .insertInto('passkeys')
    .values({ ...own, ...device, accountId, publicKey: Buffer.from(publicKey), transports: [...transports] })
    .onConflict((row) => row.column('credentialId').doNothing())
    .returning('id')
    .executeTakeFirst();
  return added && { ...own, usedAt: null, isSynced: device.deviceType === 'multiDevice' };
}

/** Records that a passkey was used. @returns false if it is gone, or was used with this counter or a later one meanwhile */
export async function recordPasskeyUse(
  tx: Tx,
  { id, counter, backedUp, at }: { id: string; counter: number; backedUp: boolean; at: Date },
): Promise<boolean> {
  const used = await tx
    .updateTable('passkeys')
    .set({ counter, backedUp, usedAt: at })
    .where('id', '=', id)
    .where((row) => row.or([row('counter', '<', counter), row('counter', '=', 0)]))
    .returning('id')
    .executeTakeFirst();
  return used !== undefined;
}

/** Names a passkey of an account. @returns false if it has no such passkey */
export async function namePasskey(
  tx: Tx,
  { accountId, id, name }: { accountId: string; id: string; name: string },
): Promise<boolean> {
  const named = await tx
    .updateTable('passkeys')
    .set({ name })
    .where('accountId', '=', accountId)
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst();
  return named !== undefined;
}

/**
 * Removes a passkey of an account.
 * @returns false if it has no such passkey
 * @throws a refusal of type `not-allowed-now` if it is the last second factor of an account that needs one
 */
export async function removePasskey(
  tx: Tx,
  { accountId, id }: { accountId: string; id: string },
): Promise<boolean> {
  const role = await lockFactors(tx, accountId);
  const own = await readPasskeys(tx, accountId);
  if (!own.some((passkey) => passkey.id === id)) return false;
  const { app } = await readSecondFactors(tx, accountId);
  const left = own.length - 1 + (app ? 1 : 0);
  await removeFactor(tx, { accountId, role, left }, (locked) =>
    locked.deleteFrom('passkeys').where('id', '=', id).execute(),
  );
  return true;
}
