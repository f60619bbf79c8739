import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../database/connection.ts';
import type { Cell } from './envelope.ts';
import { type MasterKeys, unwrap, type WrappedKey, wrap } from './master-keys.ts';

/** Tables of which each row has a key of its own, wrapped under a master key. */
export const tablesOfKeys = ['referral_keys', 'consent_records'] as const;
export type TableOfKeys = (typeof tablesOfKeys)[number];

const statementsOn: Readonly<
  Record<TableOfKeys, { from: RawBuilder<unknown>; update: RawBuilder<unknown> }>
> = {
  referral_keys: { from: sql`from referral_keys`, update: sql`update referral_keys k` },
  consent_records: { from: sql`from consent_records`, update: sql`update consent_records k` },
};

/** The cell of the wrapped key of a referral in one of the tables. */
export const cellOfKey = (table: TableOfKeys, referralId: string): Cell => ({
  table,
  column: 'wrapped_key',
  row: referralId,
});

/**
 * Wraps up to `limit` keys of a table under the first master key, in the order of their referrals. Waits for nobody: a key
 * that another transaction holds is left to the next pass.
 * @param after the last referral of the page before
 * @returns the referrals that were done, in order
 */
export async function rewrapKeys(
  tx: Tx,
  masterKeys: MasterKeys,
  { table, after, limit }: { table: TableOfKeys; after: string | undefined; limit: number },
): Promise<string[]> {
  const { from, update } = statementsOn[table];
  const first = masterKeys[0].id;
  const { rows } = await sql<WrappedKey & { referralId: string }>`
    select referral_id, wrapped_key, master_key_id ${from}
    where master_key_id <> ${first} and ${after === undefined ? sql`true` : sql`referral_id > ${after}`}
    order by referral_id limit ${limit} for no key update skip locked`.execute(tx);
  if (rows.length === 0) return [];
  const wrapped = rows.map(({ referralId, ...stored }) => {
    const cell = cellOfKey(table, referralId);
    return wrap(masterKeys, unwrap(masterKeys, stored, cell), cell).wrappedKey;
  });
  const ids = rows.map(({ referralId }) => referralId);
  await sql`
    ${update} set wrapped_key = w.wrapped_key, master_key_id = ${first}
    from unnest(${ids}::uuid[], ${wrapped}::bytea[]) as w (referral_id, wrapped_key)
    where k.referral_id = w.referral_id`.execute(tx);
  return ids;
}

/** Counts the keys of all tables, and those that are not wrapped under a master key. */
export async function countWrappedKeys(
  tx: Tx,
  { id }: { id: string },
): Promise<{ all: number; others: number }> {
  const counts = tablesOfKeys.map(
    (table) => sql`
      select count(*)::integer as "all", (count(*) filter (where master_key_id <> ${id}))::integer as others
      ${statementsOn[table].from}`,
  );
  const { rows } = await sql<{ all: number; others: number }>`${sql.join(counts, sql` union all `)}`.execute(
    tx,
  );
  const sumOf = (column: 'all' | 'others') => rows.reduce((sum, row) => sum + row[column], 0);
  return { all: sumOf('all'), others: sumOf('others') };
}
