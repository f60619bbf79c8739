import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Tx } from '../database/connection.ts';
import { type Contact, encryptedContactParts, openContact } from './contacts.ts';
import { type Cell, keyBytes, open, seal } from './envelope.ts';
import type { Keyring } from './keyring.ts';
import { unwrap, wrap } from './master-keys.ts';
import { cellOfKey } from './wrapped-keys.ts';

/** Years for which it stays on record who gave a consent (45 CFR 155.220(j)(2)(iii)(C); docs/sources.md, records of consents). */
const recordedYears = 10;

const personCell = (referralId: string): Cell => ({
  table: 'consent_records',
  column: 'person',
  row: referralId,
});

/**
 * Keeps the name and the contact of who gave the consents of a referral, under a key that outlives that of the referral.
 * Called before the contact is erased. Does nothing where the contact is erased already, or the record is there.
 */
export async function saveConsentRecord(
  tx: Tx,
  keyring: Pick<Keyring, 'masterKeys'>,
  { referralId, at }: { referralId: string; at: Date },
): Promise<void> {
  const row = await tx
    .selectFrom('consumerContacts as k')
    .innerJoin('referralKeys as e', 'e.referralId', 'k.referralId')
    .select('k.referralId')
    .select(encryptedContactParts)
    .where('k.referralId', '=', referralId)
    .executeTakeFirst();
  if (!row) return;
  const person = JSON.stringify(openContact(keyring, row));
  const key = randomBytes(keyBytes);
  const { wrappedKey, masterKeyId } = wrap(keyring.masterKeys, key, cellOfKey('consent_records', referralId));
  await sql`
    insert into consent_records (referral_id, person, wrapped_key, master_key_id, created_at, delete_at)
    values (${referralId}, ${seal(key, person, personCell(referralId))}, ${wrappedKey}, ${masterKeyId}, ${at},
      ${at}::timestamptz + make_interval(years => ${recordedYears}))
    on conflict (referral_id) do nothing`.execute(tx);
}

/** Who gave the consents of a referral whose contact is erased, and until when that is kept. */
export interface ConsentRecordOfPerson extends Contact {
  deleteAt: Date;
}

/** Reads who gave the consents of a referral; undefined while its contact is not erased, and after ten years. */
export async function readConsentRecord(
  tx: Tx,
  keyring: Pick<Keyring, 'masterKeys'>,
  referralId: string,
): Promise<ConsentRecordOfPerson | undefined> {
  const row = await tx
    .selectFrom('consentRecords')
    .select(['person', 'wrappedKey', 'masterKeyId', 'deleteAt'])
    .where('referralId', '=', referralId)
    .executeTakeFirst();
  if (!row) return undefined;
  const { person, deleteAt, ...wrapped } = row;
  const key = unwrap(keyring.masterKeys, wrapped, cellOfKey('consent_records', referralId));
  const contact = JSON.parse(open(key, person, personCell(referralId)).toString('utf8')) as Contact;
  return { ...contact, deleteAt };
}
