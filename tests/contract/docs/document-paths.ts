import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Legal documents, whose text never changes once it is in force. */
const legal = /^store\/database\/reference\/(terms|consents)\//;

/** The Markdown files of the project except legal documents, in order. */
export function documentPaths(root: string): string[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], { cwd: root });
  return listed
    .toString()
    .split('\n')
    .filter((path) => path !== '' && !legal.test(path))
    .toSorted()
    .map((path) => join(root, path));
}
