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
 * Text of any kind. Every text in a request uses this schema or one based on it: Postgres refuses NUL characters and lone
 * surrogates, which JSON allows.
 * @param most maximum length in UTF-16 code units
 */
export const typedText = (most: number) =>
  z
    .string()
    // a text that is too long is not checked further
    .max(most, { abort: true })
    .refine(isStorable, {
      error: 'This field contains characters that are not text.',
      params: { code: 'not-text' },
    });

/** An instant in ISO 8601, UTC. */
export const instant = z.iso
  .datetime()
  .meta({ id: 'Instant', description: 'ISO 8601, in UTC', example: '2026-11-23T15:04:05.000Z' });

/** A National Producer Number as typed; leading zeros are not significant. */
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

/** A language that consumers can choose. */
export const language = z
  .enum(languageCodes)
  .meta({ id: 'Language', description: 'A language of the service as a BCP-47 code', example: 'en' });

/** A language that an agent speaks; the feed has more languages than consumers can choose. */
export const spokenLanguage = z
  .string()
  .regex(/^[a-z]{2,3}$/, 'A language is a BCP-47 code')
  .meta({ id: 'SpokenLanguage', description: 'A language as a BCP-47 code', example: 'es' });

export const phone = z
  .string()
  .regex(/^\+[1-9]\d{6,14}$/)
  .meta({ id: 'Phone', description: 'A phone number in E.164', example: '+18015550123' });

/** An email address as stored (`typedEmail`); its domain can be in any script. */
export const email = z
  .string()
  .max(400)
  .meta({ id: 'Email', description: 'An email address', example: 'ana.reyes@example.com' });

export const contactPreference = z.enum(contactPreferences).meta({
  id: 'ContactPreference',
  description:
    'How the agent wants to be notified of offers; `app` is a push notification of the installed portal',
});

/** One line of text without control characters. */
export const singleLineText = (most: number) =>
  typedText(most)
    .min(1)
    .regex(/^[ -~\u00a0-\uffff]*$/, 'One line of text');

/**
 * Text of several lines, typed by ops. Tabs, which pasted text may contain, become spaces; bidirectional control
 * characters, which could reorder the text around them, are removed.
 */
export const multilineText = (most: number) =>
  typedText(most)
    .overwrite((text) => withoutDirection(text).replaceAll(/\t/g, ' ').replaceAll('\r\n', '\n'))
    .min(1)
    .regex(/^[\n -~\u00a0-\uffff]*$/, 'Text without control characters')
    .regex(/\S/, 'Not blank');

/** Error details of a person's name. */
const nameFaultDetails: Readonly<Record<NameFault, string>> = {
  'holds-address':
    'A name cannot contain a web or email address. Leave a space after each period, as in "St. John".',
  'holds-number': 'A name cannot contain a phone number or another number.',
  'holds-invisible': 'This name contains invisible characters. Type it again.',
  'not-a-name': 'This is not a name.',
};

/**
 * A person's name, in any script. It is put into messages, so it must not contain anything that becomes a link there.
 */
export const personName = singleLineText(200).superRefine((name, context) => {
  // an empty name, or one that is not text, has an error already
  if (name === '' || !isStorable(name)) return;
  for (const code of nameFaultsOf(name))
    context.addIssue({ code: 'custom', message: nameFaultDetails[code], params: { code } });
});

/** The token of a secret link: 256 bits. It is sent only in a body or a header, so that no log contains it. */
export const token = typedText(200).min(1).meta({
  description: 'The token after the # of a link',
  example: 'R0lQ2zJmZ2lqTn8mWQe4tS0v8mJ0m1nKk3VYbX9uT5c',
});

/** A calendar date. */
export const plainDate = z.iso.date().meta({ id: 'PlainDate', example: '2026-12-01' });

export const id = z.uuid().meta({ id: 'Id', example: '0199f2b4-7c1e-7a55-9d0c-5b1f0a6f3c11' });

/** The cursor of the next page of a list; null on the last page. */
export const nextPage = z
  .string()
  .nullable()
  .meta({ description: 'The value of `page` for the next page; null on the last page' });

/** The query parameter for a later page of a list. */
export const page = z
  .string()
  .min(1)
  .max(300)
  .regex(/^[\w-]+$/, 'Not a page of this list')
  .optional()
  .meta({ description: 'The `nextPage` of the previous page' });

/** The body of a command without arguments. */
export const emptyBody = z.strictObject({}).meta({ id: 'EmptyBody', description: 'An empty object' });
