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

/** What a consent allows beside its words. */
export const consentLimits = {
  scope: z.array(z.string()).meta({ description: 'Which data it is about, such as `phone`' }),
  purpose: z.string().meta({ description: 'What for, such as `contact-about-request`' }),
  durationDays: z
    .int()
    .min(1)
    .nullable()
    .meta({ description: 'For how long at the most; it ends with the request in any case' }),
};

/** `GET /v1/consents/intake?language=` and `…/texts`: in that language, or in English where there is none yet */
export const consentText = z
  .strictObject({ version: z.string(), text: z.string(), language, sha256: sha256Hex, ...consentLimits })
  .meta({ id: 'ConsentText' });
export type ConsentText = z.infer<typeof consentText>;

/** A consent that was read and agreed to. */
export const consentAgreement = z.strictObject({
  version: singleLineText(50),
  language: language
    .optional()
    .meta({ description: 'The language it was read in; else that of the request' }),
});
