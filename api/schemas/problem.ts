import { z } from 'zod';
import type { UsernameFault } from '../../domain/accounts/username.ts';
import type { TextlessLineType } from '../../domain/notifications/contact.ts';
import type { EmailFault } from '../../domain/values/email-address.ts';
import type { PhoneFault } from '../../domain/values/phone-number.ts';
import type { NameFault } from '../../domain/values/text-checks.ts';
import { instant } from './fields.ts';

/** One failed field of a request. */
export const fieldError = z
  .strictObject({
    pointer: z.string().meta({
      description:
        'JSON Pointer into the body; `?name` for a parameter of the query, `{name}` for one of the path',
      example: '/zip',
    }),
    code: z.string().meta({ description: 'Stable code of the error', example: 'unknown-zip' }),
    detail: z.string().meta({ description: 'Explanation of the error', example: 'We do not know this ZIP.' }),
  })
  .meta({ id: 'FieldError' });
export type FieldError = z.infer<typeof fieldError>;

/** A problem response (RFC 9457). The last segment of `type` is its stable name for programs. */
export const problem = z
  .looseObject({
    type: z.string().meta({
      description: 'A URN; the part after the last colon is the stable name of the problem',
      example: 'urn:help-on-demand:problem:invalid-fields',
    }),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().optional(),
    instance: z.string().optional().meta({ description: 'Id of the request, as in the log' }),
    errors: z.array(fieldError).optional().meta({ description: 'Every failed field' }),
    at: instant.optional().meta({ description: 'When it ended, if the problem is that something has ended' }),
  })
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457)' });
export type Problem = z.infer<typeof problem>;

/** The marketplace of a state that runs its own; its consumers find help there. */
export const stateMarketplace = z
  .strictObject({ name: z.string(), url: z.string(), phone: z.string() })
  .meta({ id: 'StateMarketplace' });
export type StateMarketplace = z.infer<typeof stateMarketplace>;

/**
 * Error codes of a consumer's request beyond its schema, by field. The portal has a translation for each of these codes
 * in each of its languages.
 */
export interface ConsumerFaults {
  name: NameFault;
  phone: 'phone-or-email-needed' | 'needed-for-contact' | PhoneFault | TextlessLineType;
  email: 'needed-for-contact' | EmailFault;
  zip: 'unknown-zip' | 'state-marketplace' | 'territory' | 'military' | 'not-served';
  state: 'state-needed' | 'not-of-zip';
  coverageYear: 'unknown-coverage-year';
  agent: NameFault | 'npn-or-name-needed';
  returnToAgent: 'agent-named';
  adult: 'adult-or-representative-needed';
  consent: 'not-in-force';
  textConsent: 'not-in-force' | 'phone-needed';
  code: 'wrong-code';
}

/** The same of what an agent enters at the registration and in the profile. */
export interface AgentFaults {
  username: 'taken' | 'same-as-npn' | UsernameFault;
  phone: PhoneFault | TextlessLineType;
  zip: 'unknown-zip';
}
