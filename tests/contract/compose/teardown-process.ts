import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { stopEmbeddedPostgres } from '../../../standalone/services/embedded-postgres.ts';
import { readJson } from '../../../standalone/services/private-files.ts';
import { endProcess, type KnownProcess } from '../../../standalone/services/processes.ts';

/**
 * Ends the programs of a folder in reverse order of their start and removes the folder. It does so when its standard input
 * closes: at the end of the test, or because the test was killed.
 * Argument: the folder, with `running.json` and the Postgres cluster `postgres` in it.
 */
const folder = process.argv[2] ?? '';

async function endAll(): Promise<void> {
  const running = (readJson(join(folder, 'running.json')) ?? []) as KnownProcess[];
  for (const known of running.toReversed()) await endProcess(known, 15_000);
  await stopEmbeddedPostgres(join(folder, 'postgres'), 'immediate');
  rmSync(folder, { recursive: true, force: true });
}

process.stdin.resume().once('close', () => void endAll());
