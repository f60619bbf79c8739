/** An entry of docs/guide.md: a sentence of the guide, or a rule of referrals, with its list. */
export interface GuideEntry {
  number: string;
  text: string;
  kind: 'shown' | 'not yet' | 'no requirement';
  /** The tests named in its list, by file and full title. */
  tests: { file: string; title: string }[];
  /** The items of its list that name no test, without the list marker. */
  words: string;
}

/**
 * Reads the entries of the guide: a numbered sentence, then its list. Lines of one sentence or item are joined by a space.
 * @throws an error for a line outside a sentence and its list, and for an item that names a test in another form
 */
export function guideEntries(markdown: string): GuideEntry[] {
  return markdown
    .split(/\n\s*\n/)
    .filter((block) => /^(?:\d+\.|[-*]|\||[ \t])/m.test(block))
    .map(readEntry);
}

function readEntry(block: string): GuideEntry {
  const [first = '', ...items] = block.trimEnd().split(/\n\s*- /);
  const [, number = '', text] = /^(\d+)\. (\S.*)$/s.exec(first) ?? [];
  if (text === undefined || /\n(?:\S|\s*(?:[*|]|\d+\.)\s)/.test(block.trimEnd())) {
    throw new Error(`Not a numbered sentence with its list: ${block}`);
  }
  return { number, text: joinLines(text), ...readItems(items.map(joinLines)) };
}

const named = /^`(?<file>[^`\s]+\.test\.tsx?)`: `(?<title>[^`]+)`$/;
const marks = { 'not yet': /^\*\*Not yet:\*\*/, 'no requirement': /^\*\*No requirement:\*\*/ } as const;

function readItems(items: readonly string[]): Pick<GuideEntry, 'kind' | 'tests' | 'words'> {
  const tests = items.flatMap((item) => {
    const groups = named.exec(item)?.groups;
    if (!groups && item.includes('.test.ts')) throw new Error(`Not in the form \`FILE\`: \`TITLE\`: ${item}`);
    return groups ? [groups as { file: string; title: string }] : [];
  });
  const others = items.filter((item) => !named.test(item));
  const [kind = 'shown'] = (['not yet', 'no requirement'] as const).filter((mark) =>
    others.some((item) => marks[mark].test(item)),
  );
  const words = others.map((item) => item.replace(/^\*\*[^*]+\*\*/, '').trim()).join(' ');
  return { kind, tests, words };
}

function joinLines(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ').trim();
}

/** Sentences that occur more than once, ignoring case and spaces. */
export function repeatedIn(texts: readonly string[]): string[] {
  const plain = texts.map((text) => text.toLowerCase().replaceAll(/\W+/g, ' ').trim());
  return texts.filter((_, index) => plain.indexOf(plain[index] ?? '') < index);
}
