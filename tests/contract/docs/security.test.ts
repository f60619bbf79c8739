import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { requirementsOfLevels1And2 } from './asvs-numbers.ts';
import { readSecurityEntries, securityStatuses } from './security-entries.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const document = readFileSync(`${root}/docs/security.md`, 'utf8');
const entries = readSecurityEntries(document);

test('the standard has 253 requirements of levels 1 and 2', () => {
  expect(requirementsOfLevels1And2).toHaveLength(253);
});

test('the page names every requirement of levels 1 and 2 once, and no other, in the standard’s order', () => {
  expect(entries.flatMap(({ numbers }) => numbers)).toEqual(requirementsOfLevels1And2);
});

test('each has one of the five answers, with how or why', () => {
  const wrong = entries.filter(({ status, words }) => status === undefined || words.length < 8);
  expect(wrong.map(({ numbers }) => numbers)).toEqual([]);
});

test('what is met names a test or a file, and every file that is named is there', () => {
  const unproven = entries.filter(
    ({ status, files }) => (status === 'Met' || status === 'Differs') && files.length === 0,
  );
  expect(unproven.map(({ numbers }) => numbers)).toEqual([]);
  const missing = entries.flatMap(({ numbers, files }) =>
    files.filter((file) => !existsSync(`${root}/${file}`)).map((file) => `${numbers.join()}: ${file}`),
  );
  expect(missing).toEqual([]);
});

test('the counts are right, also of what is not met yet', () => {
  const count = (wanted: string) =>
    entries.filter(({ status }) => status === wanted).reduce((sum, { numbers }) => sum + numbers.length, 0);
  const sums = Object.entries(securityStatuses).map(([status, words]) => `${count(status)} ${words}`);
  expect(document.match(/^\d+ requirements: .*$/gm)).toEqual([`253 requirements: ${sums.join(', ')}.`]);
});

describe('an entry', () => {
  test('is read with its numbers, its answer, its words and its files, over several lines', () => {
    const text =
      '- **V1.2.3**, **V1.2.4** In a few\n  words. _Met:_ by `this`, at length: `a/b.ts`,\n  `c.md`\n';
    expect(readSecurityEntries(`# Page\n\n${text}\nThe end`)).toEqual([
      {
        numbers: ['V1.2.3', 'V1.2.4'],
        status: 'Met',
        words: 'by `this`, at length',
        files: ['a/b.ts', 'c.md'],
      },
    ]);
  });

  test('without a known answer has none', () => {
    const [entry] = readSecurityEntries('- **V1.2.3** Words. _Perhaps:_ some day');
    expect(entry?.status).toBeUndefined();
  });
});
