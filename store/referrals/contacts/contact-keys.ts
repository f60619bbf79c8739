import { type ExpressionBuilder, type RawBuilder, sql } from 'kysely';
import type { ContactChannel } from '../../../domain/notifications/contact.ts';
import type { Tx } from '../../database/connection.ts';
import type { DB } from '../../database/schema.ts';
import { contactKey } from '../../tokens.ts';

/** A consumer's phone or address as a keyed hash (`contactKey`). */
export interface ContactKey {
  channel: ContactChannel;
  key: string;
}

/** Refers to the open request of the same phone or address. */
export interface AlreadyOpen {
  alreadyOpen: { referralId: string; channel: ContactChannel };
}

/** Derives the keys of a phone (E.164) and an address. */
export function deriveContactKeys(
  secret: string,
  { phone, email }: { phone?: string | undefined; email?: string | undefined },
): ContactKey[] {
  const contacts = [
    { channel: 'text' as const, address: phone },
    { channel: 'email' as const, address: email },
  ];
  return contacts.flatMap(({ channel, address }) =>
    address === undefined ? [] : [{ channel, key: contactKey(secret, channel, address) }],
  );
}

interface KeysOfContact {
  referralId: string;
  keys: readonly ContactKey[];
  confirmedAt: Date | null;
}

/**
 * Saves the keys of a referral's contact, and when each was confirmed. An unchanged contact stays confirmed; a new one does not
 * inherit the confirmation.
 */
export async function saveContactKeys(tx: Tx, about: KeysOfContact): Promise<void> {
  if (about.keys.length > 0) await saveContactKeysSql(about).execute(tx);
}

/**
 * SQL that saves the keys of a contact, as `saveContactKeys`: a statement, or a part of one.
 * @param onlyIf SQL condition without which nothing is saved
 */
export function saveContactKeysSql(
  { referralId, keys, confirmedAt }: KeysOfContact,
  onlyIf: RawBuilder<unknown> = sql`true`,
): RawBuilder<unknown> {
  const channels = keys.map(({ channel }) => channel);
  return sql`
    insert into contact_keys (referral_id, channel, key, confirmed_at)
    select ${referralId}::uuid, k.channel, k.key, ${confirmedAt}::timestamptz
    from unnest(${channels}::text[], ${keysIn(keys)}::text[]) as k (channel, key) where ${onlyIf}
    on conflict (referral_id, channel) do update set key = excluded.key, confirmed_at = coalesce(
      excluded.confirmed_at, case when contact_keys.key = excluded.key then contact_keys.confirmed_at end)`;
}

/** Serializes transactions about the same phone or address, until this one ends. */
export async function lockContacts(tx: Tx, keys: readonly ContactKey[]): Promise<void> {
  // always in the same order, to avoid deadlocks
  await sql`
    select pg_advisory_xact_lock(hashtextextended(key, 0))
    from unnest(${keysIn(keys).toSorted()}::text[]) as key`.execute(tx);
}

/**
 * Finds the oldest open request with this phone or address, and the channel that matched. A contact there that an agent
 * reported as wrong and no code has confirmed does not match: it belongs to another person, who must not get to that request.
 * @param contact `confirmed`: match confirmed contacts only. `typed`: all contacts entered in this request, of which `keys` are
 * confirmed; at least one of them must be confirmed in the found request too, so that a contact that was only typed leads
 * nowhere. `except`: the request that is about to get this contact.
 */
export async function findOpenReferral(
  tx: Tx,
  {
    keys,
    typed,
    except,
    confirmed = false,
  }: { keys: readonly ContactKey[]; typed?: readonly ContactKey[]; except?: string; confirmed?: boolean },
): Promise<{ referralId: string; channel: ContactChannel } | undefined> {
  if (keys.length === 0) return undefined;
  let query = tx
    .selectFrom('contactKeys')
    .innerJoin('referrals', 'referrals.id', 'contactKeys.referralId')
    .select(['referrals.id as referralId', 'contactKeys.channel'])
    .where('contactKeys.key', 'in', keysIn(keys))
    .where('referrals.closedAt', 'is', null)
    .where('referrals.stage', '<>', 'unconfirmed')
    .where((row) =>
      row.or([
        row('contactKeys.confirmedAt', 'is not', null),
        row('referrals.contactWrongAt', 'is', null),
        row.and([row('contactKeys.channel', '=', 'text'), row('referrals.contactBy', '=', 'email')]),
        row.and([row('contactKeys.channel', '=', 'email'), row('referrals.contactBy', '<>', 'email')]),
      ]),
    );
  if (confirmed) query = query.where('contactKeys.confirmedAt', 'is not', null);
  if (typed) {
    const confirmedThere = (row: ExpressionBuilder<DB, 'referrals'>) =>
      row.exists(
        row
          .selectFrom('contactKeys as theirs')
          .select('theirs.key')
          .whereRef('theirs.referralId', '=', 'referrals.id')
          .where('theirs.confirmedAt', 'is not', null)
          .where('theirs.key', 'in', keysIn(typed)),
      );
    query = query.where(confirmedThere);
  }
  if (except !== undefined) query = query.where('referrals.id', '<>', except);
  const row = await query.orderBy('referrals.createdAt').executeTakeFirst();
  return row && { referralId: row.referralId, channel: row.channel as ContactChannel };
}

/** Reads the keys of a referral's contact. */
export async function readContactKeys(tx: Tx, referralId: string): Promise<ContactKey[]> {
  const rows = await tx
    .selectFrom('contactKeys')
    .select(['channel', 'key'])
    .where('referralId', '=', referralId)
    .orderBy('channel')
    .execute();
  return rows.map(({ channel, key }) => ({ channel: channel as ContactChannel, key }));
}

const keysIn = (contact: readonly ContactKey[]) => contact.map(({ key }) => key);
