import { z } from 'zod';
import { declineReasons } from '../../../domain/referrals/offer.ts';
import { offerStates } from '../../../domain/referrals/offer-history.ts';
import { needs, outcomeReasons, outcomes } from '../../../domain/referrals/referral.ts';
import { id, instant, language, page, planYear, singleLineText, state, zip } from '../fields.ts';

const became = z.enum(offerStates).meta({
  description: '`offered`, `accepted`, `contacted`: the offer is open; otherwise how it ended',
});
const need = z.enum(needs);

/** `GET /v1/me/offers/history` */
export const offerHistoryQuery = z.strictObject({
  page,
  place: singleLineText(60)
    .optional()
    .meta({ description: 'The beginning of the name of a city, or of a ZIP' }),
  state: state.optional(),
  language: language.optional(),
  need: need.optional(),
  became: became.optional(),
});

/** An offer that the agent had, and what became of it; nothing of who the consumer is. */
const pastOffer = z
  .strictObject({
    id,
    offeredAt: instant,
    zip,
    city: z.string(),
    state,
    language: z.string().meta({ description: 'BCP-47' }),
    need,
    coverageYear: planYear,
    became,
    acceptedAt: instant.nullable(),
    contactedAt: instant.nullable(),
    attempts: z.int().meta({ description: 'Tries to contact the consumer that the agent reported' }),
    endedAt: instant.nullable(),
    outcome: z
      .enum(outcomes)
      .nullable()
      .meta({ description: 'What the agent reported of a referral that is with them, or that they closed' }),
    reason: z.enum([...declineReasons, ...outcomeReasons]).nullable(),
  })
  .meta({ id: 'PastOffer' });
export type PastOfferView = z.infer<typeof pastOffer>;

export const offerHistory = z
  .strictObject({ offers: z.array(pastOffer), nextPage: z.string().nullable() })
  .meta({ id: 'OfferHistory', description: 'The latest first' });
export type OfferHistory = z.infer<typeof offerHistory>;
