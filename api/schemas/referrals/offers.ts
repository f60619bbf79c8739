import { z } from 'zod';
import { notServingCauses } from '../../../domain/agents/not-serving.ts';
import { contactTimes, contactWays } from '../../../domain/referrals/contact-times.ts';
import { declineReasons } from '../../../domain/referrals/offer.ts';
import {
  type AttemptWay,
  attemptWays,
  needs,
  type Outcome,
  type OutcomeReason,
  outcomeRules,
  outcomes,
  reasonWithAttempts,
} from '../../../domain/referrals/referral.ts';
import { referralStages } from '../../../domain/stages.ts';
import { consumer } from '../agents/profile.ts';
import { id, instant, plainDate, planYear, state, zip } from '../fields.ts';

/**
 * Details that an agent sees before accepting. They do not identify the consumer, whose data only the accepting agent
 * sees.
 */
const offerDetails = {
  zip,
  city: z.string(),
  state,
  language: z.string().meta({ description: 'BCP-47' }),
  interpreter: z.boolean().meta({ description: 'Whether an agent with an interpreter is acceptable' }),
  need: z.enum(needs),
  coverageYear: planYear,
  contactBy: z.enum(contactWays).meta({ description: 'How the consumer wants to be reached' }),
  contactTimes: z
    .array(z.enum(contactTimes))
    .meta({ description: 'Preferred times, in the consumer’s time zone; empty: any time' }),
};

export const offer = z
  .strictObject({ id, referralId: id, ...offerDetails, offeredAt: instant, expiresAt: instant })
  .meta({ id: 'Offer' });
export type Offer = z.infer<typeof offer>;

/** One reason why the agent is offered no new referrals now. */
export const notServing = z
  .strictObject({
    cause: z.enum(notServingCauses),
    until: instant.nullable().meta({ description: 'When it ends by itself; null: not known' }),
    states: z.array(state).meta({ description: 'The states that it is about; empty: all' }),
  })
  .meta({ id: 'NotServing' });
export type NotServingView = z.infer<typeof notServing>;

/** `GET /v1/me/offers`: the open offers, and why no more of them come. */
export const offerList = z
  .strictObject({
    offers: z.array(offer),
    notServing: z.array(notServing).meta({
      description:
        'Why the agent is offered no new referrals now, by the rules of matching, the strongest reason first; empty: nothing keeps them from it',
    }),
  })
  .meta({ id: 'OfferList' });
export type OfferList = z.infer<typeof offerList>;

/** `GET /v1/offers/{id}`: what became of an offer, without the request. */
export const offerStatus = z
  .strictObject({
    id,
    referralId: id,
    offeredAt: instant,
    expiresAt: instant,
    acceptedAt: instant.nullable(),
    end: z
      .string()
      .nullable()
      .meta({ description: 'How the offer ended; null while it is open or accepted' }),
    endedAt: instant.nullable(),
  })
  .meta({ id: 'OfferStatus' });
export type OfferStatus = z.infer<typeof offerStatus>;

/** `POST /v1/offers/{id}/acceptance` */
export const offerAccepted = z.strictObject({ referralId: id, consumer }).meta({ id: 'OfferAccepted' });
export type OfferAccepted = z.infer<typeof offerAccepted>;

/** `POST /v1/offers/{id}/decline` */
export const offerDecline = z.strictObject({ reason: z.enum(declineReasons) }).meta({ id: 'OfferDecline' });
export type OfferDecline = z.infer<typeof offerDecline>;

export const offerDeclined = z
  .strictObject({ referralId: id, end: z.literal('declined'), at: instant })
  .meta({ id: 'OfferDeclined' });
export type OfferDeclined = z.infer<typeof offerDeclined>;

/** `GET /v1/offer-links/{id}`: the offer behind the link in a message. */
export const linkedOffer = z
  .strictObject({
    id,
    ...offerDetails,
    offeredAt: instant,
    expiresAt: instant,
    acceptedAt: instant.nullable(),
    end: z
      .string()
      .nullable()
      .meta({ description: 'How the offer ended; null while it is open or accepted' }),
    endedAt: instant.nullable(),
  })
  .meta({ id: 'LinkedOffer' });
export type LinkedOffer = z.infer<typeof linkedOffer>;

/** `POST /v1/offer-links/{id}/acceptance`: without the consumer's contact, which the portal shows after log-in. */
export const offerAcceptedByLink = z.strictObject({ referralId: id }).meta({ id: 'OfferAcceptedByLink' });
export type OfferAcceptedByLink = z.infer<typeof offerAcceptedByLink>;

/** A referral that the agent accepted. `consumer` is null once the referral or the consumer's consent has ended. */
export const agentReferral = z
  .strictObject({
    id,
    offerId: id,
    stage: z
      .enum(['accepted', 'contacted', 'ended'])
      .meta({ description: 'Stage of the referral with this agent' }),
    ...offerDetails,
    acceptedAt: instant,
    contactDueAt: instant.nullable().meta({ description: 'Deadline to contact the consumer' }),
    attempts: z.int().meta({ description: 'Tries to contact the consumer that the agent reported' }),
    nextTryAt: instant.nullable().meta({ description: 'By when the agent tries again' }),
    nextTry: z
      .strictObject({
        byDefault: instant.meta({ description: 'The `nextTryAt` of a report without one' }),
        latest: instant.meta({ description: 'The latest `nextTryAt` of a report' }),
      })
      .nullable()
      .meta({ description: 'What a report of another try can set; null if none can be reported' }),
    contactedAt: instant.nullable(),
    closesAt: instant
      .nullable()
      .meta({ description: 'When the referral closes automatically if no outcome is reported' }),
    endedAt: instant.nullable(),
    end: z.string().nullable().meta({ description: 'How the referral ended for this agent' }),
    consumer: consumer.nullable(),
  })
  .meta({ id: 'AgentReferral' });
export type AgentReferral = z.infer<typeof agentReferral>;

/** `GET /v1/me/referrals`, newest first */
export const agentReferralList = z
  .strictObject({ referrals: z.array(agentReferral), nextPage: z.string().nullable() })
  .meta({ id: 'AgentReferralList' });
export type AgentReferralList = z.infer<typeof agentReferralList>;

/** Fields of a report that the rule of its outcome asks for. */
function detailsOf(outcome: Outcome): Record<string, z.ZodType> {
  const { reasons, needsUntil, takesNextTry } = outcomeRules[outcome];
  const until = plainDate.meta({ description: 'The day until which the referral is deferred' });
  const nextTryAt = instant.meta({
    description:
      'By when the agent tries again; default and limit are in the `nextTry` of `GET /v1/me/referrals`',
  });
  const how = z.enum(attemptWays).meta({ description: 'How the agent tried; the consumer is told' });
  const attempts = z
    .int()
    .min(1)
    .max(99)
    .optional()
    .meta({
      description: `Number of attempts to contact the consumer; needed with \`${reasonWithAttempts}\` unless as many were reported`,
    });
  return {
    ...(needsUntil && { until }),
    ...(takesNextTry && { how: how.optional(), nextTryAt: nextTryAt.optional() }),
    ...(reasons && { reason: z.enum(reasons) }),
    ...(reasons?.includes(reasonWithAttempts) && { attempts }),
  };
}

const hasDetails = (outcome: Outcome) => Object.keys(detailsOf(outcome)).length > 0;

export interface OutcomeReport {
  outcome: Outcome;
  until?: string;
  reason?: OutcomeReason;
  attempts?: number;
  how?: AttemptWay;
  nextTryAt?: string;
}

/** `POST /v1/referrals/{id}/outcomes`: some outcomes need a reason or a date; a try may say how it went and name the next one. */
export const outcomeReport: z.ZodType<OutcomeReport> = z
  .discriminatedUnion('outcome', [
    z.strictObject({ outcome: z.enum(outcomes.filter((outcome) => !hasDetails(outcome))) }),
    ...outcomes
      .filter(hasDetails)
      .map((outcome) => z.strictObject({ outcome: z.literal(outcome), ...detailsOf(outcome) })),
  ])
  .meta({ id: 'OutcomeReport' });

/** Stage of a referral after a command. */
export const referralStatus = z
  .strictObject({ stage: z.enum(referralStages), since: instant })
  .meta({ id: 'ReferralStatus' });
export type ReferralStatus = z.infer<typeof referralStatus>;
