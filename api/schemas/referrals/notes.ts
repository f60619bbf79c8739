import { z } from 'zod';
import { maxNotesLength } from '../../../domain/referrals/notes.ts';
import { instant, multilineText } from '../fields.ts';

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
