import { z } from 'zod';
import { lineTypes } from '../../../domain/notifications/contact.ts';
import { contactPreference, instant, phone } from '../fields.ts';
import { typedCode } from '../typed-fields.ts';

/** `GET /v1/me/phone` */
export const phoneResponse = z
  .strictObject({
    phone: phone.nullable(),
    lineType: z.enum(lineTypes).nullable().meta({ description: 'Null while it could not be looked up' }),
    contactPreference: contactPreference.nullable(),
    confirmedAt: instant
      .nullable()
      .meta({ description: 'When a code sent to it was entered; null: not yet' }),
    mustBeConfirmed: z
      .boolean()
      .meta({ description: 'Whether no text but the code goes to it before it is confirmed' }),
    codeExpiresAt: instant
      .nullable()
      .meta({ description: 'Until when the code that was sent last can be entered; null: there is none' }),
  })
  .meta({ id: 'OwnPhone', description: 'The phone of an agent, and how far its confirmation is' });
export type PhoneResponse = z.infer<typeof phoneResponse>;

/** `POST /v1/me/phone/verification`: with a code it is entered, without one a new one is sent */
export const phoneVerification = z
  .strictObject({
    code: typedCode
      .optional()
      .meta({ description: 'The code of the text; without it a new one is sent', example: '048213' }),
  })
  .meta({ id: 'PhoneVerification' });
export type PhoneVerification = z.infer<typeof phoneVerification>;

export const phoneConfirmed = z
  .strictObject({ phone: phone.nullable(), confirmedAt: instant })
  .meta({ id: 'PhoneConfirmed' });
export type PhoneConfirmed = z.infer<typeof phoneConfirmed>;

export const phoneCodeSent = z
  .strictObject({ codeExpiresAt: instant })
  .meta({ id: 'PhoneCodeSent', description: 'A code is on its way by text; an earlier one is void' });
export type PhoneCodeSent = z.infer<typeof phoneCodeSent>;
