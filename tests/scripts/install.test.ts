import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

/*
 * The first steps of npm's scripts on a fresh clone, in a folder of its own. A shell script in the place of npm records where
 * it is called; nothing is installed.
 */
const root = new URL('../../', import.meta.url);
const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
  scripts: Record<string, string>;
};
let folder = '';

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'install-')));
  for (const path of ['', 'scripts/', 'programs/'])
    mkdirSync(join(folder, path, 'node_modules'), { recursive: true });
  for (const path of ['package-lock.json', 'scripts/package-lock.json', 'scripts/install.js'])
    cpSync(new URL(path, root), join(folder, path));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  npm('echo "$PWD"');
});
afterEach(() => rmSync(folder, { recursive: true }));

function npm(line: string): void {
  const file = join(folder, 'programs', 'npm');
  writeFileSync(file, `#!/bin/sh\n${line}\n`);
  chmodSync(file, 0o755);
}

/** Runs the first step of a script. @returns its exit code and the folders in which it installed packages */
function firstStepOf(name: string) {
  const PATH = `${join(folder, 'programs')}:${process.env['PATH']}`;
  const env = { ...process.env, NODE_OPTIONS: '', PATH };
  const { status, stdout } = spawnSync('sh', ['-c', scripts[`pre${name}`] ?? 'false'], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  const installed = stdout.split('\n').filter((line) => line.startsWith(folder));
  return { status, installed: installed.map((path) => path.slice(folder.length + 1)) };
}

test.each(['start', 'dev', 'demo'])('npm run %s leaves the large packages of scripts out', (name) => {
  expect(firstStepOf(name)).toEqual({ status: 0, installed: [''] });
  expect(firstStepOf(name)).toEqual({ status: 0, installed: [] });
});

test.each(['test', 'test:only', 'check', 'zips', 'screenshots'])(
  'npm run %s installs all packages, after npm start those that are missing',
  (name) => {
    firstStepOf('start');
    expect(firstStepOf(name)).toEqual({ status: 0, installed: ['scripts'] });
    expect(firstStepOf(name)).toEqual({ status: 0, installed: [] });
    writeFileSync(join(folder, 'package-lock.json'), 'another');
    expect(firstStepOf(name)).toEqual({ status: 0, installed: [''] });
  },
);

test('a failed installation ends the command, and the next one tries again', () => {
  npm('echo "$PWD"; exit 3');
  expect(firstStepOf('test')).toEqual({ status: 3, installed: [''] });
  npm('echo "$PWD"');
  expect(firstStepOf('test')).toEqual({ status: 0, installed: ['', 'scripts'] });
});
