import { randomBytes } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../database/connection.ts';
import { type Cell, keyBytes, open, seal } from './envelope.ts';
import type { Keyring } from './keyring.ts';
import { unwrap, type WrappedKey, wrap } from './master-keys.ts';
import { cellOfKey } from './wrapped-keys.ts';

/** The key of one referral. Everything about its consumer is encrypted under it, and unreadable once it is gone. */
export interface ReferralKey {
  referralId: string;
  key: Uint8Array;
}

const cellOf = (referralId: string) => cellOfKey('referral_keys', referralId);

/** Makes the key of a referral. @returns it, and how it is to be stored */
export function newReferralKey(
  { masterKeys }: Pick<Keyring, 'masterKeys'>,
  referralId: string,
): ReferralKey & { stored: WrappedKey } {
  const key = randomBytes(keyBytes);
  return { referralId, key, stored: wrap(masterKeys, key, cellOf(referralId)) };
}

/**
 * SQL that saves the key of a new referral: a part of the statement that inserts the referral.
 * @param onlyIf SQL condition without which nothing is saved
 */
export function saveReferralKeySql(
  { referralId, stored: { wrappedKey, masterKeyId } }: ReferralKey & { stored: WrappedKey },
  at: Date,
  onlyIf: RawBuilder<unknown> = sql`true`,
): RawBuilder<unknown> {
  return sql`
    insert into referral_keys (referral_id, wrapped_key, master_key_id, created_at)
    select ${referralId}::uuid, ${wrappedKey}::bytea, ${masterKeyId}::text, ${at}::timestamptz where ${onlyIf}`;
}

/** Unwraps the key of a referral that was read with its row of `referral_keys`. */
export function unwrapReferralKey(
  { masterKeys }: Pick<Keyring, 'masterKeys'>,
  { referralId, ...stored }: WrappedKey & { referralId: string },
): ReferralKey {
  return { referralId, key: unwrap(masterKeys, stored, cellOf(referralId)) };
}

/** Reads the key of a referral; undefined once it is destroyed. */
export async function readReferralKey(
  tx: Tx,
  keyring: Pick<Keyring, 'masterKeys'>,
  referralId: string,
): Promise<ReferralKey | undefined> {
  const row = await tx
    .selectFrom('referralKeys')
    .select(['referralId', 'wrappedKey', 'masterKeyId'])
    .where('referralId', '=', referralId)
    .executeTakeFirst();
  return row && unwrapReferralKey(keyring, row);
}

/** A column with text about a consumer, encrypted under the key of their referral, and the id of the row. */
export type EncryptedCell = Cell &
  (
    | { table: 'consumer_contacts'; column: 'name' | 'phone' | 'email' | 'wished_agent' }
    | { table: 'contact_changes'; column: 'address' | 'address_before' }
    | { table: 'referral_notes'; column: 'text' }
    | { table: 'referral_reasons'; column: 'text' }
  );

/** Encrypts a text about a consumer. */
export function sealText({ key }: ReferralKey, text: string, cell: EncryptedCell): Buffer {
  return seal(key, text, cell);
}

/** Decrypts a text about a consumer. */
export function openText({ key }: ReferralKey, envelope: Uint8Array, cell: EncryptedCell): string {
  return open(key, envelope, cell).toString('utf8');
}

/** Encrypts a text that may be missing. */
export function sealOptional(
  key: ReferralKey,
  text: string | null | undefined,
  cell: EncryptedCell,
): Buffer | null {
  return text === null || text === undefined ? null : sealText(key, text, cell);
}

/** Decrypts a text that may be missing. */
export function openOptional(
  key: ReferralKey,
  envelope: Uint8Array | null,
  cell: EncryptedCell,
): string | null {
  return envelope === null ? null : openText(key, envelope, cell);
}
