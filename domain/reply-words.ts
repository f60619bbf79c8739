/** A text as it is read: lower case, without accents, invisible marks and compatibility forms; apostrophes left out. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}|\p{Cf}|['’‘ʼ`´]/gu, '')
    .toLowerCase();
}

/** The words of a folded text, its marks and pictures left out. */
export function wordsIn(folded: string): string[] {
  return folded
    .replaceAll(/[\p{P}\p{S}]/gu, ' ')
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** The parts of a folded text between marks that end or divide sentences, each as its words. */
export function sentencesOf(folded: string): string[][] {
  return folded.split(/[.!?;,:()\n\r]+/).map(wordsIn);
}

export const quotationMarks = /["“”„‟«»‹›「」『』]/g;

/** What only our own texts say. */
const ownWords = ['help on demand', 'reply stop to', 'responda stop para', 'data rates may apply'];

export function quotesUs(quoted: string): boolean {
  return ownWords.some((words) => quoted.includes(words));
}

/** What tells somebody how to end texts, or to answer, asks for neither. It goes on to the end of its sentence. */
const instructions =
  /\b(?:reply|text|txt|send|respond|responda|responde|envie|envia|texte|mande|conteste|escriba)(?: with| con)?[ "“”«»*]{1,3}(?:stop|stopall|unsubscribe|end|quit|cancel|help|info|start|unstop|baja|alto|ayuda|yes|[ad] \d{4})[ "“”«»*]{1,3}(?:to|for|if|and|or|para|a)\b[^.!\n]*/g;

/** A text without what it only repeats: quoted lines, quotations and copies of our texts, addresses, instructions. */
export function withoutCopies(folded: string): string {
  const lines = folded.split('\n').filter((line) => !line.trimStart().startsWith('>'));
  return withoutQuotation(lines.join('\n'))
    .replaceAll(/https?:\/\/\S+/g, ' ')
    .replaceAll(instructions, ' ');
}

/** The outermost quotation, where it quotes us; one that was cut off goes on to the end. */
function withoutQuotation(text: string): string {
  const marks = [...text.matchAll(quotationMarks)].map(({ index }) => index);
  const [first] = marks;
  if (first === undefined) return text;
  const last = marks.length > 1 ? (marks.at(-1) ?? first) : text.length;
  if (!quotesUs(text.slice(first, last))) return text;
  return `${text.slice(0, first)} ${text.slice(last + 1)}`;
}
