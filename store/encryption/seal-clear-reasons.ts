import { sql } from 'kysely';
import type { Tx } from '../database/connection.ts';
import type { Keyring } from './keyring.ts';
import { readReferralKey } from './referral-keys.ts';
import { saveReferralReason } from './referral-reasons.ts';

/** Rows that one transaction encrypts. */
const pageSize = 500;

/**
 * Encrypts a page of the reasons that versions before 0.3.0 have stored in clear; one whose consumer is erased goes.
 * @returns the number of rows done; 0: nothing is left, or the table is not there yet
 */
export async function sealClearReasons(tx: Tx, keyring: Pick<Keyring, 'masterKeys'>): Promise<number> {
  const { rows: tables } = await sql`
    select from information_schema.tables where table_schema = 'public' and table_name = 'referral_reasons'`.execute(
    tx,
  );
  if (tables.length === 0) return 0;
  const { rows } = await sql<{ id: string; referralId: string; reason: string }>`
    select id, referral_id, reason from ops_actions where referral_id is not null and reason is not null
    order by id limit ${pageSize} for update`.execute(tx);
  for (const { id, referralId, reason } of rows) {
    const key = await readReferralKey(tx, keyring, referralId);
    if (key) await saveReferralReason(tx, key, { actionId: id, reason });
  }
  await sql`update ops_actions set reason = null where id = any(${rows.map(({ id }) => id)}::uuid[])`.execute(
    tx,
  );
  return rows.length;
}
