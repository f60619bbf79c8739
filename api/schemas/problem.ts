import { z } from 'zod';
import type { TextlessLineType } from '../../domain/notifications/contact.ts';
import type { EmailFault } from '../../domain/values/email-address.ts';
import type { PhoneFault } from '../../domain/values/phone-number.ts';
import type { NameFault } from '../../domain/values/text-checks.ts';
import { instant } from './fields.ts';

/** One failed field: where it is in the request, what is wrong by code, and in words. */
export const fieldError = z
  .strictObject({
    pointer: z.string().meta({
      description:
        'JSON Pointer into the body; `?name` for a parameter of the query, `{name}` for one of the path',
      example: '/zip',
    }),
    code: z.string().meta({ description: 'What is wrong, stable', example: 'unknown-zip' }),
    detail: z.string().meta({ description: 'What is wrong, in words', example: 'We do not know this ZIP.' }),
  })
  .meta({ id: 'FieldError' });
export type FieldError = z.infer<typeof fieldError>;

/** A problem (RFC 9457). The last segment of its type says what happened, for programs. */
export const problem = z
  .looseObject({
    type: z.string().meta({
      description: 'A URN; what follows its last colon is the stable name of the problem',
      example: 'urn:help-on-demand:problem:invalid-fields',
    }),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().optional(),
    instance: z.string().optional().meta({ description: 'The id of the request, as it is in our log' }),
    errors: z.array(fieldError).optional().meta({ description: 'Every failed field' }),
    at: instant.optional().meta({ description: 'When it happened, where something has ended' }),
  })
  .meta({ id: 'Problem', description: 'What went wrong (RFC 9457)' });
export type Problem = z.infer<typeof problem>;

/** A state runs its own marketplace: where its consumers find help instead. */
export const stateMarketplace = z
  .strictObject({ name: z.string(), url: z.string(), phone: z.string() })
  .meta({ id: 'StateMarketplace' });
export type StateMarketplace = z.infer<typeof stateMarketplace>;

/**
 * What can be wrong with what a consumer sends beyond the shape of a field, by the field at which it is said. The pages
 * have words for each of these codes, in every language that they are written in.
 */
export interface ConsumerFaults {
  name: NameFault;
  phone: 'phone-or-email-needed' | 'needed-for-contact' | PhoneFault | TextlessLineType;
  email: 'needed-for-contact' | EmailFault;
  zip: 'unknown-zip' | 'state-marketplace' | 'territory' | 'military' | 'not-served';
  state: 'state-needed' | 'not-of-zip';
  coverageYear: 'unknown-coverage-year';
  adult: 'adult-or-representative-needed';
  consent: 'not-in-force';
  textConsent: 'not-in-force' | 'phone-needed';
  code: 'wrong-code';
}
