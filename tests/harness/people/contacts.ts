import type { Database } from '../../../store/database/connection.ts';
import { openChangedAddresses, selectEncryptedChange } from '../../../store/encryption/contact-changes.ts';
import {
  type Contact,
  encryptedContactParts,
  openContact,
  sealAddress,
  sealName,
} from '../../../store/encryption/contacts.ts';
import { readReferralKey } from '../../../store/encryption/referral-keys.ts';
import { readReferralReason } from '../../../store/encryption/referral-reasons.ts';
import { keyring } from '../keyring.ts';

/** Reads the contact of a referral as the service stored it; undefined once it is erased. */
export async function storedContact(db: Database, referralId: string): Promise<Contact | undefined> {
  const row = await db
    .selectFrom('consumerContacts as k')
    .innerJoin('referralKeys as e', 'e.referralId', 'k.referralId')
    .select('k.referralId')
    .select(encryptedContactParts)
    .where('k.referralId', '=', referralId)
    .executeTakeFirst();
  return row && openContact(keyring, row);
}

/** Writes over parts of the contact of a referral. */
export async function changeStoredContact(
  db: Database,
  referralId: string,
  { name, ...addresses }: Partial<Contact>,
): Promise<void> {
  const key = await readReferralKey(db, keyring, referralId);
  if (!key) throw new Error('This referral has no key');
  const fields = Object.keys(addresses) as ('phone' | 'email')[];
  const sealed = fields.map((field) => [field, sealAddress(key, field, addresses[field])]);
  await db
    .updateTable('consumerContacts')
    .set({ ...(name ? { name: sealName(key, name) } : {}), ...Object.fromEntries(sealed) })
    .where('referralId', '=', referralId)
    .execute();
}

/** Reads the changes of a referral's contact, the oldest first. */
export async function storedChanges(db: Database, referralId: string) {
  const rows = await selectEncryptedChange(db)
    .select(['channel', 'askedAt', 'madeAt'])
    .where('contactChanges.referralId', '=', referralId)
    .orderBy('askedAt')
    .execute();
  return rows.map((row) => {
    const { channel, askedAt, madeAt } = row;
    return { channel, ...openChangedAddresses(keyring, row), askedAt, madeAt };
  });
}

/** Reads the actions of ops about a referral with what they wrote, the oldest first. */
export async function storedReferralActions(db: Database, referralId: string) {
  const key = await readReferralKey(db, keyring, referralId);
  const actions = await db
    .selectFrom('opsActions')
    .select(['id', 'action', 'accountId'])
    .where('referralId', '=', referralId)
    .orderBy('at')
    .execute();
  return Promise.all(
    actions.map(async (action) => ({
      ...action,
      reason: key && (await readReferralReason(db, key, action.id)),
    })),
  );
}
