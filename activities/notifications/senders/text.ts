import type { Sender, TextMessage } from './senders.ts';
import { createTwilioClient, sendThroughTwilio, type TwilioAccount } from './twilio-client.ts';

export interface TextSettings extends TwilioAccount {
  /** An E.164 number of ours, or a messaging service's sid (`MG…`). */
  from: string;
  /** Where Twilio tells an attempt's fate. It carries the attempt's id: the call can come before our own write. */
  statusCallbackUrl?: (attemptId: string) => string;
}

const permanentCodes = new Map([
  ['21211', 'invalid To phone number'],
  ['21214', 'To phone number cannot be reached'],
  ['21217', 'phone number does not appear to be valid'],
  ['21265', 'To number cannot be a short code'],
  ['21266', 'To is the number that we send from'],
  ['21408', 'texts to the region of the To number are not permitted'],
  ['21610', 'the recipient has unsubscribed'],
  ['21612', 'no way from this From to that To number'],
  ['21614', 'To number is not a mobile number'],
  ['21617', 'body longer than 1600 characters'],
  ['21635', 'To number cannot be a landline'],
  ['30004', 'message blocked'],
  ['30005', 'unknown destination handset'],
  ['30006', 'landline or unreachable carrier'],
  ['30007', 'message filtered by Twilio or the carrier'],
  ['30034', 'From number not registered with the carriers, which takes days to mend'],
]);

/**
 * Sends texts through Twilio. Most refusals by carriers come later, as a status callback with an error code; those
 * that Twilio knows at once are results.
 */
export function createTextSender(settings: TextSettings): Sender<TextMessage> {
  const client = createTwilioClient(settings);
  const sender = settings.from.startsWith('MG')
    ? { messagingServiceSid: settings.from }
    : { from: settings.from };

  return {
    async send({ attemptId, to, text }) {
      const statusCallback = settings.statusCallbackUrl?.(attemptId);
      return sendThroughTwilio(
        () =>
          client.messages.create({ ...sender, to, body: text, ...(statusCallback && { statusCallback }) }),
        permanentCodes,
      );
    },
  };
}
