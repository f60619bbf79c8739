import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
/** Tools of others, which explain themselves. */
const foreign = ['lint', 'format', 'test:only'];
const commands = Object.keys(scripts).filter((name) => !name.startsWith('pre') && !foreign.includes(name));

/** Some commands load much of the project before they read their command line, and many of them run at a time here. */
const timeoutMs = 180_000;

const isBuilt = existsSync(join(root, 'dist', 'runtime', 'command-line.js'));

let folder: string;
/** Stands for every server that a command could connect with. */
let server: Server;
let connections = 0;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'command-lines-'));
  server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

interface Ended {
  code: number;
  out: string;
  err: string;
}

/**
 * Runs a script of package.json as npm does, in a shell with the arguments after it, without what npm runs before it and
 * without npm itself, whose start takes as long as most of them. One that needs the build is run from its source where
 * there is no build, or only one from before commands explained themselves.
 */
function run(name: string, ...args: string[]): Promise<Ended> {
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    DATA_DIR: join(folder, 'data'),
    DATABASE_URL: `postgres://nobody@${address}/none`,
    TEMPORAL_ADDRESS: address,
  };
  const script = scripts[name] ?? '';
  const [, built] = /dist\/(\S+)\.js/.exec(script) ?? [];
  const line = built && !isBuilt ? `exec node --import tsx ${built}.ts` : script;
  return new Promise((resolve) => {
    execFile(
      'sh',
      ['-c', `${line} "$@"`, name, ...args],
      { cwd: root, env, timeout: timeoutMs - 10_000 },
      (error, out, err) => resolve({ code: error ? Number(error.code ?? -1) : 0, out, err }),
    );
  });
}

describe.each(commands)('npm run %s', (name) => {
  test.concurrent(
    'with --help says what it does, and does nothing',
    async () => {
      const { code, out, err } = await run(name, '--help');
      expect({ code, err }).toEqual({ code: 0, err: '' });
      const usage = ['start', 'test'].includes(name) ? `Usage: npm ${name}` : `Usage: npm run ${name}`;
      expect(out).toMatch(/^[A-Z].*\.\n/s);
      for (const part of [usage, '\nOptions:\n', '--help', '\nExit codes:\n  0', '\n  1', '\n  2'])
        expect(out).toContain(part);
    },
    timeoutMs,
  );

  test.concurrent(
    'with an option that it does not know names the option and its usage',
    async () => {
      const { code, out, err } = await run(name, '--no-such-option');
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toMatch(/^Unknown option '--no-such-option'\.\n\nUsage: npm /);
    },
    timeoutMs,
  );
});

test('none of them has connected with anything or written data', () => {
  expect([connections, existsSync(join(folder, 'data'))]).toEqual([0, false]);
});

describe('a command line that is not complete or not right', () => {
  test.concurrent.each([
    ['import', [], 'Missing: KIND FILE.'],
    ['import', ['licenses'], 'Missing: FILE.'],
    ['import', ['agents', 'list.csv'], 'KIND is not one of registration-completions,'],
    ['import', ['licenses', 'one.csv', 'two.csv'], 'Unexpected: two.csv.'],
    ['replay', [], 'Missing: FILE.'],
    ['bench', ['feeds', 'everything'], 'NAME is not one of feeds,'],
    ['account', ['ops'], 'Missing: NAME.'],
    ['account', ['root', 'alex'], 'ROLE is not one of ops, ops-admin, auditor: root.'],
    ['account', ['ops', 'a b'], 'NAME has to be 3 to 64 letters,'],
    ['lines', ['TX', 'Health'], 'Missing: NAME CLASS.'],
    ['lines', ['TX', 'Health', 'yes'], 'CLASS is not one of health, other: yes.'],
    ['sample', ['folder', '--agents', 'many'], '--agents is not a whole number.'],
    ['check', ['everything'], 'Unexpected: everything.'],
  ])(
    '%s %j: %s',
    async (name, args, problem) => {
      const { code, out, err } = await run(name, ...args);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err.startsWith(problem)).toBe(true);
      expect(err).toContain(`\n\nUsage: npm run ${name}`);
    },
    timeoutMs,
  );
});

test('the help of a process names its settings', async () => {
  const { out } = await run('import', '--help');
  const [, settings = ''] = /^Settings.*?:\n(.*?)\n\n/ms.exec(out) ?? [];
  expect([...settings.matchAll(/^ {2}([A-Z_]+) {2}/gm)].map(([, setting]) => setting)).toEqual([
    'LOG_LEVEL',
    'DATABASE_URL',
    'IMPORT_TIMEOUT',
    'CONNECT_TIMEOUT',
    'MAX_REMOVED_SHARE',
    'MAX_BAD_SHARE',
  ]);
});
