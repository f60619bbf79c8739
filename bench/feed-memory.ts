import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { feedDefinitions } from '../store/feeds/import/definitions.ts';
import type { Figure, Say } from './figures.ts';
import { expectReport } from './figures.ts';
import type { Bench } from './postgres.ts';
import { repeatedList } from './repeated-list.ts';

/** Factor by which the second list is longer. It must not take more memory. */
const longerBy = 4;
const maxMegabytes = 150;
const megabyte = 1024 * 1024;

/** Measures the memory of the first import of a registration list, and of a list several times as long. */
export async function measureFeedMemory(
  bench: Bench,
  list: { path: string; rows: number },
  say: Say,
): Promise<Figure[]> {
  const longer = { path: join(bench.folder, 'longer.csv'), rows: list.rows * longerBy };
  await pipeline(repeatedList(list.path, longerBy), createWriteStream(longer.path));
  const figures: Figure[] = [];
  for (const { path, rows } of [list, longer]) {
    const value = (await peakBytes(bench, path, rows)) / megabyte;
    say(`first import of ${rows} rows: ${value.toFixed(0)} MB above idle`);
    figures.push({
      name: `memory, ${rows} rows`,
      baseline: 'idle',
      value,
      max: maxMegabytes,
      unit: 'MB above',
    });
  }
  return figures;
}

/** Imports a list in a new process. @returns the process's peak memory above its idle memory, in bytes */
async function peakBytes({ pool, url, signal }: Bench, path: string, rows: number): Promise<number> {
  await pool.query(`truncate ${feedDefinitions['registration-completions'].table}`);
  const script = fileURLToPath(new URL('import-process.ts', import.meta.url));
  const args = ['--import', 'tsx', script, url, path];
  const { stdout } = await promisify(execFile)(process.execPath, args, { signal });
  const { added, bytes } = JSON.parse(stdout) as { added: number; bytes: number };
  expectReport({ added }, { added: rows });
  return bytes;
}
