import { withPlainDigits, withPlainLetters } from '../values/normalize-typed.ts';

/**
 * Folds a text for reading: lower case, no accents, no invisible characters, no apostrophes, compatibility forms
 * resolved, digits and look-alike letters in ASCII.
 */
export function foldText(text: string): string {
  const folded = quotedPlainly(text)
    .normalize('NFKD')
    .replaceAll(/\p{M}|\p{Cf}|['’‘ʼ`´]/gu, '')
    .toLowerCase();
  return withPlainLetters(withPlainDigits(folded));
}

/** Puts a copy of our text that is in single quotation marks, easily taken for apostrophes, into double ones. */
function quotedPlainly(text: string): string {
  const opens = text.search(/['‘‚](?=(?:…|\.{3})?\s?(?:Help On Demand|Reply STOP|Responda STOP))/i);
  if (opens === -1) return text;
  const closes = [...text.matchAll(/['‘’](?![\p{L}\p{N}])/gu)].at(-1)?.index ?? -1;
  const opened = `${text.slice(0, opens)}“`;
  if (closes <= opens) return opened + text.slice(opens + 1);
  return `${opened}${text.slice(opens + 1, closes)}”${text.slice(closes + 1)}`;
}

/** Words of a folded text, without punctuation and symbols. */
export function splitWords(folded: string): string[] {
  return folded
    .replaceAll(/[\p{P}\p{S}]/gu, ' ')
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** Parts of a folded text between punctuation marks, each as its words. */
export function splitSentences(folded: string): string[][] {
  return folded.split(/[.!?;,:()\n\r]+/).map(splitWords);
}

export const quotationMarks = /["“”„‟«»‹›「」『』]/g;

/** Phrases that only our own texts contain. */
const ownWords = [
  'help on demand',
  'reply stop to',
  'responda stop para',
  'data rates may apply',
  'pueden aplicarse tarifas',
  'do not contact the consumer',
  'no contacte al consumidor',
];
/** Last words of our texts, except those that end with a link. */
const ownEnds = [
  'may apply, mensajes y datos, pueden aplicarse tarifas, in a call, por llamada, help for help, help para ayuda',
  'to get them again, para recibirlos de nuevo, get in touch soon, contacte pronto, agent is asked, ask the next agent, siguiente agente',
  'what became of it, lo que pasa con ella, in your inbox, en su bandeja, what came of it, vea el resultado en su bandeja',
  'is in our text, en nuestro mensaje, by text reach you, llegan por mensaje de texto',
].flatMap((line) => line.split(', '));
const ownName = 'help on demand:';

/** True when a folded text is a complete copy of one of our texts and nothing else. */
export function isCopyOfOwnText(folded: string): boolean {
  const text = folded.trim();
  if (!text.startsWith(ownName)) return false;
  const end = text.slice(-300).replace(/\.$/, '');
  return (
    ownEnds.some((words) => end.endsWith(words)) ||
    /(?:^|\s)https?:\/\/\S+$/.test(end) ||
    /(?:reply|responda) d \d{4}$/.test(end)
  );
}

/** True when a quotation contains a phrase of our own texts. */
export function hasOwnWords(quoted: string): boolean {
  return ownWords.some((words) => quoted.includes(words));
}

/** Instructions how to end texts or how to answer, up to the end of the sentence. They ask for neither. */
const instructions =
  /\b(?:reply|text|txt|send|respond|responda|responde|envie|envia|texte|mande|conteste|escriba)(?: with| con)?[ "“”«»*]{1,3}(?:stop|stopall|unsubscribe|end|quit|cancel|help|info|start|unstop|baja|alto|ayuda|yes|[ad] \d{4})[ "“”«»*]{1,3}(?:to|for|if|and|or|para|a)\b[^.!\n]*/g;

/** Removes everything that a text only repeats: quoted lines, quotations of our texts, links, instructions. */
export function withoutCopies(folded: string): string {
  const lines = folded.split('\n').filter((line) => !line.trimStart().startsWith('>'));
  return withoutQuotation(lines.join('\n'))
    .replaceAll(/https?:\/\/\S+/g, '\n')
    .replaceAll(instructions, ' ')
    .replaceAll(gluedAfter, '$1 $2')
    .replaceAll(gluedBefore, '$1 $2');
}

/** An answer and a stop word without a space between them: `D4821STOP`. */
const gluedStopWords = 'stop|stopall|quit|end|revoke|optout|cancel|unsubscribe|alto|parar|baja|cancelar';
const gluedAnswer = '[ad]?\\d[0-9oil]{2}\\d[ad]?';
const gluedAfter = new RegExp(`\\b(${gluedAnswer})(${gluedStopWords})\\b`, 'g');
const gluedBefore = new RegExp(`\\b(${gluedStopWords})(${gluedAnswer})\\b`, 'g');

/** Removes the outermost quotation if it quotes us. A quotation without an end goes on to the end of the text. */
function withoutQuotation(text: string): string {
  const marks = [...text.matchAll(quotationMarks)].map(({ index }) => index);
  const [first] = marks;
  if (first === undefined) return text;
  const last = marks.length > 1 ? (marks.at(-1) ?? first) : text.length;
  if (!hasOwnWords(text.slice(first, last))) return text;
  return `${text.slice(0, first)} ${text.slice(last + 1)}`;
}
