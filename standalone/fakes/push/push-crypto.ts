import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';

/** The keys that a browser keeps for a subscription, all base64url. */
export interface DeviceKeys {
  publicKey: string;
  privateKey: string;
  auth: string;
}

export function createDeviceKeys(): DeviceKeys {
  const curve = createECDH('prime256v1');
  return {
    publicKey: curve.generateKeys('base64url'),
    privateKey: curve.getPrivateKey('base64url'),
    auth: randomBytes(16).toString('base64url'),
  };
}

const sizes = { salt: 16, header: 21, tag: 16 };

/**
 * Decrypts a push message as the browser would: `aes128gcm` (RFC 8188) in one record, with the keys of RFC 8291.
 * @throws when the body was not encrypted for these keys
 */
export function decryptPush(body: Buffer, keys: DeviceKeys): string {
  const salt = body.subarray(0, sizes.salt);
  const keyLength = body.readUInt8(sizes.header - 1);
  const senderKey = body.subarray(sizes.header, sizes.header + keyLength);
  const record = body.subarray(sizes.header + keyLength);

  const { contentKey, nonce } = derive(senderKey, salt, keys);
  const decipher = createDecipheriv('aes-128-gcm', contentKey, nonce);
  decipher.setAuthTag(record.subarray(-sizes.tag));
  const padded = Buffer.concat([decipher.update(record.subarray(0, -sizes.tag)), decipher.final()]);
  const delimiter = padded.lastIndexOf(2);
  if (delimiter < 0) throw new Error('not a last record');
  return padded.subarray(0, delimiter).toString('utf8');
}

function derive(senderKey: Buffer, salt: Buffer, keys: DeviceKeys): { contentKey: Buffer; nonce: Buffer } {
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(keys.privateKey, 'base64url');
  const shared = curve.computeSecret(senderKey);
  const ownKey = Buffer.from(keys.publicKey, 'base64url');
  const auth = Buffer.from(keys.auth, 'base64url');
  const material = hkdf(shared, auth, Buffer.concat([Buffer.from('WebPush: info\0'), ownKey, senderKey]), 32);
  return {
    contentKey: hkdf(material, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16),
    nonce: hkdf(material, salt, Buffer.from('Content-Encoding: nonce\0'), 12),
  };
}

function hkdf(key: Buffer, salt: Buffer, info: Buffer, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', key, salt, info, bytes));
}
