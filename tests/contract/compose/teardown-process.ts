import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { stopEmbeddedPostgres } from '../../../standalone/services/embedded-postgres.ts';
import { readJson } from '../../../standalone/services/private-files.ts';
import { endProcess, type KnownProcess } from '../../../standalone/services/processes.ts';

/**
 * Ends what runs on a folder, the last that was started first, and removes the folder. It does so when its standard
 * input closes: told to, or because the test that started everything was killed.
 * Arguments: the folder, with `running.json` and the cluster `postgres` in it.
 */
const folder = process.argv[2] ?? '';

async function endAll(): Promise<void> {
  const running = (readJson(join(folder, 'running.json')) ?? []) as KnownProcess[];
  for (const known of running.toReversed()) await endProcess(known, 15_000);
  await stopEmbeddedPostgres(join(folder, 'postgres'), 'immediate');
  rmSync(folder, { recursive: true, force: true });
}

process.stdin.resume().once('close', () => void endAll());
