import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const folder = new URL('../../workflows/', import.meta.url);

test.each(readdirSync(folder))('%s imports activities as types only', (file) => {
  const source = readFileSync(new URL(file, folder), 'utf8');
  const imports = source.match(/^import .*from '\.\.\/activities\/.*$/gm) ?? [];
  expect(imports.filter((line) => !line.startsWith('import type '))).toEqual([]);
});
