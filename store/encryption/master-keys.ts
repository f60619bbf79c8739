import { createHash } from 'node:crypto';
import { type Cell, open, seal } from './envelope.ts';

/** A key that wraps the keys of referrals. It is in the environment of the processes and in no database. */
export interface MasterKey {
  /** Fingerprint of the key, which tells nothing about it. */
  id: string;
  key: Uint8Array;
}

/** The first wraps what is new; each of them unwraps. */
export type MasterKeys = readonly [MasterKey, ...MasterKey[]];

/** A key as it is stored: encrypted under a master key. */
export interface WrappedKey {
  wrappedKey: Buffer;
  masterKeyId: string;
}

/** Names master keys by their fingerprints. @param keys of 32 bytes each, the one that encrypts first */
export function toMasterKeys([first, ...others]: readonly [Uint8Array, ...Uint8Array[]]): MasterKeys {
  return [named(first), ...others.map(named)];
}

function named(key: Uint8Array): MasterKey {
  const id = createHash('sha256').update('master-key:').update(key).digest('hex').slice(0, 16);
  return { id, key };
}

/** Encrypts a key under the first master key. */
export function wrap([{ id, key }]: MasterKeys, plainKey: Uint8Array, cell: Cell): WrappedKey {
  return { wrappedKey: seal(key, plainKey, cell), masterKeyId: id };
}

/** Decrypts a wrapped key. @throws if its master key is not there, or it was changed or belongs to another cell */
export function unwrap(masterKeys: MasterKeys, { wrappedKey, masterKeyId }: WrappedKey, cell: Cell): Buffer {
  const found = masterKeys.find(({ id }) => id === masterKeyId);
  if (found) return open(found.key, wrappedKey, cell);
  throw new Error(
    `MASTER_KEY lacks the key ${masterKeyId}, under which ${cell.table} of ${cell.row} is encrypted`,
  );
}
