import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** The cell that an envelope belongs to. It opens nowhere else, so that ciphertexts cannot be exchanged. */
export interface Cell {
  table: string;
  column: string;
  /** The row's id. */
  row: string;
}

/** First byte of an envelope. Another layout or cipher gets another number. */
const version = 1;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = 1 + nonceBytes;

/** Bytes of a key: AES-256. */
export const keyBytes = 32;

/**
 * Encrypts with AES-256-GCM.
 * @returns the envelope: version, nonce, ciphertext, tag
 */
export function seal(key: Uint8Array, plain: Uint8Array | string, cell: Cell): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(additionalData(cell));
  return Buffer.concat([
    Buffer.of(version),
    nonce,
    typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
}

/**
 * Decrypts an envelope.
 * @throws an error that names the cell if the envelope was changed or is of another cell, version or key
 */
export function open(key: Uint8Array, envelope: Uint8Array, cell: Cell): Buffer {
  if (envelope[0] !== version || envelope.length < headBytes + tagBytes)
    throw unreadable(cell, 'its version is unknown');
  const end = envelope.length - tagBytes;
  const nonce = envelope.subarray(1, headBytes);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(additionalData(cell));
  decipher.setAuthTag(envelope.subarray(end));
  try {
    return Buffer.concat([decipher.update(envelope.subarray(headBytes, end)), decipher.final()]);
  } catch {
    throw unreadable(cell, 'it was changed, or belongs to another row or key');
  }
}

/** The version and the cell, which are authenticated with each envelope. */
const additionalData = ({ table, column, row }: Cell) => Buffer.from(`${version}:${table}.${column}:${row}`);

function unreadable({ table, column, row }: Cell, why: string): Error {
  const error = new Error(`${table}.${column} of ${row} cannot be decrypted: ${why}`);
  error.name = 'DecryptionError';
  return error;
}
