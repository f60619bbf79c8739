import { randomBytes } from 'node:crypto';
import type { Tx } from '../database/connection.ts';
import { type Cell, keyBytes } from './envelope.ts';
import { type MasterKeys, unwrap, wrap } from './master-keys.ts';

/** What a process needs to read, to write and to find the contacts of consumers. */
export interface Keyring {
  masterKeys: MasterKeys;
  /**
   * Key of the hashes by which a phone or an address is found (`contactKey`). It is no secret of links, since whoever has
   * it can try all phone numbers.
   */
  lookupKey: string;
}

const lookupCell: Cell = { table: 'lookup_key', column: 'wrapped_key', row: 'only' };

/**
 * Opens the keyring of a database. The first process to do so makes its look-up key, which outlives each master key.
 * @throws if none of the master keys opens it: they belong to another database
 */
export async function openKeyring(tx: Tx, masterKeys: MasterKeys): Promise<Keyring> {
  await tx
    .insertInto('lookupKey')
    .values(wrap(masterKeys, randomBytes(keyBytes), lookupCell))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const stored = await tx
    .selectFrom('lookupKey')
    .select(['wrappedKey', 'masterKeyId'])
    .executeTakeFirstOrThrow();
  return { masterKeys, lookupKey: unwrap(masterKeys, stored, lookupCell).toString('hex') };
}

/** Wraps the look-up key under the first master key. */
export async function rewrapLookupKey(tx: Tx, masterKeys: MasterKeys): Promise<void> {
  const stored = await tx
    .selectFrom('lookupKey')
    .select(['wrappedKey', 'masterKeyId'])
    .forUpdate()
    .executeTakeFirst();
  if (!stored || stored.masterKeyId === masterKeys[0].id) return;
  await tx
    .updateTable('lookupKey')
    .set(wrap(masterKeys, unwrap(masterKeys, stored, lookupCell), lookupCell))
    .execute();
}
