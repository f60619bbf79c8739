import { z } from 'zod';
import { id, instant, npn } from '../fields.ts';
import { consentLimits } from '../onboarding/terms.ts';

const disclosure = z
  .strictObject({
    shown: z
      .enum(['offer', 'contact'])
      .meta({ description: '`offer`: ZIP, city, language and need; `contact`: who the consumer is, too' }),
    through: z
      .enum(['portal', 'link'])
      .meta({ description: '`portal`: after log-in; `link`: by the link in a message' }),
    firstAt: instant,
    lastAt: instant.meta({ description: 'The last look of the same sitting, to the minute' }),
  })
  .meta({ description: 'One sitting in which the agent looked' });

const consent = z
  .strictObject({
    kind: z.enum(['intake', 'texts']),
    version: z.string(),
    language: z.string(),
    ...consentLimits,
    givenBy: z.enum(['adult', 'representative']),
    givenAt: instant,
    expiresAt: instant.nullable().meta({ description: 'When it ends at the latest' }),
    rescindedAt: instant.nullable(),
  })
  .meta({ description: 'What the consumer agreed to' });

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
        end: z.string().nullable().meta({ description: 'How it ended; null while it has not' }),
        disclosures: z.array(disclosure).meta({ description: 'What the agent was shown, and when' }),
      }),
    ),
  })
  .meta({
    id: 'OffersOnRecord',
    description: 'What the consumer of a referral agreed to, and its offers in their order',
  });
export type OffersOnRecord = z.infer<typeof offersOnRecord>;
