import { z } from 'zod';
import { stateObstacles } from '../../../domain/onboarding/licensed-states.ts';
import { contactPreference, email, instant, npn, phone, spokenLanguage, state, zip } from '../fields.ts';
import { typedPhone, typedZip } from '../typed-fields.ts';

/** A state that the agent could choose, or why not. */
const stateChoice = z
  .strictObject({
    state,
    canChoose: z.boolean(),
    because: z.enum(stateObstacles).optional().meta({ description: 'Why not' }),
  })
  .meta({ id: 'StateChoice' });

/** `GET /v1/me/profile` */
export const profile = z
  .strictObject({
    npn,
    firstName: z.string(),
    lastName: z.string(),
    email: z.string(),
    languages: z.array(spokenLanguage),
    states: z.array(state).meta({ description: 'Where the agent wants referrals' }),
    phone: phone.nullable(),
    contactPreference: contactPreference.nullable(),
    zip: zip.nullable(),
    availableStates: z.array(stateChoice).meta({
      description:
        'Every state of HealthCare.gov, and those that the agent has; one that cannot be chosen is not served',
    }),
    source: z.literal('MLMS').meta({ description: 'Where name and email address come from' }),
    syncedAt: instant.meta({
      description: 'When the feed that carries them was last taken in with these very values',
    }),
    changeAt: z.url().meta({ description: 'Where they are changed' }),
    textsStopped: z
      .boolean()
      .meta({ description: 'Whether texts to this phone are off because its owner asked for that by text' }),
  })
  .meta({ id: 'Profile' });
export type Profile = z.infer<typeof profile>;

/** Fields that come from the MLMS alone (guide, Registration 2): a change to one is refused as `locked`. */
export const lockedFields = ['npn', 'firstName', 'lastName', 'email'] as const;

/** `PATCH /v1/me/profile`: what is left out stays */
export const profileChange = z
  .strictObject({
    languages: z.array(spokenLanguage).max(30).optional(),
    states: z.array(state).max(60).optional(),
    phone: typedPhone.optional(),
    contactPreference: contactPreference.optional(),
    zip: typedZip.optional(),
  })
  .meta({ id: 'ProfileChange' });
export type ProfileChange = z.infer<typeof profileChange>;

const pushEndpoint = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .meta({ description: 'The push service’s address of this browser' });

/** `POST /v1/me/push-subscriptions`: what the browser's `PushSubscription.toJSON()` gives */
export const pushSubscription = z
  .strictObject({
    endpoint: pushEndpoint,
    expirationTime: z.number().nullable().optional(),
    keys: z.strictObject({
      p256dh: z.string().regex(/^[\w-]{80,100}={0,2}$/),
      auth: z.string().regex(/^[\w-]{20,30}={0,2}$/),
    }),
  })
  .meta({ id: 'PushSubscription' });
export type PushSubscriptionBody = z.infer<typeof pushSubscription>;

/** `DELETE /v1/me/push-subscriptions`; the endpoint is a secret of the browser's, so it is in no URL. */
export const pushUnsubscription = z
  .strictObject({ endpoint: pushEndpoint })
  .meta({ id: 'PushUnsubscription' });
export type PushUnsubscription = z.infer<typeof pushUnsubscription>;

/** `GET /v1/me/push-subscriptions` */
export const pushKey = z
  .strictObject({
    applicationServerKey: z
      .string()
      .meta({ description: 'For `PushManager.subscribe`: the VAPID public key' }),
  })
  .meta({ id: 'PushKey' });

/** What an agent sees of a consumer once the offer is accepted. */
export const consumer = z
  .strictObject({ name: z.string(), phone: phone.nullable(), email: email.nullable() })
  .meta({ id: 'Consumer' });
export type Consumer = z.infer<typeof consumer>;
