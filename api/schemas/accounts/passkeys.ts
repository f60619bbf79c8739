import { z } from 'zod';
import { id, instant, singleLineText, typedText } from '../fields.ts';

/** Bytes in base64url, as WebAuthn sends them in JSON. */
const bytes = (most: number) =>
  typedText(most)
    .min(1)
    .regex(/^[\w-]+$/, 'Not base64url');

const credentialType = z.literal('public-key');

/** How a browser reaches a device. */
export const transport = z.enum(['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb']);

/** What a browser knows of a passkey. A later browser may send more members, which are ignored. */
const credential = z.looseObject({
  id: bytes(1400),
  rawId: bytes(1400),
  type: credentialType,
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).optional(),
  clientExtensionResults: z.looseObject({}),
});

/** `RegistrationResponseJSON` of WebAuthn, which the browser's `navigator.credentials.create` gives. */
export const registrationResponse = credential
  .extend({
    response: z.looseObject({
      clientDataJSON: bytes(10_000),
      attestationObject: bytes(40_000),
      // browsers may know more of them than we do
      transports: z.array(typedText(32)).max(10).optional(),
    }),
  })
  .meta({ id: 'PasskeyRegistration', description: 'RegistrationResponseJSON of WebAuthn' });
export type RegistrationResponse = z.infer<typeof registrationResponse>;

/** `AuthenticationResponseJSON` of WebAuthn, which the browser's `navigator.credentials.get` gives. */
export const authenticationResponse = credential
  .extend({
    response: z.looseObject({
      clientDataJSON: bytes(10_000),
      authenticatorData: bytes(10_000),
      signature: bytes(2_000),
      userHandle: bytes(100).optional(),
    }),
  })
  .meta({ id: 'PasskeyAssertion', description: 'AuthenticationResponseJSON of WebAuthn' });
export type AuthenticationResponse = z.infer<typeof authenticationResponse>;

const passkeyName = singleLineText(60).regex(/\S/, 'Not blank');

/** `POST /v1/passkeys` */
export const passkeyBody = z
  .strictObject({ name: passkeyName, credential: registrationResponse })
  .meta({ id: 'NewPasskey' });
export type PasskeyBody = z.infer<typeof passkeyBody>;

/** `PATCH /v1/passkeys/{id}` */
export const passkeyNameBody = z.strictObject({ name: passkeyName }).meta({ id: 'PasskeyName' });
export type PasskeyNameBody = z.infer<typeof passkeyNameBody>;

/** `POST /v1/passkeys/log-in` */
export const passkeyLogInBody = z
  .strictObject({ credential: authenticationResponse })
  .meta({ id: 'PasskeyLogIn' });
export type PasskeyLogInBody = z.infer<typeof passkeyLogInBody>;

/** One passkey. */
export const passkey = z
  .strictObject({
    id,
    name: z.string(),
    createdAt: instant,
    usedAt: instant.nullable().meta({ description: 'When it was used last; null: never' }),
    isSynced: z.boolean().meta({ description: 'Whether the key may be on other devices too' }),
  })
  .meta({ id: 'Passkey' });
export type Passkey = z.infer<typeof passkey>;

/** `GET /v1/passkeys` */
export const passkeyList = z.strictObject({ passkeys: z.array(passkey) }).meta({ id: 'PasskeyList' });
export type PasskeyList = z.infer<typeof passkeyList>;

const credentialDescriptor = z.strictObject({
  id: z.string(),
  type: credentialType,
  transports: z.array(transport),
});

const challenge = z.string().meta({ description: 'Base64url; it can be answered once, within five minutes' });
const timeout = z.int().meta({ description: 'Milliseconds' });
const userVerification = z.literal('required');

/** `POST /v1/passkeys/registration-options` */
export const registrationOptions = z
  .strictObject({
    challenge,
    rp: z.strictObject({ id: z.string(), name: z.string() }),
    user: z.strictObject({
      id: z.string().meta({ description: 'Random, the same for all passkeys of the account' }),
      name: z.string().meta({ description: 'The username' }),
      displayName: z.string(),
    }),
    pubKeyCredParams: z.array(z.strictObject({ type: credentialType, alg: z.int() })),
    timeout,
    attestation: z.literal('none'),
    excludeCredentials: z.array(credentialDescriptor),
    authenticatorSelection: z.strictObject({
      residentKey: z.literal('required'),
      requireResidentKey: z.literal(true),
      userVerification,
    }),
  })
  .meta({
    id: 'PasskeyRegistrationOptions',
    description: 'PublicKeyCredentialCreationOptionsJSON of WebAuthn',
  });
export type RegistrationOptions = z.infer<typeof registrationOptions>;

/** `POST /v1/passkeys/log-in-options` */
export const logInOptions = z
  .strictObject({ challenge, rpId: z.string(), timeout, userVerification })
  .meta({ id: 'PasskeyLogInOptions', description: 'PublicKeyCredentialRequestOptionsJSON of WebAuthn' });
export type LogInOptions = z.infer<typeof logInOptions>;
