import { join } from 'node:path';
import { openStoredMap } from '../stored-map.ts';

/** Words that Twilio acts on by itself where one is all that a text says, in any case (docs/sources.md). */
const endingWords = new Set(['stop', 'stopall', 'unsubscribe', 'cancel', 'end', 'quit', 'revoke', 'optout']);
const beginningWords = new Set(['start', 'yes', 'unstop']);

const unsubscribed =
  'You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.';

/** The phones that have ended texts with Twilio itself. */
export interface OptOuts {
  has(phone: string): boolean;
  /** Acts on what a phone texts. @returns what Twilio answers by itself, after which it carries nothing out any more */
  receive(phone: string, text: string): string | undefined;
}

/** @param dataDir where they are kept over a restart; without it they live in memory */
export function openOptOuts(dataDir: string | undefined, keep: number): OptOuts {
  const phones = openStoredMap<true>(dataDir && join(dataDir, 'outbox', 'opt-outs.jsonl'), keep);
  return {
    has: (phone) => phones.get(phone) !== undefined,
    receive(phone, text) {
      const word = text.trim().toLowerCase();
      if (beginningWords.has(word)) phones.delete(phone);
      if (!endingWords.has(word)) return undefined;
      const isNew = phones.get(phone) === undefined;
      phones.set(phone, true);
      return isNew ? unsubscribed : undefined;
    },
  };
}
