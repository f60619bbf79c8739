import { z } from 'zod';
import { messageLanguages } from '../../../domain/notifications/contact.ts';
import { stateObstacles } from '../../../domain/onboarding/licensed-states.ts';
import { contactPreference, email, instant, npn, phone, spokenLanguage, state, zip } from '../fields.ts';
import { typedPhone, typedZip } from '../typed-fields.ts';

const messageLanguage = z.enum(messageLanguages).meta({
  description: 'Language of our messages to the agent; `languages` are those that they speak with consumers',
});

/** A state, and whether the agent can choose it. */
const stateChoice = z
  .strictObject({
    state,
    canChoose: z.boolean(),
    because: z.enum(stateObstacles).optional().meta({ description: 'Why the state cannot be chosen' }),
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
    messageLanguage,
    zip: zip.nullable(),
    availableStates: z.array(stateChoice).meta({
      description:
        'Every state of HealthCare.gov, and every state of the profile; no referrals come from a state that cannot be chosen',
    }),
    source: z.literal('MLMS').meta({ description: 'System that the name and the email address come from' }),
    syncedAt: instant.meta({
      description: 'When the last feed with these values was imported',
    }),
    changeAt: z.url().meta({ description: 'Page where the name and the email address can be changed' }),
    textsStopped: z
      .boolean()
      .meta({ description: 'Whether texts to this phone are off because its owner replied STOP' }),
  })
  .meta({ id: 'Profile' });
export type Profile = z.infer<typeof profile>;

/** Fields that only the MLMS can change (docs/guide.md, step 2): sending one is refused as `locked`. */
export const lockedFields = ['npn', 'firstName', 'lastName', 'email'] as const;

/** `PATCH /v1/me/profile`: omitted fields stay. */
export const profileChange = z
  .strictObject({
    languages: z.array(spokenLanguage).max(30).optional(),
    states: z.array(state).max(60).optional(),
    phone: typedPhone.optional(),
    contactPreference: contactPreference.optional(),
    messageLanguage: messageLanguage.optional(),
    zip: typedZip.optional(),
  })
  .meta({ id: 'ProfileChange' });
export type ProfileChange = z.infer<typeof profileChange>;

/** Contact of a consumer, which the agent sees after accepting the offer. */
export const consumer = z
  .strictObject({ name: z.string(), phone: phone.nullable(), email: email.nullable() })
  .meta({ id: 'Consumer' });
export type Consumer = z.infer<typeof consumer>;
