import { z } from 'zod';
import { termsKinds } from '../../../domain/onboarding/facts.ts';
import { language, singleLineText } from '../fields.ts';

export const termsKind = z.enum(termsKinds).meta({ id: 'TermsKind' });

export const sha256Hex = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ description: 'SHA-256 of the text in UTF-8, in hex' });

/** `GET /v1/terms/{kind}`: the version in force */
export const terms = z
  .strictObject({ kind: termsKind, version: z.string(), sha256: sha256Hex, text: z.string() })
  .meta({ id: 'Terms' });
export type Terms = z.infer<typeof terms>;

/** `POST /v1/me/terms/{kind}/acceptance` */
export const termsAcceptance = z
  .strictObject({ version: singleLineText(50) })
  .meta({ id: 'TermsAcceptance' });
export type TermsAcceptanceBody = z.infer<typeof termsAcceptance>;

/** Scope, purpose and duration of a consent. */
export const consentLimits = {
  scope: z.array(z.string()).meta({ description: 'Data that the consent covers, such as `phone`' }),
  purpose: z.string().meta({ description: 'Purpose of the use, such as `contact-about-request`' }),
  durationDays: z
    .int()
    .min(1)
    .nullable()
    .meta({ description: 'Maximum duration; the consent always ends with the request' }),
};

/** `GET /v1/consents/intake?language=` and `…/texts`: in that language, or in English if there is no translation. */
export const consentText = z
  .strictObject({ version: z.string(), text: z.string(), language, sha256: sha256Hex, ...consentLimits })
  .meta({ id: 'ConsentText' });
export type ConsentText = z.infer<typeof consentText>;

/** The version of a consent that a consumer agrees to. */
export const consentAgreement = z.strictObject({
  version: singleLineText(50),
  language: language.optional().meta({
    description: 'The language in which the consent was shown; default: the language of the request',
  }),
});
