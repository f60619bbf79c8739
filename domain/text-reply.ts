/** What somebody who answers one of our texts wants; accepting and declining name an offer by its short code. */
export type TextReply =
  | { kind: 'stop' | 'start' | 'help' | 'unclear' }
  | { kind: 'accept' | 'decline'; code: string };
export type TextReplyKind = TextReply['kind'];

/** What is said back to a reply. */
export type TextAnswer =
  | 'stopped'
  | 'stopped-for-now'
  | 'started'
  | 'help'
  | 'offer-accepted'
  | 'offer-declined'
  | 'offer-over'
  /** The answer to an offer could not be taken here. */
  | 'answer-in-inbox'
  /** It was not decided in time, and may still be recorded. */
  | 'answer-on-its-way';

/** A reply that is one of these words, in any case, with any punctuation, ends texts. */
const stopWords = wordsIn(
  'stop, quit, end, revoke, opt out, optout, cancel, unsubscribe, stopall, stop all, alto, parar, baja, cancelar',
);
const startWords = wordsIn('start, unstop, yes');
const helpWords = wordsIn('help, info, ayuda');

/** Any reply that plainly asks to stop revokes as well as the words do. */
const plainAsking = [
  /^(please |pls |por favor )?(stop|quit|cease|unsubscribe|opt out|no mas|basta|pare|paren|alto)\b/,
  /\b(stop|quit|cease|end|cancel|no more|unsubscribe|opt(ing)? out)\b.*\b(text|message|messaging|sms|contact|send|writ|bother)/,
  /\b(do not|dont|never|not to) (ever )?(text|message|contact|write|send|bother)/,
  /\b(unsubscribe|opt) me\b|\b(remove|delete|take) (me|my (cell |phone )?number)\b|\bleave me alone\b/,
  /\bno (me )?(envie|mande|escriba|contacte|quiero)|\bdeje(n)? de\b/,
];

/** Whoever accepts with one of these words may mean something else. */
const negation = /\b(no|not|cant|can t|cannot|dont|don t|never|busy|pass)\b/;

/**
 * Reads a reply. A person may revoke by any reasonable means, so the words for it go before everything else; and
 * none of them accepts or declines an offer: that takes `A` or `D` with the offer's own code. A word of thanks or of
 * regret after it is no reason to stop somebody's texts.
 */
export function readReply(text: string): TextReply {
  const plain = text
    .normalize('NFKD')
    .replaceAll(/\p{M}|\p{Cf}/gu, '')
    .toLowerCase();
  const marks = /[\p{P}\p{S}]/gu;
  const [words, joined] = [' ', ''].map((gap) => plain.replaceAll(marks, gap).replaceAll(/\s+/g, ' ').trim());
  const is = (known: ReadonlySet<string>) => known.has(words ?? '') || known.has(joined ?? '');

  if (is(stopWords)) return { kind: 'stop' };
  if (is(startWords)) return { kind: 'start' };
  if (is(helpWords)) return { kind: 'help' };
  if (plainAsking.some((pattern) => [words, joined].some((said) => pattern.test(said ?? ''))))
    return { kind: 'stop' };
  const [, verb, code, more = ''] = /^(a|d) ?(\d{4})(?: (.*))?$/.exec(words ?? '') ?? [];
  if (!code || (verb === 'a' && negation.test(more))) return { kind: 'unclear' };
  return { kind: verb === 'a' ? 'accept' : 'decline', code };
}

function wordsIn(list: string): ReadonlySet<string> {
  return new Set(list.split(', '));
}
