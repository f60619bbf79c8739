import { z } from 'zod';
import { contactTimes, contactWays } from '../../../domain/referrals/contact-times.ts';
import { declineReasons } from '../../../domain/referrals/offer.ts';
import { needs, type Outcome, type OutcomeReason, outcomeRules } from '../../../domain/referrals/referral.ts';
import { referralStages } from '../../../domain/stages.ts';
import { consumer } from '../agents/profile.ts';
import { id, instant, plainDate, planYear, state, zip } from '../fields.ts';

/** What an agent sees before accepting: where, in which language and what about, never who (field notes). */
const offerDetails = {
  zip,
  city: z.string(),
  state,
  language: z.string().meta({ description: 'BCP-47' }),
  interpreter: z.boolean().meta({ description: 'An interpreter is fine' }),
  need: z.enum(needs),
  coverageYear: planYear,
  contactBy: z.enum(contactWays).meta({ description: 'How the consumer wants to be reached' }),
  contactTimes: z
    .array(z.enum(contactTimes))
    .meta({ description: 'When, in the consumer’s own time; empty: at any time' }),
};

export const offer = z
  .strictObject({ id, referralId: id, ...offerDetails, offeredAt: instant, expiresAt: instant })
  .meta({ id: 'Offer' });
export type Offer = z.infer<typeof offer>;

/** `GET /v1/me/offers`: those that wait for an answer */
export const offerList = z.strictObject({ offers: z.array(offer) }).meta({ id: 'OfferList' });
export type OfferList = z.infer<typeof offerList>;

/** `POST /v1/offers/{id}/acceptance` */
export const offerAccepted = z.strictObject({ referralId: id, consumer }).meta({ id: 'Accepted' });
export type OfferAccepted = z.infer<typeof offerAccepted>;

/** `POST /v1/offers/{id}/decline` */
export const offerDecline = z.strictObject({ reason: z.enum(declineReasons) }).meta({ id: 'Decline' });
export type OfferDecline = z.infer<typeof offerDecline>;

export const offerDeclined = z
  .strictObject({ referralId: id, end: z.literal('declined'), at: instant })
  .meta({ id: 'Declined' });
export type OfferDeclined = z.infer<typeof offerDeclined>;

/** `GET /v1/offer-links/{id}`: what the link of an offer's message opens */
export const linkedOffer = z
  .strictObject({
    id,
    ...offerDetails,
    offeredAt: instant,
    expiresAt: instant,
    acceptedAt: instant.nullable(),
    end: z.string().nullable().meta({ description: 'How it ended; null while it is open or accepted' }),
    endedAt: instant.nullable(),
  })
  .meta({ id: 'LinkedOffer' });
export type LinkedOffer = z.infer<typeof linkedOffer>;

/** `POST /v1/offer-links/{id}/acceptance`: without the consumer, whom the portal shows after log-in */
export const offerAcceptedByLink = z.strictObject({ referralId: id }).meta({ id: 'AcceptedByLink' });
export type OfferAcceptedByLink = z.infer<typeof offerAcceptedByLink>;

/** A referral that the agent accepted. The contact is gone once the referral has ended, or the consumer's consent has. */
export const agentReferral = z
  .strictObject({
    id,
    offerId: id,
    stage: z
      .enum(['accepted', 'contacted', 'ended'])
      .meta({ description: 'Where it stands with this agent' }),
    ...offerDetails,
    acceptedAt: instant,
    contactDueAt: instant.nullable().meta({ description: 'By when to reach the consumer' }),
    contactedAt: instant.nullable(),
    closesAt: instant.nullable().meta({ description: 'When it closes by itself without an outcome' }),
    endedAt: instant.nullable(),
    end: z.string().nullable().meta({ description: 'How it ended with this agent' }),
    consumer: consumer.nullable(),
  })
  .meta({ id: 'AgentReferral' });
export type AgentReferral = z.infer<typeof agentReferral>;

/** `GET /v1/me/referrals`, newest first */
export const agentReferralList = z
  .strictObject({ referrals: z.array(agentReferral), nextPage: z.string().nullable() })
  .meta({ id: 'AgentReferralList' });
export type AgentReferralList = z.infer<typeof agentReferralList>;

const reasonsOf = (outcome: Outcome) =>
  z.enum(outcomeRules[outcome].reasons as readonly [OutcomeReason, ...OutcomeReason[]]);

/** `POST /v1/referrals/{id}/outcomes`: some outcomes need a reason or a day, the others take none */
export const outcomeReport = z
  .discriminatedUnion('outcome', [
    z.strictObject({ outcome: z.enum(['contacted', 'quoted', 'enrolled', 'wrong-number']) }),
    z.strictObject({
      outcome: z.literal('deferred'),
      until: plainDate.meta({ description: 'The last day until which it is put off' }),
    }),
    z.strictObject({ outcome: z.literal('delayed'), reason: reasonsOf('delayed') }),
    z.strictObject({ outcome: z.literal('not-a-good-prospect'), reason: reasonsOf('not-a-good-prospect') }),
    z.strictObject({
      outcome: z.literal('handed-back'),
      reason: reasonsOf('handed-back'),
      attempts: z
        .int()
        .min(1)
        .max(99)
        .optional()
        .meta({ description: 'How often you tried, with `no-contact-after-attempts`' }),
    }),
  ])
  .meta({ id: 'OutcomeReport' });
export type OutcomeReport = z.infer<typeof outcomeReport>;

/** Where a referral stands after an outcome or a withdrawal. */
export const referralStatus = z
  .strictObject({ stage: z.enum(referralStages), since: instant })
  .meta({ id: 'ReferralStanding' });
export type ReferralStatus = z.infer<typeof referralStatus>;
