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

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
