import { z } from 'zod';
import { contactTimes, contactWays } from '../../../domain/referrals/contact-times.ts';
import { attemptWays, needs } from '../../../domain/referrals/referral.ts';
import { referralStages } from '../../../domain/stages.ts';
import { id, instant, language, npn, personName, planYear, state } from '../fields.ts';
import { consentAgreement } from '../onboarding/terms.ts';
import { typedEmail, typedPhone, typedZip } from '../typed-fields.ts';
import { waitOfGroup } from './waiting-times.ts';

const declared = z.literal(true).optional();

/** An agent by NPN or by name. A name that two agents of the state have means neither. */
const wishedAgent = z
  .strictObject({ npn: npn.optional(), name: personName.optional() })
  .refine(({ npn: number, name }) => (number === undefined) !== (name === undefined), {
    error: 'Send either `npn` or `name`.',
    params: { code: 'npn-or-name-needed' },
  });

/**
 * `POST /v1/referrals`. It needs a phone or an email address, and one of `adult` and `representative`. `need` has no
 * value for Medicare, which the service does not cover.
 */
export const helpRequest = z
  .strictObject({
    name: personName,
    phone: typedPhone.optional(),
    email: typedEmail.optional(),
    zip: typedZip,
    state: state.optional().meta({
      description:
        'Needed if the ZIP is in more than one state or unknown to us; otherwise derived from the ZIP',
    }),
    language,
    interpreter: declared.meta({ description: 'Whether an agent with an interpreter is acceptable' }),
    coverageYear: planYear,
    need: z.enum(needs),
    contactBy: z
      .enum(contactWays)
      .optional()
      .meta({ description: 'Default: `call` with a phone number, `email` without one' }),
    contactTimes: z
      .array(z.enum(contactTimes))
      .max(contactTimes.length)
      .optional()
      .meta({ description: 'Preferred times to be reached; default: any time' }),
    agent: wishedAgent.optional().meta({
      description:
        'The agent whom the consumer has already. If they take part for the consumer’s state and are free, they are asked ' +
        'first; otherwise, and after them, others are asked. The answer does not tell which',
    }),
    returnToAgent: declared.meta({
      description:
        'Asks first for the agent who helped the same person before: known by a phone or an address that was confirmed ' +
        'with a code for both requests. Not together with `agent`',
    }),
    adult: declared.meta({ description: 'Declares that an adult is asking for themselves' }),
    representative: declared.meta({
      description: 'Declares that the sender is authorized to ask for somebody else',
    }),
    consent: consentAgreement,
    textConsent: consentAgreement.optional().meta({
      description:
        'Consent to texts to the phone. Help does not depend on it; without it, updates are on the status page',
    }),
  })
  .meta({ id: 'HelpRequest' });
export type HelpRequest = z.infer<typeof helpRequest>;

export const referralCreated = z
  .strictObject({
    id,
    token: z.string().meta({ description: 'Bearer token for this referral' }),
    statusUrl: z.string().meta({ description: 'URL of the status page, with the token after the #' }),
    stage: z.enum(referralStages),
    opensAt: instant.nullable().meta({
      description: 'When the search for an agent starts, if the service is closed now; otherwise null',
    }),
  })
  .meta({ id: 'ReferralCreated' });
export type ReferralCreated = z.infer<typeof referralCreated>;

/** `GET /v1/referrals/{id}`. `agent` is the agent who accepted the referral and still has it. */
export const referralResponse = z
  .strictObject({
    stage: z.enum(referralStages),
    since: instant,
    receivedAt: instant,
    asked: z
      .strictObject({ count: z.int().min(1), latestAt: instant })
      .nullable()
      .meta({ description: 'How many agents were asked, and when the last one was; null before the first' }),
    usually: waitOfGroup.nullable().meta({
      description:
        'While we look for an agent: how long requests from the state waited for one; null: fewer than 20 requests',
    }),
    latestBy: instant.nullable().meta({
      description: 'While we look for an agent: by when we say at the latest that nobody was free',
    }),
    outcome: z
      .enum(['enrolled', 'not-enrolled'])
      .nullable()
      .meta({ description: 'What came of it, as the agent reported when it was closed' }),
    causes: z.array(z.string()),
    waitingUntil: instant.nullable(),
    language: language.meta({ description: 'Language of the request' }),
    contactBy: z.enum(contactWays).meta({ description: 'How the consumer wants to be reached' }),
    codesBy: z
      .array(z.enum(['email', 'text', 'voice']))
      .optional()
      .meta({
        description:
          'How codes were sent, while the request is `unconfirmed` or a new contact waits for its code; `voice` is a call',
      }),
    agent: z
      .strictObject({
        name: z.string(),
        npn,
        license: z
          .strictObject({ state, number: z.string() })
          .nullable()
          .meta({ description: 'The agent’s license in the consumer’s state; null if none is on record' }),
        acceptedAt: instant,
        contactedAt: instant
          .nullable()
          .meta({ description: 'When they were in touch with the consumer; null before' }),
        tries: z
          .int()
          .min(0)
          .meta({ description: 'How often the agent tried in vain to contact the consumer' }),
        callsBy: instant
          .nullable()
          .meta({ description: 'Deadline for the agent to contact the consumer; null after contact' }),
        triedAt: instant.nullable().meta({
          description: 'When the agent last tried in vain to contact the consumer; null after contact',
        }),
        triedHow: z
          .enum(attemptWays)
          .nullable()
          .meta({ description: 'How the agent says they tried; null if they do not say' }),
        nextTryAt: instant
          .nullable()
          .meta({ description: 'By when the agent tries again; null without a try or after contact' }),
        called: z.boolean().nullable().meta({
          description: 'Whether the agent has called, as reported by the consumer; null: not reported',
        }),
      })
      .optional(),
    canAskAnother: z.boolean().meta({ description: 'Whether the consumer can ask for another agent' }),
  })
  .meta({ id: 'Referral' });
export type ReferralResponse = z.infer<typeof referralResponse>;

/** Data of a `stage` event in `GET /v1/referrals/{id}/events`. */
export const stageEvent = z
  .strictObject({ stage: z.enum(referralStages), since: instant })
  .meta({ id: 'StageEvent' });
export type StageEvent = z.infer<typeof stageEvent>;

/** `POST /v1/status-link-requests`. It needs a phone or an email address. */
export const statusLinkRequest = z
  .strictObject({ phone: typedPhone.optional(), email: typedEmail.optional() })
  .meta({ id: 'StatusLinkRequest' });
export type StatusLinkRequest = z.infer<typeof statusLinkRequest>;

export const statusLinkRequested = z.strictObject({ status: z.literal('received') }).meta({
  id: 'StatusLinkRequested',
  description: 'Always the same, so that it does not reveal whether somebody asked for help',
});
