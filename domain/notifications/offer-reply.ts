import { splitWords } from './reply-normalization.ts';
import { withoutPoliteWords } from './text-opt-out.ts';

/** An answer to the offer with this short code. */
export interface OfferReply {
  kind: 'accept' | 'decline';
  code: string;
}
type Answer = OfferReply['kind'];

/** Words that can only be an answer, in any position. A single letter counts only alone or beside a code. */
const sureWords: Readonly<Record<string, Answer>> = {
  ...answers('accept', 'a, accept, accepts, accepted, accepting, acepto, acepta, aceptar, acepte, aceptado'),
  ...answers(
    'decline',
    'd, decline, declines, declined, declining, reject, rejected, refuse, rechazo, rechaza, rechazar, declino',
  ),
};
const likelyWords: Readonly<Record<string, Answer>> = {
  ...answers('accept', 'yes, yeah, yep, yup, y, si, sure, ok, okay, okey, vale, claro, take'),
  ...answers('decline', 'no, nope, nah, n, pass, skip, cant, cannot, busy, ocupado, ocupada'),
};
/** Words that may stand between an answer and its code. */
const fillers: ReadonlySet<string> = new Set(
  'offer code number the to please pls i will ill want referral it la el oferta codigo numero referido yo por favor'.split(
    ' ',
  ),
);
/** Words that make an acceptance doubtful. */
const negations: ReadonlySet<string> = new Set('no not cant cannot dont never busy pass wont'.split(' '));

/** Phrases that contain a "no" and still agree. */
const agreements =
  /\b(?:no|not a|not an|no hay|ningun|sin) (?:problem|problems|problema|problemas|prob|worries|worry|issue|issues|doubt|biggie)\b|\bwhy not\b|\bcant wait\b/g;

/** Codes are four digits; people type `o`, `i` or `l` for some of them. */
const codePattern = /^[0-9oil]{4}$/;
const partPattern = /^[0-9oil]{1,3}$/;
const joinedPattern = /^(a|d)?([0-9oil]{4})(a|d)?$/;
/** Largest number of answers in one text; a text with more is not an answer. */
const maxReplies = 4;

type Item = { is: 'word'; word: string } | { is: 'code'; code: string };

/**
 * Finds the answers in a text by their codes, and the other words of the text.
 * @returns `isDoubtful`: it accepts, but another word may take that back
 */
export function offerRepliesIn(words: readonly string[]): {
  replies: OfferReply[];
  rest: string[];
  isDoubtful: boolean;
} {
  const items = itemsIn(words);
  const found = new Map<string, Set<Answer>>();
  const used = new Set<number>();
  for (const [index, item] of items.entries()) {
    if (item.is !== 'code' || isInLongerNumber(items, index)) continue;
    const answerIndex = answerBeside(items, index);
    const answer = answerIndex === undefined ? undefined : answerOf(items[answerIndex]);
    if (answerIndex === undefined || !answer) continue;
    found.set(item.code, (found.get(item.code) ?? new Set()).add(answer));
    used.add(index).add(answerIndex);
  }
  const replies = [...found].flatMap(([code, kinds]): OfferReply[] => {
    const [kind] = kinds;
    return kinds.size === 1 && kind ? [{ kind, code }] : [];
  });
  if (replies.length < found.size || replies.length > maxReplies)
    return { replies: [], rest: [...words], isDoubtful: false };
  const rest = items.flatMap((item, index) => (item.is === 'word' && !used.has(index) ? [item.word] : []));
  const own = rest.join(' ').replaceAll(agreements, ' ').split(' ');
  const isDoubtful = replies.some(({ kind }) => kind === 'accept') && own.some((word) => negations.has(word));
  return { replies, rest, isDoubtful };
}

const questionPattern =
  /\b(?:do|does|did|should|can|could|may|must|shall|would|if|how|puedo|debo|como|tengo que)(?: (?:i|we|to|do|can|should|you|yo|have|need)){0,4} (?:accept|accepts|accepting|decline|declining|reject|refuse|take|say|reply|text|answer|a|d|acepto|aceptar|rechazo|rechazar) /;

/** True when a text asks about an answer instead of giving it: "A 4821?", "do I accept 4821". */
export function isQuestion(text: string, { asksToStop }: { asksToStop: boolean }): boolean {
  const marked = text.replaceAll(/[!?؟]+/g, (marks) => (/[?؟]/.test(marks) ? '?' : '!'));
  return marked.split(/[.!;\n]|(?<=\?)/).some((sentence) => {
    const words = splitWords(sentence);
    if (offerRepliesIn(words).replies.length === 0) return false;
    if (questionPattern.test(`${words.slice(0, 40).join(' ')} `) || sentence.includes('¿')) return true;
    // "D 4821, can you stop texting me?" answers, and asks for something else
    const last = words.at(-1) ?? '';
    return sentence.endsWith('?') && (!asksToStop || /\d|^[ad]$/.test(last) || last in sureWords);
  });
}

/** Recognizes a text that tries to answer an offer without saying clearly how, or which one. */
export function unclearAnswerIn(text: string): { kind: 'attempt'; isSure: boolean } | undefined {
  const words = splitWords(text);
  if (words.length === 0) return isThumb(text) ? { kind: 'attempt', isSure: false } : undefined;
  if (words.length > 12) return undefined;
  const items = itemsIn(words);
  // with a word that is no answer, such as "cancel 4821"
  const isAboutCode = items.length <= 3 && items.some((item) => item.is === 'code');
  const hasSureWord = words.some((word) => word.length > 1 && Object.hasOwn(sureWords, word));
  const hasLetterAndDigits = words.some(
    (word, index) =>
      /^[ad]\d{2,}$/.test(word) || (/^[ad]$/.test(word) && /^\d{2,}$/.test(words[index + 1] ?? '')),
  );
  const hasAnsweredCode = items.some(
    (item, index) => item.is === 'code' && answerBeside(items, index) !== undefined,
  );
  if (
    isAboutCode ||
    hasSureWord ||
    hasLetterAndDigits ||
    hasAnsweredCode ||
    /^[ad]$/.test(withoutPoliteWords(words))
  )
    return { kind: 'attempt', isSure: true };
  const said = withoutPoliteWords(words).split(' ');
  const isAnswerAlone = said.length <= 3 && said.every((word) => Object.hasOwn(likelyWords, word));
  return isAnswerAlone ? { kind: 'attempt', isSure: false } : undefined;
}

/** Splits words into words and codes; finds `4821`, `48 21`, `4 8 2 1`, `a4821`, `4821a`. */
function itemsIn(words: readonly string[]): Item[] {
  const items: Item[] = [];
  for (let index = 0; index < words.length; ) {
    const word = words[index] ?? '';
    const [, before, code, after] = joinedPattern.exec(word) ?? [];
    if (code && isCode(code)) {
      if (before) items.push({ is: 'word', word: before });
      items.push({ is: 'code', code: digitsOf(code) });
      if (after) items.push({ is: 'word', word: after });
      index += 1;
      continue;
    }
    const parted = splitCodeAt(words, index);
    if (parted) items.push({ is: 'code', code: parted.code });
    else items.push({ is: 'word', word });
    index += parted?.words ?? 1;
  }
  return items;
}

function splitCodeAt(words: readonly string[], index: number): { code: string; words: number } | undefined {
  if (!partPattern.test(words[index] ?? '')) return undefined;
  for (const parts of [2, 3, 4]) {
    const group = words.slice(index, index + parts);
    if (group.length < parts || !group.every((part) => partPattern.test(part))) continue;
    const code = group.join('');
    if (codePattern.test(code) && isCode(code)) return { code: digitsOf(code), words: parts };
  }
  return undefined;
}

/** True for a code, which has digits; letters alone are a word, such as "oil". */
const isCode = (text: string) => text.replaceAll(/\D/g, '').length >= 2;
const digitsOf = (code: string) => code.replaceAll('o', '0').replaceAll(/[il]/g, '1');

/** Index of the answer to a code: before it, else after it, with only fillers between. */
function answerBeside(items: readonly Item[], index: number): number | undefined {
  for (const step of [-1, 1]) {
    let position = index + step;
    for (let skipped = 0; skipped < 4 && isFiller(items[position]); skipped += 1) position += step;
    if (answerOf(items[position])) return position;
  }
  return undefined;
}

/** True when four digits stand beside others and so belong to a longer number; the same code twice is still a code. */
function isInLongerNumber(items: readonly Item[], index: number): boolean {
  const own = items[index];
  return [items[index - 1], items[index + 1]].some((next) =>
    next?.is === 'code'
      ? own?.is === 'code' && next.code !== own.code
      : next !== undefined && /^\d{3,}$/.test(next.word),
  );
}

const isFiller = (item: Item | undefined) => item?.is === 'word' && fillers.has(item.word);

function answerOf(item: Item | undefined): Answer | undefined {
  if (item?.is !== 'word') return undefined;
  const { word } = item;
  if (Object.hasOwn(sureWords, word)) return sureWords[word];
  return Object.hasOwn(likelyWords, word) ? likelyWords[word] : undefined;
}

const isThumb = (text: string) =>
  text.length <= 20 && /^(?:\s|👍|👎|👌|✅|✔|🆗|❌|\p{Emoji_Modifier})+$/u.test(text) && text.trim() !== '';

function answers(answer: Answer, list: string): Record<string, Answer> {
  return Object.fromEntries(list.split(', ').map((word) => [word, answer]));
}
