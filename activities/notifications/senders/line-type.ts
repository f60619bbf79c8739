import type { LineType } from '../../../domain/notifications/contact.ts';
import { SendOutage } from './send-outage.ts';
import { createTwilioClient, type TwilioAccount, twilioCodeOf } from './twilio-client.ts';

export type LookUpLineType = (phone: string) => Promise<LineType>;

/**
 * Our line type for each type of Lookup's line type intelligence. Only types that certainly cannot receive texts are
 * refused. Text-enabled numbers of many agencies are `fixedVoip` or `nonFixedVoip`, so these are `unknown`, as is a
 * `personal` number: the code that is texted to them decides. A type that Twilio adds later is `unknown` too.
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
 * Creates a lookup of the line type of an E.164 number in Twilio Lookup v2. The digits of a US number do not show
 * whether it is a cell phone or a landline, and a landline loses texts silently. A number reported as
 * `INVALID_BUT_POSSIBLE` is `unknown`.
 * @throws SendOutage if Lookup does not answer
 */
export function createLineTypeLookup(account: TwilioAccount): LookUpLineType {
  const client = createTwilioClient(account);
  return async (phone) => {
    try {
      const found = await client.lookups.v2.phoneNumbers(phone).fetch({ fields: 'line_type_intelligence' });
      // Lookup's list of area codes can be out of date: for a possible number the texted code decides
      if (!found.valid) return isPossible(found.validationErrors) ? 'unknown' : 'no-number';
      // null if the package has no answer, although the client's types exclude it
      const type = found.lineTypeIntelligence?.type;
      return (type && meanings[type]) || 'unknown';
    } catch (thrown) {
      const code = twilioCodeOf(thrown);
      // 404: no phone number at all
      if (code === '20404') return 'no-number';
      throw new SendOutage('twilio', code);
    }
  };
}

function isPossible(errors: readonly string[] | null): boolean {
  return errors?.length === 1 && errors[0] === 'INVALID_BUT_POSSIBLE';
}
