import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type ChildOptions, type SupervisedChild, supervise } from '../../standalone/services/children.ts';
import { logFile } from '../../standalone/services/log-files.ts';
import { freePort } from '../../standalone/services/ports.ts';
import { isRunning, type KnownProcess } from '../../standalone/services/processes.ts';
import { eventually } from '../harness/eventually.ts';

/** A program that answers on its port, and takes a moment to end, as a worker does. */
const wellBehaved = `
  import { createServer } from 'node:http';
  const server = createServer((request, response) => response.end('ready'));
  server.listen(Number(process.env.PORT), '127.0.0.1');
  process.once('SIGTERM', () => setTimeout(() => { console.log('drained'); process.exit(0); }, 100));
`;
const broken = `console.error('No database'); process.exit(1);`;

let dataDir = '';
let child: SupervisedChild | undefined;
let started: KnownProcess[] = [];
let said: string[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'children-'));
  [started, said] = [[], []];
});

afterEach(async () => {
  await child?.stop();
  child = undefined;
  rmSync(dataDir, { recursive: true });
});

async function optionsFor(source: string): Promise<ChildOptions> {
  const port = await freePort();
  const program = join(dataDir, 'program.mjs');
  writeFileSync(program, source);
  return {
    name: 'worker',
    program,
    dataDir,
    env: { PORT: String(port) },
    readyUrl: `http://127.0.0.1:${port}/health/ready`,
    shutdownTimeoutMs: 5_000,
    onStarted: (process) => void started.push(process),
    onDied: (sentence) => void said.push(sentence),
  };
}

test('a program that dies is started again, and that is reported', async () => {
  const options = await optionsFor(wellBehaved);
  child = await supervise(options);
  process.kill(started[0]?.pid ?? 0, 'SIGKILL');
  await eventually(async () => {
    expect(started).toHaveLength(2);
    expect((await fetch(options.readyUrl)).ok).toBe(true);
  });
  expect(said).toEqual(['worker ended (SIGKILL), restarting']);
});

test('a program that is stopped may finish, and is not started again', async () => {
  child = await supervise(await optionsFor(wellBehaved));
  await child.stop();
  expect(started.map(isRunning)).toEqual([false]);
  expect(readFileSync(logFile(dataDir, 'worker'), 'utf8')).toBe('drained\n');
  expect(said).toEqual([]);
});

test('a program that keeps ending before it is ready fails the start with the end of its log', async () => {
  const options = await optionsFor(broken);
  await expect(supervise(options)).rejects.toThrow(
    /worker ended three times \(.*worker\.log\):\n(.*\n)*No database/,
  );
  expect(started.map(isRunning)).not.toContain(true);
});
