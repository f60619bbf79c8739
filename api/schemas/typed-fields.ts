import { z } from 'zod';
import { type EmailFault, readEmailAddress } from '../../domain/values/email-address.ts';
import { normalizeTypedCode } from '../../domain/values/normalize-typed.ts';
import { type PhoneFault, readPhoneNumber } from '../../domain/values/phone-number.ts';
import { readZip } from '../../domain/values/zip.ts';

/** What each fault of a phone number says to whoever uses the API. */
const phoneFaultDetails: Readonly<Record<PhoneFault, string>> = {
  'not-a-us-phone':
    'This is not a US phone number. One has 10 digits, such as 801-555-0123; we reach none of another country.',
  'phone-extension':
    'A number with an extension gets no texts and no calls of ours. Give a number without one.',
  'phone-letters': 'Give the number in digits alone, without letters or words.',
  'premium-phone': 'Calls to this number cost extra. Give another.',
};

/** A US phone number as typed; what it becomes is E.164 (`parsePhone`). */
export const typedPhone = z
  .string()
  .min(1)
  .max(100, { abort: true })
  .superRefine((typed, context) => {
    const read = readPhoneNumber(typed);
    if (typed !== '' && 'fault' in read) context.addIssue(issueOf(read.fault, phoneFaultDetails[read.fault]));
  })
  .meta({ description: 'A US phone number in any usual way of writing it', example: '(801) 555-0123' });

/** A ZIP as typed, with or without the four digits that can follow; it becomes its first five. */
export const typedZip = z
  .string()
  .max(50, { abort: true })
  .overwrite((typed) => readZip(typed) ?? typed)
  .superRefine((zip, context) => {
    if (!/^\d{5}$/.test(zip)) context.addIssue(issueOf('wrong-format', 'A ZIP has 5 digits.'));
  })
  .meta({ description: 'A ZIP; of nine digits the first five count', example: '84101' });

const emailFaultDetails: Readonly<Record<EmailFault, string>> = {
  'not-an-email': 'This is not an email address, such as ana.reyes@example.com.',
  'email-alone': 'Give one email address alone, without a name.',
  'email-not-ascii': 'Before the @ an address has letters without accents, digits and signs.',
};

/** An email address as typed; it becomes what `readEmailAddress` keeps of it. */
export const typedEmail = z
  .string()
  .max(400, { abort: true })
  .overwrite((typed) => {
    const read = readEmailAddress(typed);
    return 'address' in read ? read.address : typed;
  })
  .superRefine((typed, context) => {
    const read = readEmailAddress(typed);
    if ('fault' in read) context.addIssue(issueOf(read.fault, emailFaultDetails[read.fault]));
  })
  .meta({
    description: 'An email address; its domain can be in any script',
    example: 'ana.reyes@example.com',
  });

/** A code of six digits as typed: spaces, dashes and invisible marks are not part of it. */
export const typedCode = z
  .string()
  .max(50, { abort: true })
  .overwrite(normalizeTypedCode)
  .superRefine((code, context) => {
    if (!/^\d{6}$/.test(code)) context.addIssue(issueOf('wrong-format', 'A code has 6 digits.'));
  })
  .meta({ description: 'A code of 6 digits', example: '048213' });

function issueOf(code: string, message: string) {
  return { code: 'custom' as const, message, params: { code } };
}
