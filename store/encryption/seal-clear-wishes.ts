import { sql } from 'kysely';
import type { Tx } from '../database/connection.ts';
import { clearRowsAtOnce, hasColumn } from './clear-columns.ts';
import type { Keyring } from './keyring.ts';
import { readReferralKey } from './referral-keys.ts';
import { sealWishedAgent } from './wished-agents.ts';

/**
 * Encrypts a page of the agents whom consumers asked for, which versions before 0.3.0 have stored in clear; a wish whose
 * consumer is erased goes.
 * @returns the number of rows done; 0: nothing is left, or the columns are not there, before and after
 */
export async function sealClearWishes(tx: Tx, keyring: Pick<Keyring, 'masterKeys'>): Promise<number> {
  const isBetween =
    (await hasColumn(tx, 'referrals', 'wished_agent')) &&
    (await hasColumn(tx, 'consumer_contacts', 'wished_agent'));
  if (!isBetween) return 0;
  const { rows } = await sql<{ id: string; wishedAgent: string }>`
    select id, wished_agent from referrals where wished_agent is not null
    order by id limit ${clearRowsAtOnce} for update`.execute(tx);
  for (const { id, wishedAgent } of rows) {
    const key = await readReferralKey(tx, keyring, id);
    if (key)
      await sql`
        update consumer_contacts set wished_agent = ${sealWishedAgent(key, wishedAgent)}
        where referral_id = ${id}`.execute(tx);
  }
  await sql`
    update referrals r set wished_agent = null,
      agent_wish = case when exists (select from consumer_contacts c where c.referral_id = r.id) then agent_wish end
    where id = any(${rows.map(({ id }) => id)}::uuid[])`.execute(tx);
  return rows.length;
}
