import { withPlainDigits, withPlainLetters } from '../values/normalize-typed.ts';

/**
 * A text as it is read: lower case, without accents, invisible marks and compatibility forms, its digits and look-alike
 * letters plain; apostrophes left out.
 */
export function foldText(text: string): string {
  const folded = quotedPlainly(text)
    .normalize('NFKD')
    .replaceAll(/\p{M}|\p{Cf}|['’‘ʼ`´]/gu, '')
    .toLowerCase();
  return withPlainLetters(withPlainDigits(folded));
}

/** A copy of ours between single quotation marks, which are apostrophes elsewhere, between double ones. */
function quotedPlainly(text: string): string {
  const opens = text.search(/['‘‚](?=(?:…|\.{3})?\s?(?:Help On Demand|Reply STOP|Responda STOP))/i);
  if (opens === -1) return text;
  const closes = [...text.matchAll(/['‘’](?![\p{L}\p{N}])/gu)].at(-1)?.index ?? -1;
  const opened = `${text.slice(0, opens)}“`;
  if (closes <= opens) return opened + text.slice(opens + 1);
  return `${opened}${text.slice(opens + 1, closes)}”${text.slice(closes + 1)}`;
}

/** The words of a folded text, its marks and pictures left out. */
export function splitWords(folded: string): string[] {
  return folded
    .replaceAll(/[\p{P}\p{S}]/gu, ' ')
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** The parts of a folded text between marks that end or divide sentences, each as its words. */
export function splitSentences(folded: string): string[][] {
  return folded.split(/[.!?;,:()\n\r]+/).map(splitWords);
}

export const quotationMarks = /["“”„‟«»‹›「」『』]/g;

/** What only our own texts say. */
const ownWords = [
  'help on demand',
  'reply stop to',
  'responda stop para',
  'data rates may apply',
  'pueden aplicarse tarifas',
  'do not contact the consumer',
  'no contacte al consumidor',
];
/** How our texts end, but for those that end with an address. */
const ownEnds = [
  'may apply, mensajes y datos, pueden aplicarse tarifas, in a call, por llamada, help for help, help para ayuda',
  'to get them again, para recibirlos de nuevo, get in touch soon, contacte pronto, agent is asked, siguiente agente',
  'what became of it, lo que pasa con ella, in your inbox, en su bandeja, what came of it, vea el resultado en su bandeja',
  'is in our text, en nuestro mensaje',
].flatMap((line) => line.split(', '));
const ownName = 'help on demand:';

/** Whether a folded text is one of ours from its first word to its last, with nothing of anybody else's. */
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

export function hasOwnWords(quoted: string): boolean {
  return ownWords.some((words) => quoted.includes(words));
}

/** What tells somebody how to end texts, or to answer, asks for neither. It goes on to the end of its sentence. */
const instructions =
  /\b(?:reply|text|txt|send|respond|responda|responde|envie|envia|texte|mande|conteste|escriba)(?: with| con)?[ "“”«»*]{1,3}(?:stop|stopall|unsubscribe|end|quit|cancel|help|info|start|unstop|baja|alto|ayuda|yes|[ad] \d{4})[ "“”«»*]{1,3}(?:to|for|if|and|or|para|a)\b[^.!\n]*/g;

/** A text without what it only repeats: quoted lines, quotations and copies of our texts, addresses, instructions. */
export function withoutCopies(folded: string): string {
  const lines = folded.split('\n').filter((line) => !line.trimStart().startsWith('>'));
  return withoutQuotation(lines.join('\n'))
    .replaceAll(/https?:\/\/\S+/g, '\n')
    .replaceAll(instructions, ' ')
    .replaceAll(gluedBehind, '$1 $2')
    .replaceAll(gluedBefore, '$1 $2');
}

/** An answer and a word that ends texts, in one: `D4821STOP`. */
const gluedStopWords = 'stop|stopall|quit|end|revoke|optout|cancel|unsubscribe|alto|parar|baja|cancelar';
const gluedAnswer = '[ad]?\\d[0-9oil]{2}\\d[ad]?';
const gluedBehind = new RegExp(`\\b(${gluedAnswer})(${gluedStopWords})\\b`, 'g');
const gluedBefore = new RegExp(`\\b(${gluedStopWords})(${gluedAnswer})\\b`, 'g');

/** The outermost quotation, where it quotes us; one that was cut off goes on to the end. */
function withoutQuotation(text: string): string {
  const marks = [...text.matchAll(quotationMarks)].map(({ index }) => index);
  const [first] = marks;
  if (first === undefined) return text;
  const last = marks.length > 1 ? (marks.at(-1) ?? first) : text.length;
  if (!hasOwnWords(text.slice(first, last))) return text;
  return `${text.slice(0, first)} ${text.slice(last + 1)}`;
}
