import type { Sender, TextMessage } from './senders.ts';
import { createTwilioClient, sendThroughTwilio, type TwilioAccount } from './twilio-client.ts';

export interface TextSettings extends TwilioAccount {
  /** Our E.164 number, or the SID of a messaging service (`MG…`). */
  from: string;
  /**
   * Webhook for the status of an attempt. It carries the attempt's id, because Twilio may call before we have saved its
   * own.
   */
  statusCallbackUrl?: (attemptId: string) => string;
}

const permanentCodes = new Map([
  ['21211', 'invalid To phone number'],
  ['21214', 'To phone number cannot be reached'],
  ['21217', 'phone number does not appear to be valid'],
  ['21265', 'To number cannot be a short code'],
  ['21266', 'To and From numbers are the same'],
  ['21408', 'texts to the region of the To number are not permitted'],
  ['21610', 'the recipient has unsubscribed'],
  ['21612', 'no route from this From to that To number'],
  ['21614', 'To number is not a mobile number'],
  ['21617', 'body longer than 1600 characters'],
  ['21635', 'To number cannot be a landline'],
  ['30004', 'message blocked'],
  ['30005', 'unknown destination handset'],
  ['30006', 'landline or unreachable carrier'],
  ['30007', 'message filtered by Twilio or the carrier'],
  ['30034', 'From number not registered with the carriers, which takes days to fix'],
]);

/**
 * Creates a sender for texts through Twilio. Refusals that Twilio knows at once are results; most refusals by carriers
 * come later, as a status callback with an error code.
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
