import twilio from 'twilio';
import type { Sender, SpokenMessage } from './senders.ts';
import { createTwilioClient, sendThroughTwilio, type TwilioAccount } from './twilio-client.ts';

export interface VoiceSettings extends TwilioAccount {
  /** Our E.164 number. A messaging service cannot call. */
  from: string;
  /** Webhook for the end of a call; it carries the attempt's id. */
  statusCallbackUrl?: (attemptId: string) => string;
}

const permanentCodes = new Map([
  ['13224', 'number that cannot be called'],
  ['21211', 'invalid To phone number'],
  ['21214', 'To phone number cannot be reached'],
  ['21215', 'calls to the region of the To number are not permitted'],
  ['21216', 'To phone number is blocked'],
  ['21217', 'phone number does not appear to be valid'],
]);

/** Seconds to ring: enough for people to reach the phone, and for an answering machine to pick up. */
const ringSeconds = 30;

/**
 * Creates a sender that calls through Twilio Voice and reads the text out. A status callback reports the result later.
 */
export function createVoiceSender(settings: VoiceSettings): Sender<SpokenMessage> {
  const client = createTwilioClient(settings);
  const { from } = settings;
  return {
    async send({ attemptId, to, text, language }) {
      const statusCallback = settings.statusCallbackUrl?.(attemptId);
      const speech = new twilio.twiml.VoiceResponse();
      // time to put the phone to the ear
      speech.pause({ length: 1 });
      speech.say(voiceOf(language), text);
      return sendThroughTwilio(
        () =>
          client.calls.create({
            from,
            to,
            twiml: speech.toString(),
            timeout: ringSeconds,
            ...(statusCallback && { statusCallback }),
          }),
        permanentCodes,
      );
    },
  };
}

function voiceOf(language: string) {
  return language.startsWith('es')
    ? ({ language: 'es-US', voice: 'Polly.Lupe' } as const)
    : ({ language: 'en-US', voice: 'Polly.Joanna' } as const);
}
