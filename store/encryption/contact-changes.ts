import type { Tx } from '../database/connection.ts';
import type { Keyring } from './keyring.ts';
import { openOptional, type ReferralKey, sealOptional, unwrapReferralKey } from './referral-keys.ts';

/** A row of `contact_changes` with the key of its referral, as `selectEncryptedChange` reads it. */
interface EncryptedChange {
  id: string;
  referralId: string;
  address: Uint8Array | null;
  addressBefore: Uint8Array | null;
  wrappedKey: Buffer;
  masterKeyId: string;
}

/** Selects what is encrypted of changes of contacts, and their keys. */
export function selectEncryptedChange(tx: Tx) {
  return tx
    .selectFrom('contactChanges')
    .innerJoin('referralKeys', 'referralKeys.referralId', 'contactChanges.referralId')
    .select(['contactChanges.id', 'contactChanges.referralId', 'address', 'addressBefore'])
    .select(['wrappedKey', 'masterKeyId']);
}

const cell = <Column extends 'address' | 'address_before'>(column: Column, row: string) =>
  ({ table: 'contact_changes', column, row }) as const;

/** Decrypts the new phone or address of a change, and the one before. */
export function openChangedAddresses(
  keyring: Keyring,
  { id, referralId, address, addressBefore, wrappedKey, masterKeyId }: EncryptedChange,
): { address: string | null; addressBefore: string | null } {
  const key = unwrapReferralKey(keyring, { referralId, wrappedKey, masterKeyId });
  return {
    address: openOptional(key, address, cell('address', id)),
    addressBefore: openOptional(key, addressBefore, cell('address_before', id)),
  };
}

/** Encrypts the new phone or address of a change. */
export const sealNewAddress = (key: ReferralKey, changeId: string, address: string | null | undefined) =>
  sealOptional(key, address, cell('address', changeId));

/** Encrypts the phone or address that a change replaces. */
export const sealAddressBefore = (key: ReferralKey, changeId: string, address: string | null) =>
  sealOptional(key, address, cell('address_before', changeId));
