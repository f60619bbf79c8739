import { z } from 'zod';
import { id, instant, npn } from '../fields.ts';

/** `GET /v1/referrals/{id}/data` */
export const consumerData = z
  .strictObject({
    request: z.strictObject({
      id,
      createdAt: instant,
      stage: z.string(),
      closedAt: instant.nullable(),
      outcome: z.string().nullable(),
      zip: z.string(),
      city: z.string(),
      state: z.string(),
      language: z.string(),
      interpreter: z.boolean(),
      coverageYear: z.int(),
      need: z.string(),
      contactBy: z.string(),
      contactTimes: z.array(z.string()),
      wishedAgent: z.string().nullable().meta({ description: 'The agent whom the consumer asked for' }),
    }),
    contact: z
      .strictObject({
        name: z.string(),
        phone: z.string().nullable(),
        email: z.string().nullable(),
      })
      .nullable()
      .meta({
        description:
          'In part only, because a link can get into other hands: first letters, and the last digits of the phone. Null: erased',
      }),
    consents: z.array(
      z.strictObject({
        kind: z.string(),
        version: z.string(),
        language: z.string(),
        scope: z.array(z.string()),
        purpose: z.string(),
        givenBy: z.string(),
        givenAt: instant,
        expiresAt: instant.nullable(),
        rescindedAt: instant.nullable(),
      }),
    ),
    shownTo: z
      .array(z.strictObject({ npn, firstAt: instant }))
      .meta({ description: 'The agents who saw the contact, and since when' }),
    kept: z.strictObject({
      everythingUntil: instant
        .nullable()
        .meta({ description: 'When all of it is deleted unless the code is entered; null: it was' }),
      contactUntil: instant.nullable().meta({
        description: 'When the contact is erased; null: so many days after the end, or it is erased',
      }),
      contactDaysAfterEnd: z.int(),
      consentRecordUntil: instant.nullable().meta({
        description: 'Until when it stays on record who consented; null while the contact is there',
      }),
      requestYearsAfterEnd: z.int().meta({ description: 'How long the request is kept, without a person' }),
    }),
  })
  .meta({ id: 'ConsumerData' });
export type ConsumerData = z.infer<typeof consumerData>;
