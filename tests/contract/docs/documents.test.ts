import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { documentPaths } from './document-paths.ts';
import { brokenLinks } from './links.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const documents = documentPaths(root).map((path) => ({
  path: relative(root, path),
  text: readFileSync(path, 'utf8'),
}));

/** Lines of all documents that match a pattern, with file and number. */
function linesWhere(matches: (line: string) => boolean): string[] {
  return documents.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => (matches(line) ? [`${path}:${index + 1}`] : [])),
  );
}

describe('the README and all documents', () => {
  test('can be read in the source: no line is longer than 200 characters', () => {
    expect(linesWhere((line) => line.length > 200)).toEqual([]);
  });

  test('use American quotation marks', () => {
    expect(linesWhere((line) => /[«»„]/.test(line))).toEqual([]);
  });

  test('link to files and headings that exist', () => {
    expect(documents.length).toBeGreaterThan(30);
    expect(documents.flatMap(({ path }) => brokenLinks(root, path))).toEqual([]);
  });
});
