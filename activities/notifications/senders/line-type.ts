import type { LineType } from '../../../domain/notifications/contact.ts';
import { SendOutage } from './send-outage.ts';
import { createTwilioClient, type TwilioAccount, twilioCodeOf } from './twilio-client.ts';

export type LookUpLineType = (phone: string) => Promise<LineType>;

/**
 * What each type of Lookup's line type intelligence means here. Only what surely takes no text is turned away. Internet
 * telephony is neither: many an agency's text-enabled number is `fixedVoip` or `nonFixedVoip`, so both are taken, as is
 * a `personal` number, and the code that is texted to it decides. A type that Twilio adds later is `unknown`.
 */
const meanings: Readonly<Record<string, LineType>> = {
  mobile: 'mobile',
  landline: 'landline',
  fixedVoip: 'unknown',
  nonFixedVoip: 'unknown',
  personal: 'unknown',
  tollFree: 'no-texts',
  premium: 'no-texts',
  sharedCost: 'no-texts',
  uan: 'no-texts',
  voicemail: 'no-texts',
  pager: 'no-texts',
  unknown: 'unknown',
};

/**
 * Asks Twilio Lookup v2 what kind of line an E.164 number is: a number's form does not tell a US cell phone from
 * a landline, and a landline swallows texts. A number that it calls `INVALID_BUT_POSSIBLE` is `unknown`.
 * @throws SendOutage when Lookup does not answer
 */
export function createLineTypeLookup(account: TwilioAccount): LookUpLineType {
  const client = createTwilioClient(account);
  return async (phone) => {
    try {
      const found = await client.lookups.v2.phoneNumbers(phone).fetch({ fields: 'line_type_intelligence' });
      // its list of area codes is behind the plan now and then: where the number may be somebody's, the code finds out
      if (!found.valid) return isPossible(found.validationErrors) ? 'unknown' : 'no-number';
      // null where the package has no answer, whatever the client's types say
      const type = found.lineTypeIntelligence?.type;
      return (type && meanings[type]) || 'unknown';
    } catch (thrown) {
      const code = twilioCodeOf(thrown);
      // Lookup answers 404 for what is no phone number at all
      if (code === '20404') return 'no-number';
      throw new SendOutage('twilio', code);
    }
  };
}

function isPossible(errors: readonly string[] | null): boolean {
  return errors?.length === 1 && errors[0] === 'INVALID_BUT_POSSIBLE';
}
