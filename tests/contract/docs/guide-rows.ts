/** A row of docs/guide.md: a sentence of the guide, or a rule of referrals, and what is said of it. */
export interface GuideRow {
  number: string;
  text: string;
  kind: 'shown' | 'not yet' | 'no requirement';
  /** The tests that are named, by file and full title. */
  tests: { file: string; title: string }[];
  /** What is left of the last cell, neither mark nor test. */
  words: string;
}

/** The rows of a document's tables that begin with a number. */
export function guideRows(markdown: string): GuideRow[] {
  return markdown
    .split('\n')
    .filter((line) => /^\| *\d/.test(line))
    .map((line) => {
      const [, number = '', text = '', cell = '', ...more] = line.split('|').map((part) => part.trim());
      if (more.join('') !== '') throw new Error(`row ${number} has more than three cells`);
      return { number, text, ...readCell(cell) };
    });
}

const named = /`(?<file>[^`\s]+\.test\.tsx?)`: `(?<title>[^`]+)`/g;
const marks = { 'not yet': /^\*\*Not yet:\*\*/, 'no requirement': /^\*\*No requirement:\*\*/ } as const;

function readCell(cell: string): Pick<GuideRow, 'kind' | 'tests' | 'words'> {
  const tests = [...cell.matchAll(named)].map(({ groups }) => groups as { file: string; title: string });
  const [kind = 'shown'] = (['not yet', 'no requirement'] as const).filter((mark) => marks[mark].test(cell));
  const words = cell
    .replaceAll(named, '')
    .replaceAll('<br>', ' ')
    .replace(/^\*\*[^*]+\*\*/, '')
    .trim();
  return { kind, tests, words };
}

/** Sentences that stand there more than once, whatever their case and spaces. */
export function repeatedIn(texts: readonly string[]): string[] {
  const plain = texts.map((text) => text.toLowerCase().replaceAll(/\W+/g, ' ').trim());
  return texts.filter((_, index) => plain.indexOf(plain[index] ?? '') < index);
}
