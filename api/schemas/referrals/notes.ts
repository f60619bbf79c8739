import { z } from 'zod';
import { instant, multilineText } from '../fields.ts';

/** Most characters of an agent's notes about a referral. */
export const maxNotesLength = 2_000;

const text = multilineText(maxNotesLength)
  .or(z.literal(''))
  .meta({ description: 'What the agent noted for themselves; empty: nothing' });

/** `GET` and `PUT /v1/referrals/{id}/notes` */
export const notes = z
  .strictObject({
    text,
    updatedAt: instant.nullable().meta({ description: 'When they were saved last; null: never' }),
  })
  .meta({ id: 'Notes' });
export type Notes = z.infer<typeof notes>;
