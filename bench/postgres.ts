import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from '../standalone/embedded-postgres.ts';
import { freePort } from '../standalone/ports.ts';

/** A Postgres of the measurement's own, and a folder beside it; both are gone after `use`. */
export interface Bench {
  url: string;
  folder: string;
}

/** Starts Postgres with its durable defaults: a figure that was gained by `fsync=off` would promise nothing. */
export async function onBench<Result>(use: (bench: Bench) => Promise<Result>): Promise<Result> {
  const parent = mkdtempSync(join(tmpdir(), 'hod-bench-'));
  const cluster = join(parent, 'postgres');
  const folder = join(parent, 'files');
  try {
    mkdirSync(folder);
    const { url } = await startEmbeddedPostgres({
      folder: cluster,
      port: await freePort(),
      password: randomBytes(16).toString('hex'),
      database: 'hod',
    });
    return await use({ url, folder });
  } finally {
    await stopEmbeddedPostgres(cluster, 'immediate');
    rmSync(parent, { recursive: true, force: true });
  }
}
