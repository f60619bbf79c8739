import { sql } from 'kysely';
import type { Tx } from '../database/connection.ts';
import { clearRowsAtOnce, hasColumn } from './clear-columns.ts';
import type { Keyring } from './keyring.ts';
import { readReferralKey } from './referral-keys.ts';
import { saveReferralReason } from './referral-reasons.ts';

/**
 * Encrypts a page of the reasons that versions before 0.3.0 have stored in clear; one whose consumer is erased goes.
 * @returns the number of rows done; 0: nothing is left, or the table is not there yet
 */
export async function sealClearReasons(tx: Tx, keyring: Pick<Keyring, 'masterKeys'>): Promise<number> {
  if (!(await hasColumn(tx, 'referral_reasons', 'text'))) return 0;
  const { rows } = await sql<{ id: string; referralId: string; reason: string }>`
    select id, referral_id, reason from ops_actions where referral_id is not null and reason is not null
    order by id limit ${clearRowsAtOnce} for update`.execute(tx);
  for (const { id, referralId, reason } of rows) {
    const key = await readReferralKey(tx, keyring, referralId);
    if (key) await saveReferralReason(tx, key, { actionId: id, reason });
  }
  await sql`update ops_actions set reason = null where id = any(${rows.map(({ id }) => id)}::uuid[])`.execute(
    tx,
  );
  return rows.length;
}
