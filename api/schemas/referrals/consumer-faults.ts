import type { TextlessLineType } from '../../../domain/notifications/contact.ts';
import type { EmailFault } from '../../../domain/values/email-address.ts';
import type { PhoneFault } from '../../../domain/values/phone-number.ts';
import type { NameFault } from '../../../domain/values/typed-text.ts';

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
