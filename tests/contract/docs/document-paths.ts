import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The Markdown files at the root of the project and below docs, in order. */
export function documentPaths(root: string): string[] {
  const below = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' });
  return [...readdirSync(root), ...below.map((path) => join('docs', path))]
    .filter((path) => path.endsWith('.md'))
    .toSorted()
    .map((path) => join(root, path));
}
