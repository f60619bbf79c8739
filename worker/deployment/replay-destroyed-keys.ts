import type { Database } from '../../store/database/connection.ts';
import {
  type DestroyedKey,
  parseDestroyedKey,
  readDestroyedKeys,
} from '../../store/encryption/destroyed-keys.ts';
import type { Keyring } from '../../store/encryption/keyring.ts';
import { replayErasure } from '../../store/referrals/erasure/replayed-erasures.ts';

/** Destroyed keys that are read from the database at once. */
const pageSize = 1_000;

/** Reads the list of destroyed keys from the database, the oldest first. */
export async function* listDestroyedKeys(db: Database): AsyncGenerator<DestroyedKey> {
  let after: DestroyedKey | undefined;
  do {
    const page = await readDestroyedKeys(db, { after, limit: pageSize });
    yield* page;
    after = page.length === pageSize ? page.at(-1) : undefined;
  } while (after !== undefined);
}

/**
 * Reads a list of destroyed keys from the lines of an export or of logs.
 * @throws an error that names the first line that is about a destroyed key and not readable
 */
export async function readDestroyedKeyLines(lines: AsyncIterable<string>): Promise<DestroyedKey[]> {
  const found: DestroyedKey[] = [];
  let number = 0;
  for await (const line of lines) {
    number += 1;
    try {
      const destroyed = parseDestroyedKey(line);
      if (destroyed) found.push(destroyed);
    } catch (error) {
      throw new Error(
        `Line ${number} is about a destroyed key and not readable: ${(error as Error).message}`,
        { cause: error },
      );
    }
  }
  return found;
}

/**
 * Erases again what a restored backup has brought back. Each referral is a transaction, so that an interrupted replay can be
 * repeated.
 * @returns how many were erased again
 */
export async function replayDestroyedKeys(
  db: Database,
  keyring: Keyring,
  list: readonly DestroyedKey[],
): Promise<number> {
  let count = 0;
  for (const destroyed of list)
    if (await db.transaction().execute((tx) => replayErasure(tx, keyring, destroyed))) count += 1;
  return count;
}
