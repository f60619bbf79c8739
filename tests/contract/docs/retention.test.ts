import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { retentionKinds } from '../../../store/ops/retention.ts';

const read = (path: string) =>
  readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8');

const [, section = ''] = /^## How long things are kept\n([^]*?)^## /m.exec(read('docs/security.md')) ?? [];
/** The cells of each row of both tables, without their heads. */
const rows = section
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (what|---) \|/.test(line))
  .map((line) => line.split('|').slice(1, -1));
const namesIn = (cell = '') => [...cell.matchAll(/`([\w-]+)`/g)].map(([, name]) => name ?? '');

test('every table of the database is kept for a time, or is named as kept', () => {
  const tables = [...read('store/database/schema.sql').matchAll(/^create table (\w+)/gm)].map(
    ([, name]) => name ?? '',
  );
  expect(tables.length).toBeGreaterThan(60);
  const named = new Set(rows.flatMap(([, cell]) => namesIn(cell)));
  // the record of migrations is of the tool that runs them
  expect([...named].toSorted()).toEqual([...new Set([...tables, 'migrations'])].toSorted());
});

test('every kind that the job deletes or erases has its row, and no other is named', () => {
  const kinds = new Set(rows.flatMap(([, , , cell]) => namesIn(cell)));
  expect([...kinds].toSorted()).toEqual([...retentionKinds].toSorted());
});

test('every row says how long', () => {
  expect(rows.filter(([, , kept = '']) => kept.trim() === '')).toEqual([]);
});
