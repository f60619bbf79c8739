import { z } from 'zod';
import { contactTimes, contactWays } from '../../../domain/referrals/contact-times.ts';
import { needs } from '../../../domain/referrals/referral.ts';
import { referralStages } from '../../../domain/stages.ts';
import { id, instant, language, npn, personName, planYear, state } from '../fields.ts';
import { consentAgreement } from '../onboarding/terms.ts';
import { typedEmail, typedPhone, typedZip } from '../typed-fields.ts';

const declared = z.literal(true).optional();

/**
 * `POST /v1/referrals`. A phone or an email address is needed, and one of `adult` and `representative`; Medicare
 * is no need here.
 */
export const helpRequest = z
  .strictObject({
    name: personName,
    phone: typedPhone.optional(),
    email: typedEmail.optional(),
    zip: typedZip,
    state: state.optional().meta({
      description:
        'Where the ZIP lies in more than one state, or is too new for us to know it; else it follows from the ZIP',
    }),
    language,
    interpreter: declared.meta({ description: 'An interpreter is fine' }),
    coverageYear: planYear,
    need: z.enum(needs),
    contactBy: z
      .enum(contactWays)
      .optional()
      .meta({ description: 'By phone where one is given, unless told otherwise' }),
    contactTimes: z
      .array(z.enum(contactTimes))
      .max(contactTimes.length)
      .optional()
      .meta({ description: 'When to be reached; at any time unless told otherwise' }),
    adult: declared.meta({ description: 'I am an adult who asks for myself' }),
    representative: declared.meta({ description: 'I am authorized to ask for somebody else' }),
    consent: consentAgreement,
    textConsent: consentAgreement.optional().meta({
      description:
        'Agrees to texts to the phone; help does not depend on it, and without it the status page tells',
    }),
  })
  .meta({ id: 'HelpRequest' });
export type HelpRequest = z.infer<typeof helpRequest>;

export const referralCreated = z
  .strictObject({
    id,
    token: z.string().meta({ description: 'The key to this referral: `Authorization: Bearer`' }),
    statusUrl: z.string().meta({ description: 'Its status page, with the token after the #' }),
    stage: z.enum(referralStages),
    opensAt: instant.nullable().meta({
      description: 'Where we are closed: when we open, and look for an agent',
    }),
  })
  .meta({ id: 'Requested' });
export type ReferralCreated = z.infer<typeof referralCreated>;

/** `GET /v1/referrals/{id}`. `agent` is the one who accepted and has it now. */
export const referralResponse = z
  .strictObject({
    stage: z.enum(referralStages),
    since: instant,
    causes: z.array(z.string()),
    waitingUntil: instant.nullable(),
    language: language.meta({ description: 'The language you asked in' }),
    contactBy: z.enum(contactWays).meta({ description: 'How you asked to be reached' }),
    codesBy: z
      .array(z.enum(['email', 'text', 'voice']))
      .optional()
      .meta({
        description:
          'While it is `unconfirmed`, or a new contact waits for its code: how codes were sent; `voice` is a call',
      }),
    agent: z
      .strictObject({
        name: z.string(),
        npn,
        license: z
          .strictObject({ state, number: z.string() })
          .nullable()
          .meta({ description: 'In your state; null where none is on record any more' }),
        callsBy: instant
          .nullable()
          .meta({ description: 'Until when the agent has to get in touch; null afterwards' }),
        called: z.boolean().nullable().meta({ description: 'What you told us; null: nothing yet' }),
      })
      .optional(),
    canAskAnother: z.boolean().meta({ description: 'Whether another agent can be asked for' }),
  })
  .meta({ id: 'Referral' });
export type ReferralResponse = z.infer<typeof referralResponse>;

/** The data of an event `stage` in `GET /v1/referrals/{id}/events`. */
export const stageEvent = z
  .strictObject({ stage: z.enum(referralStages), since: instant })
  .meta({ id: 'StageEvent' });
export type StageEvent = z.infer<typeof stageEvent>;

/** `POST /v1/status-link-requests`. A phone or an email address is needed. */
export const statusLinkRequest = z
  .strictObject({ phone: typedPhone.optional(), email: typedEmail.optional() })
  .meta({ id: 'StatusLinkRequest' });
export type StatusLinkRequest = z.infer<typeof statusLinkRequest>;

export const statusLinkRequested = z.strictObject({ status: z.literal('received') }).meta({
  id: 'StatusLinkRequested',
  description: 'Always the same, so that it tells nothing about who has asked for help',
});
