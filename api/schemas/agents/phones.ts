import { z } from 'zod';
import { lineTypes } from '../../../domain/notifications/contact.ts';
import { contactPreference, instant, phone } from '../fields.ts';
import { typedCode } from '../typed-fields.ts';

/** `GET /v1/me/phone` */
export const phoneResponse = z
  .strictObject({
    phone: phone.nullable(),
    lineType: z.enum(lineTypes).nullable().meta({ description: 'Null: the look-up failed so far' }),
    contactPreference: contactPreference.nullable(),
    confirmedAt: instant
      .nullable()
      .meta({ description: 'When the phone was confirmed by its code; null: not yet' }),
    mustBeConfirmed: z
      .boolean()
      .meta({ description: 'Whether the phone gets no texts except the code until it is confirmed' }),
    codeExpiresAt: instant
      .nullable()
      .meta({ description: 'When the latest code expires; null: there is no open code' }),
  })
  .meta({ id: 'PhoneResponse', description: 'The phone of the agent and the state of its confirmation' });
export type PhoneResponse = z.infer<typeof phoneResponse>;

/** `POST /v1/me/phone/verification`: enters the code, or sends a new one if `code` is omitted. */
export const phoneVerification = z
  .strictObject({
    code: typedCode
      .optional()
      .meta({ description: 'The code in the text; if omitted, a new code is sent', example: '048213' }),
  })
  .meta({ id: 'PhoneVerification' });
export type PhoneVerification = z.infer<typeof phoneVerification>;

export const phoneConfirmed = z
  .strictObject({ phone: phone.nullable(), confirmedAt: instant })
  .meta({ id: 'PhoneConfirmed' });
export type PhoneConfirmed = z.infer<typeof phoneConfirmed>;

export const phoneCodeSent = z
  .strictObject({ codeExpiresAt: instant })
  .meta({ id: 'PhoneCodeSent', description: 'A code is being sent by text; earlier codes are void' });
export type PhoneCodeSent = z.infer<typeof phoneCodeSent>;
