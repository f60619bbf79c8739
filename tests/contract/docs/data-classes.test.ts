import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const read = (path: string) =>
  readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8');

const [, section = ''] = /^## Classes of data\n([^]*?)^## /m.exec(read('docs/security.md')) ?? [];
/** Tables by class, as the page lists them. */
const classes = new Map(
  [...section.matchAll(/^- \*\*(\w+):\*\*([^]*?)(?=^- |^$)/gm)].map(([, name = '', list = '']) => [
    name,
    [...list.matchAll(/`(\w+)`/g)].map(([, table = '']) => table),
  ]),
);
/** Tables with the types of their columns. */
const tables = new Map(
  [...read('store/database/schema.sql').matchAll(/^create table (\w+) \(([^]*?)^\)[^;]*;/gm)].map(
    ([, name = '', columns = '']) => [
      name,
      [...columns.matchAll(/^ {2}\w+ (\w+)/gm)].map(([, type]) => type),
    ],
  ),
);

test('the page sorts every table of the database into one class, and names no other', () => {
  expect([...classes.keys()]).toEqual(['Sealed', 'Secret', 'Personal', 'Internal', 'Public']);
  expect(tables.size).toBeGreaterThan(60);
  // the record of migrations is of the tool that runs them
  expect([...classes.values()].flat().toSorted()).toEqual([...tables.keys(), 'migrations'].toSorted());
});

test('what is sealed has columns of bytes, which no class below secret has', () => {
  const withBytes = [...tables].flatMap(([name, types]) => (types.includes('bytea') ? [name] : []));
  const [sealed = [], secret = []] = [classes.get('Sealed'), classes.get('Secret')];
  expect(withBytes).toEqual(expect.arrayContaining(sealed));
  expect(withBytes.filter((name) => ![...sealed, ...secret].includes(name))).toEqual([]);
});
