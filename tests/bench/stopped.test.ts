import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '../harness/eventually.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-'));
  // Postgres may run as another user, who needs access to the folder
  chmodSync(folder, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const program = new URL('../../bench/run.ts', import.meta.url).pathname;
const left = () => readdirSync(folder).filter((name) => name.startsWith('hod-bench-'));

test('a benchmark that is stopped ends its Postgres and leaves nothing behind', async () => {
  const args = ['--import', import.meta.resolve('tsx'), program];
  const env = { PATH: process.env['PATH'], TMPDIR: folder };
  const bench = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(bench, 'exit');
  try {
    // it prints its first line once its Postgres runs
    await once(bench.stdout, 'data');
    const [own = ''] = left();
    const pid = Number(readFileSync(join(folder, own, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
    expect(isRunning(pid)).toBe(true);
    // one Ctrl-C under npm: the terminal signals every process, and npm passes the signal on
    bench.kill('SIGINT');
    bench.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
    expect(left()).toEqual([]);
    await eventually(() => expect(isRunning(pid)).toBe(false));
  } finally {
    bench.kill('SIGTERM');
    await ended;
  }
});

test.each([
  ['a signal stops it', 'process.kill(process.pid, "SIGINT")', 130],
  ['nothing else stops it', 'Promise.reject(new Error("its server is gone"))', 1],
])('work ends in order although a part of it that nobody waits for fails, when %s', async (_, stop, code) => {
  const text = `
    import { runStoppable } from ${JSON.stringify(new URL('../../bench/run-stoppable.ts', import.meta.url).href)};
    await runStoppable(async (signal) => {
      const stopped = new Promise((resolve) => signal.addEventListener('abort', resolve));
      void stopped.then(() => { throw new Error('its server is gone too'); });
      // as its servers do
      setInterval(() => undefined, 1_000);
      setTimeout(() => void ${stop});
      await stopped;
      await new Promise((resolve) => setTimeout(resolve, 50));
      console.log('everything has ended');
      return 1;
    });`;
  const args = ['--import', import.meta.resolve('tsx'), '--input-type=module', '--eval', text];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const said: string[] = [];
  child.stdout.on('data', (part: Buffer) => said.push(part.toString()));
  expect(await once(child, 'close')).toEqual([code, null]);
  expect(said.join('')).toBe('everything has ended\n');
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
