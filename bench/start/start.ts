import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseFreePorts } from '../../standalone/part-settings.ts';
import { projectFolder } from '../../standalone/services/programs.ts';
import { type Figure, median, type Say } from '../figures.ts';
import { readPageBytes } from './page-bytes.ts';

const warmStarts = 3;
/** What `npm start` prints when everything is up. */
const isUp = /^Up after /m;

/**
 * Measures `npm start` on a machine that has built the service and loaded the sample data before, and what the portal's
 * first pages weigh.
 */
export async function measureStart(say: Say, signal: AbortSignal): Promise<Figure[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'hod-bench-start-'));
  const ports = await chooseFreePorts(process.env);
  const env = { ...process.env, ...ports, DATA_DIR: dataDir };
  const seconds: number[] = [];
  let pages: Record<string, number> = {};
  try {
    say(`first start: ${(await startOnce(env, signal, async () => undefined)).toFixed(1)} s`);
    for (let start = 1; start <= warmStarts; start += 1)
      seconds.push(
        await startOnce(env, signal, async () => {
          if (start === warmStarts) pages = await readPageBytes(`http://localhost:${ports.PORT}`);
        }),
      );
  } finally {
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
  say(`warm starts: ${seconds.map((one) => `${one.toFixed(1)} s`).join(', ')}`);
  return [
    {
      name: 'npm start, built before',
      baseline: 'until everything is up',
      value: median(seconds),
      unit: 's',
      max: 15,
      aim: 8,
    },
    ...Object.entries(pages).map(([page, bytes]) => ({
      name: `first load of ${page}`,
      baseline: 'compressed',
      value: bytes / 1_000,
      unit: 'kB',
      max: 320,
      aim: 200,
    })),
  ];
}

/** Runs `npm start` until it is up, does something with it, and stops it. @returns the seconds until it was up */
async function startOnce(
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
  use: () => Promise<void>,
): Promise<number> {
  signal.throwIfAborted();
  const startedAt = performance.now();
  const child = spawn('npm', ['start'], { cwd: projectFolder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  const stop = () => void child.kill('SIGINT');
  signal.addEventListener('abort', stop, { once: true });
  let printed = '';
  try {
    await new Promise<void>((resolve, reject) => {
      const read = (part: Buffer) => {
        printed += part.toString();
        if (isUp.test(printed)) resolve();
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('error', reject);
      child.once('exit', () => reject(new Error(`npm start ended:\n${printed}`)));
    });
    const seconds = (performance.now() - startedAt) / 1_000;
    await use();
    return seconds;
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
    await ended;
  }
}
