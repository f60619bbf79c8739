import { z } from 'zod';
import { appCodePattern, recoveryCodePattern } from '../../../domain/accounts/second-factor.ts';
import { normalizeTypedCode } from '../../../domain/values/normalize-typed.ts';
import { id, instant, typedText } from '../fields.ts';

const codeLike = (pattern: RegExp, detail: string) =>
  typedText(100)
    .min(1)
    .overwrite((typed) => normalizeTypedCode(typed).toUpperCase())
    .regex(pattern, detail);

/** A code of the authenticator app, as typed. */
const appCode = codeLike(appCodePattern, 'A code has 6 digits').meta({ example: '048213' });

/** A code of the authenticator app or a recovery code, as typed. */
export const secondFactorCode = codeLike(
  new RegExp(`${appCodePattern.source}|${recoveryCodePattern.source}`),
  'A code has 6 digits; a recovery code has 26 letters and digits',
).meta({
  description: 'A code of the authenticator app, or a recovery code. Each counts once',
  example: '048213',
});

/** `GET /v1/me/second-factor` */
export const secondFactor = z
  .strictObject({
    required: z.boolean().meta({ description: 'Whether the account has to have one' }),
    authenticatorApp: z.strictObject({ confirmedAt: instant }).nullable(),
    passkeys: z.int().min(0),
    recoveryCodes: z.int().min(0).meta({ description: 'Recovery codes that are left' }),
  })
  .meta({ id: 'SecondFactor', description: 'What the account has besides its password' });
export type SecondFactor = z.infer<typeof secondFactor>;

/** `POST /v1/me/second-factor/authenticator-app/secret` */
export const appSecret = z
  .strictObject({
    keyId: id.meta({ description: 'To be sent back with the first code' }),
    secret: z.string().meta({ description: 'Base32' }),
    uri: z.string().meta({ description: 'The same as an `otpauth:` address, for a link or a QR code' }),
  })
  .meta({ id: 'AuthenticatorAppSecret', description: 'A new secret; nothing changes before a code is sent' });
export type AppSecret = z.infer<typeof appSecret>;

/** `PUT /v1/me/second-factor/authenticator-app` */
export const appBody = z.strictObject({ keyId: id, code: appCode }).meta({ id: 'AuthenticatorApp' });
export type AppBody = z.infer<typeof appBody>;

/** Recovery codes, which are shown this once. */
export const recoveryCodes = z.strictObject({ recoveryCodes: z.array(z.string()) }).meta({
  id: 'RecoveryCodes',
  description: 'Each replaces a code of the authenticator app once; earlier ones are void',
});
export type RecoveryCodes = z.infer<typeof recoveryCodes>;
