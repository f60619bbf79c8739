import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { SingleBar } from 'cli-progress';
import { Pool } from 'pg';
import { type FeedKind, feedKinds } from '../domain/evidence.ts';
import { refusalOf } from '../domain/failures.ts';
import { createDatabase } from '../runtime/database.ts';
import { completeEnvironment } from '../runtime/environment.ts';
import { reachPostgres } from '../runtime/reach.ts';
import { describeFailure } from '../runtime/run.ts';
import { readSettings } from '../runtime/settings.ts';
import { type FeedReport, importFeed } from '../store/feeds/import-feed.ts';
import type { DB } from '../store/schema.ts';

/*
 * `npm run import -- KIND FILE`: takes one feed in from a file, with a progress bar on a terminal (on standard
 * error, so that the report can be piped). Exits with 1 when the file was refused or something failed, and nothing
 * has changed then; with 2 when it was called wrongly.
 */

const usage = `Usage: npm run import -- KIND FILE\n  KIND is one of ${feedKinds.join(', ')}\n`;

async function importFile(kind: FeedKind, path: string): Promise<FeedReport> {
  const settings = readSettings(completeEnvironment(process.env), 'import');
  const { size } = await stat(path);
  await reachPostgres(settings.databaseUrl, settings.connectTimeoutMs);
  const pool = new Pool({ connectionString: settings.databaseUrl, max: 1, application_name: 'import' });
  const db = createDatabase<DB>(settings.databaseUrl, { poolSize: 1, name: 'import' });
  const bar = new SingleBar({
    format: `${kind} [{bar}] {percentage} % | {rows} rows | {duration_formatted}`,
  });
  if (process.stderr.isTTY) bar.start(size, 0, { rows: 0 });
  try {
    return await importFeed({
      pool,
      db,
      kind,
      origin: 'command',
      source: createReadStream(path),
      announcedBytes: size,
      maxRemovedShare: settings.policy.maxRemovedShare,
      receivedAt: new Date(),
      onProgress: ({ bytes, rows }) => bar.update(bytes, { rows }),
    });
  } finally {
    bar.stop();
    await Promise.all([pool.end(), db.destroy()]);
  }
}

function describe(report: FeedReport): string {
  const { added, changed, removed, unchanged, bad, badRows } = report;
  const lines = badRows.map(({ line, reason }) => `  line ${line} ${reason}`);
  const more = bad > badRows.length ? [`  and ${bad - badRows.length} more`] : [];
  const figures = `${added} added, ${changed} changed, ${removed} removed, ${unchanged} unchanged, ${bad} bad`;
  return `${[figures, ...lines, ...more].join('\n')}\n`;
}

const [kind, path, ...others] = process.argv.slice(2);
if (!feedKinds.includes(kind as FeedKind) || path === undefined || others.length > 0) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else {
  try {
    process.stdout.write(describe(await importFile(kind as FeedKind, path)));
  } catch (error) {
    const refusal = refusalOf(error);
    process.stderr.write(
      refusal ? `Refused, nothing has changed: ${refusal.message}\n` : `${describeFailure(error)}\n`,
    );
    process.exitCode = 1;
  }
}
