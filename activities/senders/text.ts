import { SendOutage } from './send-outage.ts';
import type { Sender, TextMessage } from './senders.ts';
import { createTwilioClient, type TwilioAccount, twilioCodeOf } from './twilio-client.ts';

export interface TextSettings extends TwilioAccount {
  /** An E.164 number of ours, or a messaging service's sid (`MG…`). */
  from: string;
  /** Where Twilio tells an attempt's fate. It carries the attempt's id: the call can come before our own write. */
  statusCallbackUrl?: (attemptId: string) => string;
}

/**
 * Codes that no repeat within a notice's life can turn, each in Twilio's meaning. Every other code is about our
 * account or the moment (20003 wrong credentials, 21606 a From that is not ours, …) and is an outage.
 */
const permanentCodes = new Map([
  ['21211', 'invalid To phone number'],
  ['21214', 'To phone number cannot be reached'],
  ['21217', 'phone number does not appear to be valid'],
  ['21265', 'To number cannot be a short code'],
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
      try {
        const message = await client.messages.create({
          ...sender,
          to,
          body: text,
          ...(statusCallback && { statusCallback }),
        });
        return { status: 'sent', providerMessageId: message.sid };
      } catch (thrown) {
        const code = twilioCodeOf(thrown);
        if (permanentCodes.has(code)) return { status: 'refused', code };
        throw new SendOutage('twilio', code);
      }
    },
  };
}

/**
 * Where the fate of each attempt is told. None where Twilio itself would have to reach this machine: it refuses a
 * text whose callback it cannot call.
 */
export function statusCallbacks({
  publicUrl,
  isTwilioItself,
}: {
  publicUrl: string;
  isTwilioItself: boolean;
}): TextSettings['statusCallbackUrl'] {
  if (isTwilioItself && new URL(publicUrl).hostname === 'localhost') return undefined;
  return (attemptId) => `${publicUrl}/v1/webhooks/twilio/status?attempt=${attemptId}`;
}
