import { sql } from 'kysely';
import type { Keyring } from './keyring.ts';
import {
  openOptional,
  openText,
  type ReferralKey,
  sealOptional,
  sealText,
  unwrapReferralKey,
} from './referral-keys.ts';

/** Name, phone (E.164) and address of a consumer. */
export interface Contact {
  name: string;
  phone: string | null;
  email: string | null;
}

/** A row of `consumer_contacts` with its key, as `encryptedContactColumns` selects it: encrypted values in base64. */
export interface EncryptedContact {
  referralId: string;
  wrappedKey: string;
  masterKeyId: string;
  name: string;
  phone: string | null;
  email: string | null;
}

const encoded = <Text extends string | null>(column: string) =>
  sql<Text>`encode(${sql.ref(column)}, 'base64')`;

/** What is encrypted of a contact `k`, and its key `e`. As text, which passes through JSON. */
export const encryptedContactParts = [
  encoded<string>('k.name').as('name'),
  encoded<string | null>('k.phone').as('phone'),
  encoded<string | null>('k.email').as('email'),
  encoded<string>('e.wrapped_key').as('wrappedKey'),
  sql<string>`e.master_key_id`.as('masterKeyId'),
] as const;

/** SQL: the columns of `EncryptedContact`. */
export const encryptedContactColumns = sql`k.referral_id, ${sql.join([...encryptedContactParts])}`;

const cell = <Column extends 'name' | 'phone' | 'email'>(column: Column, row: string) =>
  ({ table: 'consumer_contacts', column, row }) as const;

/** Decrypts a contact. Every reader of contacts comes here. @throws if it was changed or its master key is not there */
export function openContact(keyring: Pick<Keyring, 'masterKeys'>, row: EncryptedContact): Contact {
  const { referralId, wrappedKey, masterKeyId, name, phone, email } = row;
  const key = unwrapReferralKey(keyring, { referralId, wrappedKey: bytes(wrappedKey), masterKeyId });
  return {
    name: openText(key, bytes(name), cell('name', referralId)),
    phone: openOptional(key, phone === null ? null : bytes(phone), cell('phone', referralId)),
    email: openOptional(key, email === null ? null : bytes(email), cell('email', referralId)),
  };
}

/** Decrypts a contact that was joined to a row, if there was one to join. */
export function openContactOrNone(
  keyring: Keyring,
  row: { [Column in keyof EncryptedContact]: EncryptedContact[Column] | null },
): Contact | undefined {
  return row.name === null ? undefined : openContact(keyring, row as EncryptedContact);
}

/** Encrypts the name of a consumer. */
export const sealName = (key: ReferralKey, name: string) => sealText(key, name, cell('name', key.referralId));

/** Encrypts a phone or an address, if there is one. */
export function sealAddress(
  key: ReferralKey,
  field: 'phone' | 'email',
  address: string | null | undefined,
): Buffer | null {
  return sealOptional(key, address, cell(field, key.referralId));
}

const bytes = (base64: string) => Buffer.from(base64, 'base64');
