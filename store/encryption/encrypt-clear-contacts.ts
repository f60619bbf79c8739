import { sql } from 'kysely';
import type { ContactChannel } from '../../domain/notifications/contact.ts';
import type { Tx } from '../database/connection.ts';
import { contactKey } from '../tokens.ts';
import { clearRowsAtOnce, hasColumn } from './clear-columns.ts';
import { sealAddressBefore, sealNewAddress } from './contact-changes.ts';
import { sealAddress, sealName } from './contacts.ts';
import { type Keyring, openKeyring } from './keyring.ts';
import type { MasterKeys } from './master-keys.ts';
import { newReferralKey, readReferralKey } from './referral-keys.ts';
import { sealClearReasons } from './seal-clear-reasons.ts';
import { sealClearWishes } from './seal-clear-wishes.ts';

/** Encrypts a page of one table. @returns the number of rows done */
type EncryptPage = (tx: Tx, keyring: Keyring) => Promise<number>;

/**
 * Encrypts a page of what versions before 0.3.0 have stored in clear, and makes its hashes anew, with a key that is in no dump.
 * @returns the number of rows that were encrypted; 0: nothing is left
 */
export async function encryptClearPage(tx: Tx, masterKeys: MasterKeys): Promise<number> {
  // of several processes one encrypts; another may have dropped the columns meanwhile
  await sql`select pg_advisory_xact_lock(hashtext('encrypt contacts'))`.execute(tx);
  if (!(await hasColumn(tx, 'consumer_contacts', 'clear_name')))
    return (await sealClearReasons(tx, { masterKeys })) || sealClearWishes(tx, { masterKeys });
  const keyring = await openKeyring(tx, masterKeys);
  // changes of contacts after the contacts, because their key is made there
  for (const encryptPage of [encryptContacts, encryptChanges, hashOptOuts]) {
    const count = await encryptPage(tx, keyring);
    if (count > 0) return count;
  }
  return 0;
}

const encryptContacts: EncryptPage = async (tx, keyring) => {
  const { rows } = await sql<ClearContact>`
    select referral_id, clear_name, clear_phone, clear_email from consumer_contacts where name is null
    order by referral_id limit ${clearRowsAtOnce} for update`.execute(tx);
  if (rows.length === 0) return 0;
  const sealed = rows.map(({ referralId, clearName, clearPhone, clearEmail }) => {
    const { stored, ...key } = newReferralKey(keyring, referralId);
    const [phone, email] = [sealAddress(key, 'phone', clearPhone), sealAddress(key, 'email', clearEmail)];
    return { referralId, ...stored, name: sealName(key, clearName), phone, email };
  });
  const column = <Name extends keyof (typeof sealed)[number]>(name: Name) => sealed.map((row) => row[name]);
  const ids = column('referralId');
  await sql`
    insert into referral_keys (referral_id, wrapped_key, master_key_id, created_at)
    select referral_id, wrapped_key, ${keyring.masterKeys[0].id}, now()
    from unnest(${ids}::uuid[], ${column('wrappedKey')}::bytea[]) as k (referral_id, wrapped_key)`.execute(
    tx,
  );
  await sql`
    update consumer_contacts c set name = s.name, phone = s.phone, email = s.email,
      clear_name = null, clear_phone = null, clear_email = null
    from unnest(${ids}::uuid[], ${column('name')}::bytea[], ${column('phone')}::bytea[], ${column('email')}::bytea[])
      as s (referral_id, name, phone, email)
    where c.referral_id = s.referral_id`.execute(tx);
  await hashAgain(tx, keyring, rows);
  // a hash with the secret of links, from which a name and a number could be guessed
  await sql`update referrals set request_sha256 = '' where id = any(${ids}::uuid[])`.execute(tx);
  return rows.length;
};

interface ClearContact {
  referralId: string;
  clearName: string;
  clearPhone: string | null;
  clearEmail: string | null;
}

/** Makes the hashes of contacts anew, with the look-up key. */
async function hashAgain(tx: Tx, { lookupKey }: Keyring, contacts: readonly ClearContact[]): Promise<void> {
  const hashes = contacts.flatMap(({ referralId, clearPhone, clearEmail }) =>
    [
      { channel: 'text' as const, address: clearPhone },
      { channel: 'email' as const, address: clearEmail },
    ].flatMap(({ channel, address }) =>
      address === null ? [] : [{ referralId, channel, key: contactKey(lookupKey, channel, address) }],
    ),
  );
  await sql`
    update contact_keys k set key = h.key
    from unnest(${hashes.map(({ referralId }) => referralId)}::uuid[], ${hashes.map(({ channel }) => channel)}::text[],
      ${hashes.map(({ key }) => key)}::text[]) as h (referral_id, channel, key)
    where k.referral_id = h.referral_id and k.channel = h.channel`.execute(tx);
}

const encryptChanges: EncryptPage = async (tx, keyring) => {
  const { rows } = await sql<ClearChange>`
    select id, referral_id, channel, clear_address, clear_address_before, made_at from contact_changes
    where clear_address is not null or clear_address_before is not null limit ${clearRowsAtOnce} for update`.execute(
    tx,
  );
  for (const { id, referralId, channel, clearAddress, clearAddressBefore, madeAt } of rows) {
    const key = await readReferralKey(tx, keyring, referralId);
    if (!key) throw new Error(`the referral ${referralId} has no key`);
    const address = clearAddress === null ? null : contactKey(keyring.lookupKey, channel, clearAddress);
    // a contact of the intake that waits for its code is in this table alone
    if (clearAddress !== null && madeAt === null)
      await sql`
        update contact_keys k set key = ${address} from contact_changes c
        where c.id = ${id} and k.referral_id = c.referral_id and k.channel = c.channel and k.key = c.key`.execute(
        tx,
      );
    await sql`
      update contact_changes set key = ${address}, address = ${sealNewAddress(key, id, clearAddress)},
        address_before = ${sealAddressBefore(key, id, clearAddressBefore)}, clear_address = null, clear_address_before = null
      where id = ${id}`.execute(tx);
  }
  return rows.length;
};

interface ClearChange {
  id: string;
  referralId: string;
  channel: ContactChannel;
  clearAddress: string | null;
  clearAddressBefore: string | null;
  madeAt: Date | null;
}

const hashOptOuts: EncryptPage = async (tx, { lookupKey }) => {
  const { rows } = await sql<{ id: string; phone: string }>`
    select id, phone from text_opt_outs where phone_key is null limit ${clearRowsAtOnce} for update`.execute(
    tx,
  );
  for (const { id, phone } of rows)
    await sql`
      update text_opt_outs set phone_key = ${contactKey(lookupKey, 'text', phone)},
        phone = (select a.phone from agents a where a.phone = text_opt_outs.phone limit 1)
      where id = ${id}`.execute(tx);
  return rows.length;
};
