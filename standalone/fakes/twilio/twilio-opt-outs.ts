import { join } from 'node:path';
import { openStoredMap } from '../stored-map.ts';

/** Words that Twilio handles itself when a text consists of one of them, in any case (docs/sources.md). */
const optOutWords = new Set(['stop', 'stopall', 'unsubscribe', 'cancel', 'end', 'quit', 'revoke', 'optout']);
const optInWords = new Set(['start', 'yes', 'unstop']);

const unsubscribed =
  'You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.';

/** The phones that have opted out of texts at Twilio. */
export interface OptOuts {
  has(phone: string): boolean;
  /** Handles an incoming text. @returns Twilio's own reply to an opt-out; afterwards Twilio sends nothing to the phone */
  receive(phone: string, text: string): string | undefined;
}

/** @param dataDir folder that keeps them over a restart; without it they are kept in memory */
export function openOptOuts(dataDir: string | undefined, keep: number): OptOuts {
  const phones = openStoredMap<true>(dataDir && join(dataDir, 'outbox', 'opt-outs.jsonl'), keep);
  return {
    has: (phone) => phones.get(phone) !== undefined,
    receive(phone, text) {
      const word = text.trim().toLowerCase();
      if (optInWords.has(word)) phones.delete(phone);
      if (!optOutWords.has(word)) return undefined;
      const isNew = phones.get(phone) === undefined;
      phones.set(phone, true);
      return isNew ? unsubscribed : undefined;
    },
  };
}
