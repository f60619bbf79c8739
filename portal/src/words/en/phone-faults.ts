import type { PhoneFault } from '../../../../domain/values/phone-number.ts';

/** Error texts of a phone number, for consumers and agents. */
export const phoneFaultWords: Readonly<Record<PhoneFault, string>> = {
  'not-a-us-phone':
    'Enter a US phone number of 10 digits, for example 801-555-0123. We cannot call other countries.',
  'phone-extension': 'We cannot call or text a number with an extension. Enter one without an extension.',
  'phone-letters': 'Enter the number in digits alone, without letters or words.',
  'premium-phone': 'Calls to this number cost extra. Enter another number.',
};
