import { z } from 'zod';
import { consentGivers, consentKinds } from '../../../domain/referrals/consumer-contact.ts';
import { id, instant, npn } from '../fields.ts';
import { consentLimits } from '../onboarding/terms.ts';

const disclosure = z
  .strictObject({
    shown: z.enum(['offer', 'contact']).meta({
      description: '`offer`: ZIP, city, language and need; `contact`: also the consumer’s name and contact',
    }),
    through: z
      .enum(['portal', 'link'])
      .meta({ description: '`portal`: after log-in; `link`: through the link in a message' }),
    firstAt: instant,
    lastAt: instant.meta({ description: 'The last view of the same visit, to the minute' }),
  })
  .meta({ description: 'One visit in which the agent saw the data' });

const consent = z
  .strictObject({
    kind: z.enum(consentKinds),
    version: z.string(),
    language: z.string(),
    ...consentLimits,
    givenBy: z.enum(consentGivers),
    givenAt: instant,
    expiresAt: instant.nullable().meta({ description: 'When the consent ends at the latest' }),
    rescindedAt: instant.nullable(),
  })
  .meta({ description: 'A consent of the consumer' });

/** `GET /v1/ops/referrals/{id}/offers` */
export const offersOnRecord = z
  .strictObject({
    consents: z.array(consent),
    items: z.array(
      z.strictObject({
        id,
        number: z.int().min(1),
        npn,
        offeredAt: instant,
        expiresAt: instant,
        acceptedAt: instant.nullable(),
        contactedAt: instant.nullable(),
        endedAt: instant.nullable(),
        end: z.string().nullable().meta({ description: 'How the offer ended; null while it has not' }),
        disclosures: z.array(disclosure).meta({ description: 'Data that the agent saw, with the times' }),
      }),
    ),
  })
  .meta({
    id: 'OffersOnRecord',
    description: 'The consents of the consumer, and the offers of the referral in order',
  });
export type OffersOnRecord = z.infer<typeof offersOnRecord>;
