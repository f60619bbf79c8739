import { sql } from 'kysely';
import type { Tx } from '../../database/connection.ts';
import type { Keyring } from '../../encryption/keyring.ts';
import { openText, type ReferralKey, readReferralKey, sealText } from '../../encryption/referral-keys.ts';
import { agentHasReferral } from './agent-views.ts';

/** Notes of an agent about a referral; none yet: empty, and never updated. */
export interface AgentNotes {
  text: string;
  updatedAt: Date | null;
}

/** An offer that an agent accepted, as far as its notes need it. */
export interface NotedOffer {
  offerId: string;
  referralId: string;
  /** Whether the agent has the referral, and with it the contact and the notes. */
  isTheirs: boolean;
  endedAt: Date | null;
  endedAs: string | null;
}

/** Finds the offer of a referral that an agent accepted last; undefined if they accepted none. */
export async function findNotedOffer(
  tx: Tx,
  { npn, referralId, at }: { npn: string; referralId: string; at: Date },
): Promise<NotedOffer | undefined> {
  const row = await tx
    .selectFrom('offers')
    .select(['id as offerId', 'referralId', 'endedAt', 'endedAs'])
    .select((offer) => agentHasReferral(at)(offer).as('isTheirs'))
    .where('referralId', '=', referralId)
    .where('npn', '=', npn)
    .where('acceptedAt', 'is not', null)
    .orderBy('number', 'desc')
    .executeTakeFirst();
  return row && { ...row, isTheirs: Boolean(row.isTheirs) };
}

/** Reads and decrypts the notes of an offer; undefined once the key of the referral is destroyed, and the notes with it. */
export async function readNotes(
  tx: Tx,
  keyring: Keyring,
  offer: Pick<NotedOffer, 'offerId' | 'referralId'>,
): Promise<AgentNotes | undefined> {
  const key = await readReferralKey(tx, keyring, offer.referralId);
  return key && readWithKey(tx, key, offer.offerId);
}

async function readWithKey(tx: Tx, key: ReferralKey, offerId: string): Promise<AgentNotes> {
  const row = await tx
    .selectFrom('referralNotes')
    .select(['text', 'updatedAt'])
    .where('offerId', '=', offerId)
    .executeTakeFirst();
  if (!row) return { text: '', updatedAt: null };
  return { text: openText(key, row.text, cellOf(offerId)), updatedAt: row.updatedAt };
}

/**
 * Saves the notes of an offer, encrypted under the key of its referral, if they are still those of `updatedAt`.
 * @returns the notes as they are stored: others if somebody has saved them meanwhile; undefined once the key is destroyed
 */
export async function saveNotes(
  tx: Tx,
  keyring: Keyring,
  { offerId, referralId, text, updatedAt, at }: SavedNotes,
): Promise<AgentNotes | undefined> {
  const key = await readReferralKey(tx, keyring, referralId);
  if (!key) return undefined;
  // two saves within one millisecond have two instants
  await sql`
    insert into referral_notes as n (offer_id, referral_id, text, updated_at)
    values (${offerId}, ${referralId}, ${sealText(key, text, cellOf(offerId))}, ${at})
    on conflict (offer_id) do update set text = excluded.text,
      updated_at = greatest(excluded.updated_at, n.updated_at + interval '1 millisecond')
    where n.updated_at = ${updatedAt}::timestamptz`.execute(tx);
  return readWithKey(tx, key, offerId);
}

interface SavedNotes extends Pick<NotedOffer, 'offerId' | 'referralId'> {
  text: string;
  /** Those that the agent has seen; null: there were none. */
  updatedAt: Date | null;
  at: Date;
}

const cellOf = (offerId: string) => ({ table: 'referral_notes', column: 'text', row: offerId }) as const;
