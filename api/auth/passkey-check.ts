import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import { cose, decodeClientDataJSON, decodeCredentialPublicKey } from '@simplewebauthn/server/helpers';
import {
  claimChallenge,
  createChallenge,
  findPasskey,
  type NewPasskey,
  readCredentials,
  recordPasskeyUse,
  type StoredPasskey,
  userHandleOf,
} from '../../store/accounts/passkeys.ts';
import type { Deps } from '../deps.ts';
import {
  type AuthenticationResponse,
  type LogInOptions,
  type RegistrationOptions,
  type RegistrationResponse,
  transport,
} from '../schemas/accounts/passkeys.ts';

/** Time that a browser gives a person to use their device, in milliseconds; less than a challenge is live. */
const timeout = 4 * 60_000;
/** EdDSA, ES256 and RS256: what devices in use can do. */
const algorithms = [-8, -7, -257];
/** Bits of the shortest RSA key: what Windows Hello makes, and what NIST SP 800-131A revision 2, section 3, accepts. */
const minRsaBits = 2048;
const knownTransports = (transports: readonly string[] = []) =>
  transports.flatMap((one) => transport.safeParse(one).data ?? []);

/** Makes passkeys and checks them. Their relying party is the host of the public URL. */
export interface PasskeyCheck {
  registrationOptions(account: { accountId: string; username: string }): Promise<RegistrationOptions>;
  logInOptions(): Promise<LogInOptions>;
  /** Checks a new passkey of an account. @returns undefined if the answer is not one to a live challenge of this account */
  verifyNew(accountId: string, credential: RegistrationResponse): Promise<NewPasskey | undefined>;
  /** Checks a signature and records the use of its passkey. @returns undefined if it is not valid */
  verify(credential: AuthenticationResponse): Promise<StoredPasskey | undefined>;
}

/** Creates the check of passkeys. Each demands that the device has verified its user, so a passkey is both factors. */
export function createPasskeyCheck({
  db,
  settings,
  now,
  log,
}: Pick<Deps, 'db' | 'settings' | 'now' | 'log'>): PasskeyCheck {
  const rpId = () => new URL(settings.publicUrl).hostname;
  const expected = (challenge: string) => ({
    expectedChallenge: challenge,
    expectedOrigin: new URL(settings.publicUrl).origin,
    expectedRPID: rpId(),
    requireUserVerification: true,
  });

  return {
    async registrationOptions({ accountId, username }) {
      const known = await readCredentials(db, accountId);
      return {
        challenge: await createChallenge(db, { accountId, at: now() }),
        rp: { id: rpId(), name: 'Help On Demand' },
        user: { id: await userHandleOf(db, accountId), name: username, displayName: username },
        pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
        timeout,
        attestation: 'none',
        excludeCredentials: known.map(({ credentialId, transports }) => ({
          id: credentialId,
          type: 'public-key',
          transports: knownTransports(transports),
        })),
        authenticatorSelection: {
          residentKey: 'required',
          requireResidentKey: true,
          userVerification: 'required',
        },
      };
    },
    async logInOptions() {
      const challenge = await createChallenge(db, { accountId: null, at: now() });
      return { challenge, rpId: rpId(), timeout, userVerification: 'required' };
    },
    async verifyNew(accountId, credential) {
      const challenge = await claimAnswered(credential, accountId);
      if (challenge === undefined) return undefined;
      const checked = await refusing(() =>
        verifyRegistrationResponse({
          ...expected(challenge),
          response: credential,
          supportedAlgorithmIDs: algorithms,
        }),
      );
      if (!checked?.verified) return undefined;
      const { credential: made, credentialDeviceType, credentialBackedUp } = checked.registrationInfo;
      if (isShortRsaKey(made.publicKey)) return undefined;
      return {
        credentialId: made.id,
        publicKey: made.publicKey,
        counter: made.counter,
        transports: knownTransports(credential.response.transports),
        deviceType: credentialDeviceType,
        backedUp: credentialBackedUp,
      };
    },
    async verify(credential) {
      const challenge = await claimAnswered(credential, null);
      const stored = await findPasskey(db, credential.id);
      if (challenge === undefined || !stored) return undefined;
      if (credential.response.userHandle !== stored.userHandle) return undefined;
      const { credentialId, publicKey, counter } = stored;
      const checked = await refusing(() =>
        verifyAuthenticationResponse({
          ...expected(challenge),
          response: credential,
          credential: { id: credentialId, publicKey: new Uint8Array(publicKey), counter },
        }),
      );
      if (!checked?.verified) return undefined;
      const { newCounter, credentialBackedUp: backedUp } = checked.authenticationInfo;
      const used = await recordPasskeyUse(db, { id: stored.id, counter: newCounter, backedUp, at: now() });
      return used ? stored : undefined;
    },
  };

  /** Uses up the challenge that an answer names. @returns undefined if it is not a live one for this purpose */
  async function claimAnswered(
    { response: { clientDataJSON } }: RegistrationResponse | AuthenticationResponse,
    accountId: string | null,
  ): Promise<string | undefined> {
    const challenge = (await refusing(async () => decodeClientDataJSON(clientDataJSON)))?.challenge;
    if (typeof challenge !== 'string') return undefined;
    return (await claimChallenge(db, { challenge, accountId, at: now() })) ? challenge : undefined;
  }

  /** Runs a function of the library, which throws an Error for whatever it refuses. */
  async function refusing<T>(check: () => Promise<T>): Promise<T | undefined> {
    try {
      return await check();
    } catch (error) {
      log.info({ reason: String(error).slice(0, 200) }, 'Passkey refused');
      return undefined;
    }
  }
}

/** @param publicKey COSE, which the library has read before */
function isShortRsaKey(publicKey: Parameters<typeof decodeCredentialPublicKey>[0]): boolean {
  const key = decodeCredentialPublicKey(publicKey);
  if (!cose.isCOSEPublicKeyRSA(key)) return false;
  const modulus = Buffer.from(key.get(cose.COSEKEYS.n) ?? []).toString('hex');
  return modulus === '' || BigInt(`0x${modulus}`).toString(2).length < minRsaBits;
}
