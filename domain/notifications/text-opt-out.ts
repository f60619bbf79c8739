import { splitSentences, splitWords } from './reply-normalization.ts';

const setOf = (list: string): ReadonlySet<string> => new Set(list.split(', '));

/** Words that end texts when they are the whole reply, in any case and with any punctuation. */
const stopWords = setOf(
  'stop, quit, end, revoke, opt out, optout, cancel, unsubscribe, stopall, stop all, alto, parar, baja, cancelar',
);
/** Words that end texts when they are one whole sentence of a reply. */
const plainStopWords = setOf(
  'stop, quit, opt out, optout, unsubscribe, stopall, stop all, alto, no mas, basta, stop it, stop this, stop that, quit it',
);
const startWords = setOf('start, unstop, yes, opt in, optin, yes opt in');
const helpWords = setOf('help, info, ayuda');
const politeWords = setOf('please, pls, plz, thanks, thank, you, now, por, favor, gracias, ya');

const openers = setOf('stop, quit, cease, unsubscribe, stopall, optout, basta, pare, paren, alto');
const enders = setOf('stop, unsubscribe, stopall, optout');
/** Words that, before a stop word, negate it or give instructions. */
const negatingWords = setOf(
  'dont, not, never, cant, wont, non, bus, truck, reply, text, txt, send, type, word, responda',
);
/** Largest number of words between a request and its object. */
const reach = 10;
const nearReach = 4;
const orders: Readonly<Record<string, number>> = {
  stop: reach,
  quit: reach,
  cease: reach,
  discontinue: reach,
  unsubscribe: reach,
  end: nearReach,
  cancel: nearReach,
};
const isAboutTexts = (word = '') => /^(text|messag|sms|contact|send|writ|bother)/.test(word);

/**
 * True when a person asks for no more texts, in any words.
 * @param beside the words beside an answer to an offer, if the text has one
 */
export function asksToStop(text: string, { beside }: { beside: readonly string[] | undefined }): boolean {
  const words = beside ?? splitWords(text);
  if (stopWords.has(withoutPoliteWords(words)) || (!beside && stopWords.has(withoutPunctuation(text))))
    return true;
  return hasPlainStopWord(text) || hasStopRequest(words);
}

const startSentence =
  /^(?:(?:yes|y|si|ok|okay|sure|hi|hello|can|could|you|u|i|want|would|like|to) )*(?:start|restart|unstop|resume)(?: (?:again|over|up|back|now|texting|texts?|messages?|messaging|sending|getting|receiving|me|us|them|these|the|my|your|de|nuevo|yes|ok|with))*$/;

/** True when a person asks to get texts again. */
export function asksToStart(text: string): boolean {
  const words = withoutPoliteWords(splitWords(text));
  return startWords.has(words) || startWords.has(withoutPunctuation(text)) || startSentence.test(words);
}

/** True when a reply is a help word. */
export function asksForHelp(text: string): boolean {
  return helpWords.has(withoutPoliteWords(splitWords(text))) || helpWords.has(withoutPunctuation(text));
}

/** Joins the words except polite ones; empty for more than twelve words. */
export function withoutPoliteWords(words: readonly string[]): string {
  return words.length > 12 ? '' : words.filter((word) => !politeWords.has(word)).join(' ');
}

/** Removes the punctuation of a short text, such as `S.T.O.P.`; empty for a longer text. */
function withoutPunctuation(text: string): string {
  return text.length > 40
    ? ''
    : text
        .replaceAll(/[\p{P}\p{S}]/gu, '')
        .replaceAll(/\s+/g, ' ')
        .trim();
}

function hasPlainStopWord(text: string): boolean {
  const words = splitWords(text);
  const [before = '', previous = '', last = ''] = ['', '', ...words].slice(-3);
  // as in "I'll text you when I stop"
  const isOwnStop = previous === 'i' && /^(when|until|till|once)$/.test(before);
  if (enders.has(last) && !negatingWords.has(previous) && !isOwnStop) return true;
  return splitSentences(text).some((sentence) => plainStopWords.has(withoutPoliteWords(sentence)));
}

function hasStopRequest(words: readonly string[]): boolean {
  const first = words.findIndex((word) => !politeWords.has(word));
  const start = words[first] ?? '';
  if (openers.has(start)) return true;
  if (['opt out', 'no mas'].includes(`${start} ${words[first + 1]}`)) return true;
  return words.some((_, index) => hasStopRequestAt(words, index));
}

function hasStopRequestAt(words: readonly string[], index: number): boolean {
  const [one = '', two = '', three = '', four = ''] = words.slice(index, index + 4);
  const isTakenBack = negatingWords.has(words[index - 1] ?? '');
  const within = (from: number, most: number) =>
    words.slice(index + from, index + from + most).some(isAboutTexts);
  const most = Object.hasOwn(orders, one) ? orders[one] : undefined;
  if (most !== undefined && !isTakenBack && within(1, most)) return true;
  if (`${one} ${two}` === 'no more' && within(2, reach)) return true;
  if ((/^opt(ing)?$/.test(one) && two === 'out') || one === 'optout') return !isTakenBack;
  if (`${one} ${two}` === 'de baja') return true;
  if (/^(be removed|revoke my|revoke consent|withdraw my)$/.test(`${one} ${two}`)) return true;
  if (/^(quite|quita|borre|borra|elimine|elimina|saque)n?me$/.test(one)) return true;
  const isUnwanted = /^(dont|not|longer|never) (want|wish|need|like)$/.test(`${one} ${two}`);
  if (isUnwanted && within(2, nearReach)) return true;
  if (['do not', 'not to'].includes(`${one} ${two}`)) return isAboutTexts(three === 'ever' ? four : three);
  if (one === 'dont' || one === 'never') return isAboutTexts(two === 'ever' ? three : two);
  if ((one === 'unsubscribe' || one === 'opt') && two === 'me') return true;
  if (/^(remove|delete|take)$/.test(one)) {
    if (two === 'me' && (one !== 'take' || three === 'off')) return true;
    if (
      /^(my|this|the)$/.test(two) &&
      (three === 'number' || (/^(cell|phone)$/.test(three) && four === 'number'))
    )
      return true;
  }
  if (`${one} ${two} ${three}` === 'leave me alone' || `${one} ${two} ${three}` === 'lose my number')
    return true;
  if (one === 'no') return /^(envie|mande|escriba|contacte|quiero)/.test(two === 'me' ? three : two);
  return /^dej(a|e|en)$/.test(one) && two === 'de';
}
