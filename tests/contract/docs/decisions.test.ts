import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const folder = fileURLToPath(new URL('../../../docs/decisions/', import.meta.url));
const read = (name: string) => readFileSync(`${folder}${name}`, 'utf8');
const records = readdirSync(folder)
  .filter((name) => name !== 'README.md')
  .toSorted()
  .map((name) => ({ name, text: read(name) }));

test('the records are numbered without a gap', () => {
  expect(records.map(({ name }) => name.slice(0, 5))).toEqual(
    records.map((_, index) => `${String(index + 1).padStart(4, '0')}-`),
  );
});

test('each record has its number and title, date, status, and the same headings', () => {
  const form =
    /^# (\d{4}) .+\n\nDate: 20\d\d-\d\d-\d\d\n\nStatus: (?:accepted|replaced by .+)\n\n## Context\n[^]+\n## Decision\n[^]+\n## Consequences\n[^]+\n## Alternatives\n[^]+/;
  const invalid = records.filter(({ name, text }) => form.exec(text)?.[1] !== name.slice(0, 4));
  expect(invalid.map(({ name }) => name)).toEqual([]);
  expect(records.filter(({ text }) => text.match(/^## /gm)?.length !== 4)).toEqual([]);
});

test('each record can be read in two minutes', () => {
  const long = records.filter(({ text }) => text.split(/\s+/).length > 420);
  expect(long.map(({ name }) => name)).toEqual([]);
});

test('the index lists every record by its title', () => {
  const listed = read('README.md').match(/^- .*$/gm);
  const titles = records.map(({ name, text }) => {
    const [, number, title] = /^# (\d{4}) (.+)$/m.exec(text) ?? [];
    return `- [${number}](${name}) ${title}`;
  });
  expect(listed).toEqual(titles);
});
