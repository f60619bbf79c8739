import type { LineType } from '../../domain/contact.ts';
import { SendOutage } from './send-outage.ts';
import { createTwilioClient, type TwilioAccount, twilioCodeOf } from './twilio-client.ts';

export type LookUpLineType = (phone: string) => Promise<LineType>;

/**
 * Asks Twilio Lookup v2 what kind of line an E.164 number is: a number's form does not tell a US cell phone from
 * a landline, and a landline swallows texts.
 * @throws SendOutage when Lookup does not answer
 */
export function createLineTypeLookup(account: TwilioAccount): LookUpLineType {
  const client = createTwilioClient(account);
  return async (phone) => {
    try {
      const found = await client.lookups.v2.phoneNumbers(phone).fetch({ fields: 'line_type_intelligence' });
      // null for an invalid number, whatever the client's types say
      const type = found.lineTypeIntelligence?.type;
      return type === 'mobile' || type === 'landline' ? type : 'unknown';
    } catch (thrown) {
      const code = twilioCodeOf(thrown);
      // Lookup answers 404 for what is no phone number at all
      if (code === '20404') return 'unknown';
      throw new SendOutage('twilio', code);
    }
  };
}
