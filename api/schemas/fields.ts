import { z } from 'zod';
import { contactPreferences } from '../../domain/notifications/contact.ts';
import { languageCodes } from '../../domain/values/languages.ts';
import {
  isStorable,
  type NameFault,
  nameFaultsOf,
  withoutDirection,
} from '../../domain/values/text-checks.ts';

/**
 * What somebody types, of any kind: each text that comes in is one of these, because Postgres takes neither NUL nor half a
 * character, which JSON can carry.
 */
export const typedText = (most: number) =>
  z
    .string()
    // what is too long is looked at no further
    .max(most, { abort: true })
    .refine(isStorable, {
      error: 'This field holds characters that are no text.',
      params: { code: 'not-text' },
    });

/** An instant: ISO 8601 in UTC. */
export const instant = z.iso
  .datetime()
  .meta({ id: 'Instant', description: 'ISO 8601, in UTC', example: '2026-11-23T15:04:05.000Z' });

/** A National Producer Number as people write it; leading zeros are not significant. */
export const npn = z
  .string()
  .regex(/^0*[1-9]\d{0,9}$/, 'An NPN has 1 to 10 digits')
  .max(10)
  .meta({ id: 'Npn', description: 'National Producer Number: 1 to 10 digits', example: '17593264' });

export const planYear = z
  .int()
  .min(2014)
  .max(2100)
  .meta({ id: 'PlanYear', description: 'A calendar year of coverage', example: 2027 });

export const zip = z
  .string()
  .regex(/^\d{5}$/, 'A ZIP has 5 digits')
  .meta({ id: 'Zip', description: 'A ZIP of 5 digits', example: '84101' });

export const state = z
  .string()
  .regex(/^[A-Z]{2}$/, 'A state is two capital letters')
  .meta({ id: 'State', description: 'A state as two letters', example: 'UT' });

/** A language that consumers can ask in. */
export const language = z
  .enum(languageCodes)
  .meta({ id: 'Language', description: 'A language of the service as a BCP-47 code', example: 'en' });

/** A language that an agent speaks: the feed knows more of them than the service asks in. */
export const spokenLanguage = z
  .string()
  .regex(/^[a-z]{2,3}$/, 'A language is a BCP-47 code')
  .meta({ id: 'SpokenLanguage', description: 'A language as a BCP-47 code', example: 'es' });

export const phone = z
  .string()
  .regex(/^\+[1-9]\d{6,14}$/)
  .meta({ id: 'Phone', description: 'A phone number in E.164', example: '+18015550123' });

/** An address as it was typed (`typedEmail`): its domain can be in any script. */
export const email = z
  .string()
  .max(400)
  .meta({ id: 'Email', description: 'An email address', example: 'ana.reyes@example.com' });

export const contactPreference = z.enum(contactPreferences).meta({
  id: 'ContactPreference',
  description: 'How an agent wants to hear of a referral; "app" is a push of the installed portal',
});

/** One line of text without control characters, which no field of ours has a use for. */
export const singleLineText = (most: number) =>
  typedText(most)
    .min(1)
    .regex(/^[ -~\u00a0-\uffff]*$/, 'One line of text');

/**
 * Words of somebody of ours, in as many lines as they like. Pasted text brings tabs and marks that turn the direction of
 * what stands around them: a tab is a space, and the marks go.
 */
export const multilineText = (most: number) =>
  typedText(most)
    .overwrite((text) => withoutDirection(text).replaceAll(/\t/g, ' ').replaceAll('\r\n', '\n'))
    .min(1)
    .regex(/^[\n -~\u00a0-\uffff]*$/, 'Text without control characters')
    .regex(/\S/, 'Not blank');

/** What each fault of a name says to somebody who typed it. */
const nameFaultDetails: Readonly<Record<NameFault, string>> = {
  'holds-address':
    'A name has no web or email address in it. Leave a space behind each dot, as in "St. John".',
  'holds-number': 'A name has no phone number or other number in it.',
  'holds-invisible': 'This name holds characters that nobody can see. Type it anew.',
  'not-a-name': 'This is not a name.',
};

/** What a person is called, in any script. It goes into messages, so nothing in it may become a link there. */
export const personName = singleLineText(200).superRefine((name, context) => {
  // what is empty, or no text at all, was said already
  if (name === '' || !isStorable(name)) return;
  for (const code of nameFaultsOf(name))
    context.addIssue({ code: 'custom', message: nameFaultDetails[code], params: { code } });
});

/** The token of a secret link: 256 bits. It is only ever in a body or a header, so that no log has it. */
export const token = typedText(200).min(1).meta({
  description: 'The token after the # of a link',
  example: 'R0lQ2zJmZ2lqTn8mWQe4tS0v8mJ0m1nKk3VYbX9uT5c',
});

/** A calendar date. */
export const plainDate = z.iso.date().meta({ id: 'PlainDate', example: '2026-12-01' });

export const id = z.uuid().meta({ id: 'Id', example: '0199f2b4-7c1e-7a55-9d0c-5b1f0a6f3c11' });

/** Where the next page of a list begins; null on the last. */
export const nextPage = z
  .string()
  .nullable()
  .meta({ description: 'What to pass as `page` for the next page; null on the last' });

/** The parameter that asks for a later page. */
export const page = z
  .string()
  .min(1)
  .max(300)
  .regex(/^[\w-]+$/, 'Not a page of this list')
  .optional()
  .meta({ description: 'The `nextPage` of the page before' });

/** The body of a command that needs none. */
export const emptyBody = z.strictObject({}).meta({ id: 'Nothing', description: 'An empty object' });
