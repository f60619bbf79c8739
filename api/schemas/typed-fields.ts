import { z } from 'zod';
import { type EmailFault, readEmailAddress } from '../../domain/values/email-address.ts';
import { normalizeTypedCode } from '../../domain/values/normalize-typed.ts';
import { type PhoneFault, readPhoneNumber } from '../../domain/values/phone-number.ts';
import { readZip } from '../../domain/values/zip.ts';

/** Error details of phone numbers. */
const phoneFaultDetails: Readonly<Record<PhoneFault, string>> = {
  'not-a-us-phone':
    'This is not a US phone number. It must have 10 digits, such as 801-555-0123. We cannot reach numbers in other countries.',
  'phone-extension': 'We cannot text or call a number with an extension. Give a number without one.',
  'phone-letters': 'Give the number in digits only, without letters or words.',
  'premium-phone': 'Calls to this number cost extra. Give another number.',
};

/** A US phone number as typed; the result is in E.164. */
export const typedPhone = z
  .string()
  .min(1)
  .max(100, { abort: true })
  .overwrite((typed) => {
    const read = readPhoneNumber(typed);
    return 'phone' in read ? read.phone : typed;
  })
  .superRefine((typed, context) => {
    const read = readPhoneNumber(typed);
    if (typed !== '' && 'fault' in read) context.addIssue(issueOf(read.fault, phoneFaultDetails[read.fault]));
  })
  .meta({ description: 'A US phone number in any common format', example: '(801) 555-0123' });

/** A ZIP as typed, with or without the +4 digits; the result is the first five digits. */
export const typedZip = z
  .string()
  .max(50, { abort: true })
  .overwrite((typed) => readZip(typed) ?? typed)
  .superRefine((zip, context) => {
    if (!/^\d{5}$/.test(zip)) context.addIssue(issueOf('wrong-format', 'A ZIP must have 5 digits.'));
  })
  .meta({ description: 'A ZIP; of a ZIP+4, the first five digits are used', example: '84101' });

const emailFaultDetails: Readonly<Record<EmailFault, string>> = {
  'not-an-email': 'This is not an email address. An example is ana.reyes@example.com.',
  'email-alone': 'Give only one email address, without a name.',
  'email-not-ascii': 'The part before the @ can contain only letters without accents, digits and symbols.',
};

/** An email address as typed; the result is normalized by `readEmailAddress`. */
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

/** A code of six digits as typed; spaces, dashes and invisible characters are removed. */
export const typedCode = z
  .string()
  .max(50, { abort: true })
  .overwrite(normalizeTypedCode)
  .superRefine((code, context) => {
    if (!/^\d{6}$/.test(code)) context.addIssue(issueOf('wrong-format', 'A code must have 6 digits.'));
  })
  .meta({ description: 'A code of 6 digits', example: '048213' });

function issueOf(code: string, message: string) {
  return { code: 'custom' as const, message, params: { code } };
}
