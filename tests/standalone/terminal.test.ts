import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { chooseFreePorts } from '../../standalone/part-settings.ts';
import { readStartedProcesses } from '../../standalone/run-file.ts';
import { isRunning, type KnownProcess } from '../../standalone/services/processes.ts';
import { endEverything } from '../../standalone/take-over.ts';
import { ctrlC, openTerminal, type Terminal } from '../harness/terminal.ts';

/*
 * Tests one Ctrl-C in a real terminal. There it goes to every foreground process at once, and npm passes it
 * on to its child as well; a reader of the output behind a pipe dies of it first. The starts share one
 * data folder, as a person's starts do.
 */

/** Folder for temporary files of the processes, to find leftovers. Its path is short because sockets lie below it. */
let folder = '';
let dataDir = '';
let env: Record<string, string> = {};
let terminal: Terminal | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'terminal-'));
  dataDir = join(folder, 'data');
  env = { ...(await chooseFreePorts({})), DATA_DIR: dataDir };
});
afterEach(async () => {
  await terminal?.close();
  terminal = undefined;
});
afterAll(async () => {
  await endEverything(dataDir, () => undefined);
  rmSync(folder, { recursive: true, force: true });
});

/** Runs `npm start` until everything is up. @returns the running processes, by the process table and by run.json */
async function startUp(commandLine: string): Promise<KnownProcess[]> {
  terminal = openTerminal(commandLine, env);
  await terminal.untilShown('Press Ctrl-C to stop everything.', 240_000);
  return [...terminal.processes(), ...Object.values(readStartedProcesses(dataDir))];
}

const running = (all: readonly KnownProcess[]) => all.filter(isRunning);
const partOf = (name: 'api' | 'postgres') => readStartedProcesses(dataDir)[name]?.pid ?? 0;

test('npm start: Ctrl-C in the middle of a first start ends it; the next goes on from there, and one Ctrl-C drains and ends everything', async () => {
  terminal = openTerminal('npm start', env);
  await terminal.untilShown('Registering rosa.delgado', 240_000);
  const all = running([...terminal.processes(), ...Object.values(readStartedProcesses(dataDir))]);
  terminal.press(ctrlC);
  await terminal.ended;
  expect(terminal.shown()).toMatch(/Sample data +stopped after/);
  expect(terminal.shown()).toContain('Everything has stopped.');
  expect(running(all)).toEqual([]);
  const next = await startUp('npm start');
  // the log-ins come after what startUp waits for
  await terminal?.untilShown(/rosa\.delgado +\S{12}/);
  expect(running(next).length).toBeGreaterThanOrEqual(6);
  terminal?.press(ctrlC);
  expect(await terminal?.ended).toBe(0);
  expect(terminal?.shown()).toContain('Everything has stopped.');
  expect(running(next)).toEqual([]);
}, 600_000);

test('npm start | tee: it ends as orderly when the reader of its output dies first', async () => {
  const log = join(folder, 'start.log');
  const all = await startUp(`npm start | tee ${log}`);
  terminal?.press(ctrlC);
  await terminal?.ended;
  await untilEnded(all);
  expect(readFileSync(log, 'utf8')).toContain('Press Ctrl-C to stop everything.');
  // Postgres removes it after an orderly shutdown
  expect(readdirSync(join(dataDir, 'postgres'))).not.toContain('postmaster.pid');
}, 600_000);

test('npm start: a second Ctrl-C ends everything at once', async () => {
  const all = await startUp('npm start');
  // a stopped API keeps the drain waiting
  process.kill(partOf('api'), 'SIGSTOP');
  terminal?.press(ctrlC);
  await terminal?.untilShown('Finishing the work in progress');
  await sleep(1_100);
  terminal?.press(ctrlC);
  expect(await terminal?.ended).toBe(130);
  expect(terminal?.shown()).not.toContain('Everything has stopped.');
  await untilEnded(all);
}, 600_000);

test('npm start: closing its terminal ends everything', async () => {
  const all = await startUp('npm start');
  terminal?.hangUp();
  await untilEnded(all);
  expect(readdirSync(join(dataDir, 'postgres'))).not.toContain('postmaster.pid');
}, 600_000);

test('npm run demo: one Ctrl-C ends its parts and removes its folder', async () => {
  const own = { TMPDIR: folder };
  terminal = openTerminal('npm run demo', own);
  // in the middle of the demo, not before it
  await terminal.untilShown('Register with Help On Demand', 240_000);
  const [demo = ''] = demoFolders();
  const all = [...terminal.processes(), ...Object.values(readStartedProcesses(join(folder, demo)))];
  expect(running(all).length).toBeGreaterThanOrEqual(6);
  terminal.press(ctrlC);
  expect(await terminal.ended).toBe(130);
  expect(running(all)).toEqual([]);
  expect(demoFolders()).toEqual([]);
}, 600_000);

const demoFolders = () => readdirSync(folder).filter((name) => name.startsWith('help-on-demand-demo-'));

/** Waits until these processes have ended by themselves. */
async function untilEnded(all: readonly KnownProcess[]): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (running(all).length > 0 && performance.now() < deadline) await sleep(50);
  expect(running(all)).toEqual([]);
}
