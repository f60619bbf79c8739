import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { guideEntries, repeatedIn } from './guide-entries.ts';
import { isTitled, testsIn } from './test-titles.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const document = readFileSync(`${root}/docs/guide.md`, 'utf8');
const entries = guideEntries(document);
const [quoted, rules] = [
  entries.filter(({ text }) => text.startsWith('“')),
  entries.filter(({ text }) => !text.startsWith('“')),
];

/** Named tests that do not exist, with the number of their entry. */
function missingTests(of: typeof entries): string[] {
  return of.flatMap(({ number, tests }) =>
    tests
      .filter(({ file, title }) => {
        if (!file.startsWith('tests/') || !existsSync(`${root}/${file}`)) return true;
        return !testsIn(`${root}/${file}`).some((written) => isTitled(title, written));
      })
      .map(({ file, title }) => `${number}: ${file}: ${title}`),
  );
}

describe('the guide', () => {
  test('names tests that exist, file and title', () => {
    expect(missingTests(entries)).toEqual([]);
  });

  test('quotes whole sentences, each once, in their order', () => {
    expect(quoted.filter(({ text }) => !/^“[A-Z][^“”]+”$/.test(text))).toEqual([]);
    expect(repeatedIn(entries.map(({ text }) => text))).toEqual([]);
    expect(entries.map(({ number }) => number)).toEqual(entries.map((_, index) => `${index + 1}`));
  });

  test('has a test for each, or the reason why there is none', () => {
    const empty = entries.filter(({ kind, tests, words }) =>
      kind === 'shown' ? tests.length === 0 : words.length < 20,
    );
    expect(empty.map(({ number }) => number)).toEqual([]);
    const tested = entries.filter(({ kind, tests }) => kind === 'no requirement' && tests.length > 0);
    expect(tested.map(({ number }) => number)).toEqual([]);
  });

  test('has the right counts, also of what is not built yet', () => {
    const count = (of: typeof entries, kind: string) => of.filter((entry) => entry.kind === kind).length;
    const sums = (of: typeof entries) =>
      `${count(of, 'shown')} shown, ${count(of, 'no requirement')} no requirement, ${count(of, 'not yet')} not yet`;
    expect(document).toContain(`${quoted.length} sentences: ${sums(quoted)}.`);
    expect(document).toContain(`${rules.length} rules of referrals: ${sums(rules)}.`);
  });
});

describe('an error in the guide is found:', () => {
  const entry = (...items: string[]) =>
    guideEntries(['7. “Quick.”', ...items.map((item) => `   - ${item}`)].join('\n'));
  const here = 'tests/contract/docs/guide.test.ts';

  test.each([
    ['another file', '`tests/docs/none.test.ts`: `counts`'],
    ['another title', `\`${here}\`: \`the guide names tests\``],
    ['a title without that of its block', `\`${here}\`: \`names tests that exist, file and title\``],
    ['a row that is not in the table', `\`${here}\`: \`an error in the guide is found: no such row\``],
  ])('%s', (_case, item) => {
    expect(missingTests(entry(item))).toHaveLength(1);
  });

  test('but a title filled in from its table is correct, also on its own line', () => {
    const filled = entry(`\`${here}\`:\n     \`an error in the guide is found: another file\``);
    expect(filled[0]?.tests).toHaveLength(1);
    expect(missingTests(filled)).toEqual([]);
  });

  test.each([
    ['a test without its title', '   - `tests/docs/guide.test.ts`'],
    ['two tests in one item', '   - `a.test.ts`: `b`, `c.test.ts`: `d`'],
    ['an item outside of the list', '- `a.test.ts`: `b`'],
    ['a row of a table', '| 8 | “Slow.” | `a.test.ts`: `b` |'],
    ['a second sentence without a blank line before it', '8. “Slow.”'],
  ])('%s cannot be read', (_case, line) => {
    expect(() => guideEntries(`7. “Quick.”\n${line}`)).toThrow(
      /^Not (?:a numbered sentence with its list|in the form)/,
    );
  });

  test('a list without a sentence cannot be read', () => {
    expect(() => guideEntries('7. “Quick.”\n\n   - `a.test.ts`: `b`')).toThrow('Not a numbered sentence');
  });

  test('a sentence that is quoted twice, with any spacing', () => {
    expect(repeatedIn(['“Quick.”', '“Slow.”', '“quick. ”'])).toEqual(['“quick. ”']);
  });

  test('entries not built yet and entries without a requirement are counted separately', () => {
    const kinds = ['**Not yet:** no page has it', '**No requirement:** it is elsewhere', '`a.test.ts`: `b`'];
    expect(kinds.map((item) => entry(item)[0]?.kind)).toEqual(['not yet', 'no requirement', 'shown']);
  });
});
