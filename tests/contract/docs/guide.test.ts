import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { guideRows, repeatedIn } from './guide-rows.ts';
import { isTitled, testsIn } from './test-titles.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const document = readFileSync(`${root}/docs/guide.md`, 'utf8');
const rows = guideRows(document);
const [quoted, rules] = [
  rows.filter(({ text }) => text.startsWith('“')),
  rows.filter(({ text }) => !text.startsWith('“')),
];

/** Named tests that are not there, each with its row. */
function missingTests(of: typeof rows): string[] {
  return of.flatMap(({ number, tests }) =>
    tests
      .filter(({ file, title }) => {
        if (!file.startsWith('tests/') || !existsSync(`${root}/${file}`)) return true;
        return !testsIn(`${root}/${file}`).some((written) => isTitled(title, written));
      })
      .map(({ file, title }) => `${number}: ${file}: ${title}`),
  );
}

describe('the table of the guide', () => {
  test('names tests that exist, file and title', () => {
    expect(missingTests(rows)).toEqual([]);
  });

  test('quotes whole sentences, each once, in their order', () => {
    expect(quoted.filter(({ text }) => !/^“[A-Z][^“”]+”$/.test(text))).toEqual([]);
    expect(repeatedIn(rows.map(({ text }) => text))).toEqual([]);
    expect(rows.map(({ number }) => number)).toEqual(rows.map((_, index) => `${index + 1}`));
  });

  test('has something for each: a test, or in words why there is none', () => {
    const empty = rows.filter(({ kind, tests, words }) =>
      kind === 'shown' ? tests.length === 0 : words.length < 20,
    );
    expect(empty.map(({ number }) => number)).toEqual([]);
    const tested = rows.filter(({ kind, tests }) => kind === 'no requirement' && tests.length > 0);
    expect(tested.map(({ number }) => number)).toEqual([]);
  });

  test('counts itself right, what is not there yet too', () => {
    const count = (of: typeof rows, kind: string) => of.filter((row) => row.kind === kind).length;
    const sums = (of: typeof rows) =>
      `${count(of, 'shown')} shown, ${count(of, 'no requirement')} no requirement, ${count(of, 'not yet')} not yet`;
    expect(document).toContain(`${quoted.length} sentences: ${sums(quoted)}.`);
    expect(document).toContain(`${rules.length} rules of referrals: ${sums(rules)}.`);
  });
});

describe('a table that is wrong is noticed:', () => {
  const row = (cell: string) => guideRows(`| 7 | “Quick.” | ${cell} |`);
  const here = 'tests/contract/docs/guide.test.ts';

  test.each([
    ['another file', '`tests/contract/docs/none.test.ts`: `counts`'],
    ['another title', `\`${here}\`: \`the table of the guide names tests\``],
    ['a title without what it is described under', `\`${here}\`: \`names tests that exist, file and title\``],
    ['a row that is not in the table', `\`${here}\`: \`a table that is wrong is noticed: no such row\``],
  ])('%s', (_case, cell) => {
    expect(missingTests(row(cell))).toHaveLength(1);
  });

  test('a title that its table fills in is none of these', () => {
    const filled = row(`\`${here}\`: \`a table that is wrong is noticed: another file\``);
    expect(filled[0]?.tests).toHaveLength(1);
    expect(missingTests(filled)).toEqual([]);
  });

  test('a sentence that is quoted again, however it is spaced', () => {
    expect(repeatedIn(['“Quick.”', '“Slow.”', '“quick. ”'])).toEqual(['“quick. ”']);
  });

  test('what is not there yet, and what is no requirement, are told apart from what is shown', () => {
    const kinds = ['**Not yet:** no page has it', '**No requirement:** it is elsewhere', '`a.test.ts`: `b`'];
    expect(kinds.map((cell) => row(cell)[0]?.kind)).toEqual(['not yet', 'no requirement', 'shown']);
  });
});
