import { z } from 'zod';
import { skipKinds } from '../../../domain/matching/skips.ts';
import { instant } from '../fields.ts';

const skip = {
  kind: z.enum(skipKinds),
  value: z
    .string()
    .regex(/^([a-z]{2,3}|\d{3})$/, 'A language code, or three digits')
    .meta({
      description: 'For `language` its BCP-47 code, for `area` the first three digits of the ZIP',
      example: 'vi',
    }),
};

/** What an agent skips. */
export const skipSince = z.strictObject({ ...skip, since: instant }).meta({ id: 'SkipSince' });

/** `PUT` and `DELETE /v1/me/skips/{kind}/{value}` */
export const skipPath = z.strictObject(skip);

/** `GET /v1/me/suggestions`, and the response to a change of a skip. */
export const suggestions = z
  .strictObject({
    suggestions: z
      .array(
        z.strictObject({
          ...skip,
          declined: z.int().min(1).meta({ description: 'How many such requests the agent declined last' }),
        }),
      )
      .meta({ description: 'What the agent could skip, because they declined it again and again' }),
    skips: z
      .array(skipSince)
      .meta({ description: 'What the agent skips: no such request is offered to them' }),
  })
  .meta({ id: 'Suggestions' });
export type Suggestions = z.infer<typeof suggestions>;
