import { readFileSync, statSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { runCheck } from '../../scripts/checks.ts';

const projectFile = (path: string) => new URL(`../../${path}`, import.meta.url);
const node = (script: string) => ({ name: 'example', command: process.execPath, args: ['-e', script] });

test('a check that finds nothing passes', async () => {
  expect(await runCheck(node('console.log("fine")'))).toMatchObject({ passed: true, output: 'fine' });
});

test('a check that finds something fails, and says what it found', async () => {
  const { passed, output, summary } = await runCheck(node('console.error("line 3"); process.exit(2)'));
  expect({ passed, output }).toEqual({ passed: false, output: 'line 3' });
  expect(summary).toMatch(/^example +FAILED +\d+\.\d s$/);
});

test('the pre-commit hook can be run by git, and runs a script that package.json has', () => {
  const hook = projectFile('.githooks/pre-commit');
  expect(statSync(hook).mode & 0o111).toBe(0o111);
  const [, script = ''] = /npm run --silent (\S+)/.exec(readFileSync(hook, 'utf8')) ?? [];
  const { scripts } = JSON.parse(readFileSync(projectFile('package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  expect(scripts[script]).toContain('scripts/check.ts');
});
