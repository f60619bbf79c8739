import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { anchorsIn, brokenLinks, linksIn } from './links.ts';

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'links-'));
  mkdirSync(join(root, 'docs'));
  writeFileSync(join(root, 'README.md'), '# Read me\n\n## Two `commands`, at once\n');
});

afterAll(() => rmSync(root, { recursive: true }));

test.each([
  ['a file', '[a](../README.md)', []],
  ['a heading of another file', '[a](../README.md#two-commands-at-once)', []],
  ['a heading of its own', '[a](#page)', []],
  ['a page of the web', '[a](https://example.com/none.md#none)', []],
  ['code', '`[a](none.md)`\n\n```\n[a](none.md)\n```\n', []],
  ['a missing file', '[a](none.md)', ['docs/page.md: none.md']],
  ['a missing file in a reference', '[a][b]\n\n[b]: none.md', ['docs/page.md: none.md']],
  ['a missing heading', '[a](../README.md#three)', ['docs/page.md: ../README.md#three']],
  ['a file outside the project', '[a](../../..)', ['docs/page.md: ../../..']],
])('a link to %s', (_case, link, broken) => {
  writeFileSync(join(root, 'docs', 'page.md'), `# Page\n\n${link}\n`);
  expect(brokenLinks(root, 'docs/page.md')).toEqual(broken);
});

test('links with a title, and of one line', () => {
  expect(linksIn('[a](b.md "B") and ![c](d.png), [e](f(g).md)')).toEqual(['b.md', 'd.png', 'f(g).md']);
});

test('anchors are those of GitHub: repeated headings are numbered, and explicit ids are included', () => {
  expect(anchorsIn('# A b\n## A b\n## [C](d.md): e_f\n<a id="rule-1"></a>')).toEqual([
    'a-b',
    'a-b-1',
    'c-e_f',
    'rule-1',
  ]);
});
