import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../store/database/connection.ts';
import { rewrapLookupKey } from '../../store/encryption/keyring.ts';
import type { MasterKeys } from '../../store/encryption/master-keys.ts';
import { countWrappedKeys, rewrapKeys, tablesOfKeys } from '../../store/encryption/wrapped-keys.ts';

/** Keys that one transaction encrypts anew. */
const pageSize = 500;

/** Milliseconds until keys that others hold are tried again. */
const pauseMs = 500;

/** How many keys there are, and how many of them the rotation has still to do. */
export interface RotationProgress {
  keys: number;
  left: number;
}

interface Rotation {
  /** Stops it between two pages. */
  signal: AbortSignal;
  onProgress: (progress: RotationProgress) => void;
}

/**
 * Encrypts every stored key under the first master key, a page at a time: requests go on meanwhile, and an interrupted
 * rotation goes on with what is left. It ends when nothing is left, which a process that still has the former key first would
 * put off. What the keys encrypt stays as it is.
 * @throws if a key is encrypted under none of the master keys, or the reason of the signal
 */
export async function rotateMasterKey(
  db: Database,
  masterKeys: MasterKeys,
  { signal, onProgress }: Rotation,
): Promise<void> {
  await db.transaction().execute((tx) => rewrapLookupKey(tx, masterKeys));
  for (;;) {
    const { all: keys, others: left } = await countWrappedKeys(db, masterKeys[0]);
    onProgress({ keys, left });
    if (left === 0) return;
    if ((await rewrapAll(db, masterKeys, signal)) === 0) await sleep(pauseMs, undefined, { signal });
  }
}

/** Goes once through the keys. @returns the number of keys that it has encrypted anew */
async function rewrapAll(db: Database, masterKeys: MasterKeys, signal: AbortSignal): Promise<number> {
  let count = 0;
  for (const table of tablesOfKeys) {
    let after: string | undefined;
    do {
      signal.throwIfAborted();
      const page = { table, after, limit: pageSize };
      const done = await db.transaction().execute((tx) => rewrapKeys(tx, masterKeys, page));
      count += done.length;
      after = done.at(-1);
    } while (after !== undefined);
  }
  return count;
}
