import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type {
  AuthenticationResponse,
  LogInOptions,
  RegistrationOptions,
  RegistrationResponse,
} from '../../../api/schemas/accounts/passkeys.ts';

/** What a device or a site that lies says instead of the truth. */
export interface Lies {
  origin?: string;
  rpId?: string;
  challenge?: string;
  counter?: number;
  userHandle?: string;
  /** False: the device did not check who uses it. */
  isVerified?: boolean;
}

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest();
/** Bits of authenticator data: user present, user verified, may be backed up, is backed up, has the key. */
const flagBits = { present: 1, verified: 4, mayBackUp: 8, isBackedUp: 16, hasKey: 64 };

/**
 * A device that makes one passkey (ES256, synced) and signs with it, byte for byte as WebAuthn says: level 2, sections 6.1
 * and 6.5.
 * @param siteOrigin what the browser says of the site
 * @param rsaBits length of its key, if it is one that signs by RS256
 */
export function createSoftwareAuthenticator(siteOrigin: string, rsaBits?: number) {
  const { publicKey, privateKey } =
    rsaBits === undefined
      ? generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
      : generateKeyPairSync('rsa', { modulusLength: rsaBits });
  const credentialId = randomBytes(32);
  const id = credentialId.toString('base64url');
  let userHandle = '';

  const clientData = (type: string, challenge: string, { origin = siteOrigin, ...lies }: Lies) =>
    Buffer.from(JSON.stringify({ type, challenge: lies.challenge ?? challenge, origin, crossOrigin: false }));
  const authenticatorData = (
    rpId: string,
    { isVerified = true, counter = 0, ...lies }: Lies,
    key?: Buffer,
  ) => {
    const { present, verified, mayBackUp, isBackedUp, hasKey } = flagBits;
    const flags = present + (isVerified ? verified : 0) + mayBackUp + isBackedUp + (key ? hasKey : 0);
    const head = Buffer.alloc(5);
    head.writeUInt8(flags, 0);
    head.writeUInt32BE(counter, 1);
    return Buffer.concat([sha256(lies.rpId ?? rpId), head, key ?? Buffer.alloc(0)]);
  };
  const common = { id, rawId: id, type: 'public-key' as const, clientExtensionResults: {} };

  return {
    /** Answers `navigator.credentials.create`. */
    create(options: RegistrationOptions, lies: Lies = {}): RegistrationResponse {
      userHandle = options.user.id;
      const idLength = Buffer.alloc(2);
      idLength.writeUInt16BE(credentialId.length);
      const key = Buffer.concat([
        Buffer.alloc(16),
        idLength,
        credentialId,
        coseKey(publicKey.export({ format: 'jwk' })),
      ]);
      const data = authenticatorData(options.rp.id, lies, key);
      const response = {
        clientDataJSON: clientData('webauthn.create', options.challenge, lies).toString('base64url'),
        attestationObject: attestation(data).toString('base64url'),
        transports: ['internal', 'hybrid'],
      };
      return { ...common, response };
    },
    /** Answers `navigator.credentials.get`. */
    get(options: LogInOptions, lies: Lies = {}): AuthenticationResponse {
      const client = clientData('webauthn.get', options.challenge, lies);
      const data = authenticatorData(options.rpId, lies);
      const signature = sign('sha256', Buffer.concat([data, sha256(client)]), privateKey);
      const response = {
        clientDataJSON: client.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: signature.toString('base64url'),
        userHandle: lies.userHandle ?? userHandle,
      };
      return { ...common, response };
    },
  };
}

/** CBOR of an ES256 key, `{1: 2, 3: -7, -1: 1, -2: x, -3: y}`, or of an RS256 key, `{1: 3, 3: -257, -1: n, -2: e}` (RFC 8230). */
function coseKey({ x = '', y = '', n, e = '' }: JsonWebKey): Buffer {
  if (n !== undefined) {
    const [modulus, exponent] = [Buffer.from(n, 'base64url'), Buffer.from(e, 'base64url')];
    const head = Buffer.from('a401030339010020590000', 'hex');
    head.writeUInt16BE(modulus.length, head.length - 2);
    return Buffer.concat([head, modulus, Buffer.from([0x21, 0x40 + exponent.length]), exponent]);
  }
  const point = (of: string) => Buffer.concat([Buffer.from('5820', 'hex'), Buffer.from(of, 'base64url')]);
  return Buffer.concat([
    Buffer.from('a501020326200121', 'hex'),
    point(x),
    Buffer.from('22', 'hex'),
    point(y),
  ]);
}

/** CBOR of `{fmt: 'none', attStmt: {}, authData}`. */
function attestation(authData: Buffer): Buffer {
  const text = (of: string) => Buffer.concat([Buffer.from([0x60 + of.length]), Buffer.from(of)]);
  const length = Buffer.from([0x59, authData.length >> 8, authData.length & 255]);
  return Buffer.concat([
    Buffer.from([0xa3]),
    text('fmt'),
    text('none'),
    text('attStmt'),
    Buffer.from([0xa0]),
    text('authData'),
    length,
    authData,
  ]);
}
