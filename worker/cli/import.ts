import { open } from 'node:fs/promises';
import { SingleBar } from 'cli-progress';
import { refusalOf } from '../../domain/failures.ts';
import { type FeedKind, feedKinds } from '../../domain/onboarding/evidence.ts';
import { readCommandLine } from '../../runtime/command-line.ts';
import { checkPostgresConnection } from '../../runtime/connection-checks.ts';
import { createDatabase, createPool, importLimits } from '../../runtime/database.ts';
import { completeEnvironment } from '../../runtime/environment.ts';
import { describeFailure } from '../../runtime/run-process.ts';
import { describeSettings, readSettings } from '../../runtime/settings.ts';
import { exitCodeOf, ignoreClosedOutput, listenForStop } from '../../runtime/stop-signals.ts';
import type { DB } from '../../store/database/schema.ts';
import { type FeedImportResult, importFeed } from '../../store/feeds/import/import-feed.ts';

const command = {
  name: 'npm run import',
  about:
    'Imports one feed from a file in one transaction, and reports how many rows were added, changed and removed. A ' +
    'terminal shows progress on standard error, so that the report can be piped. Needs the build.',
  args: {
    KIND: { about: 'the feed', oneOf: feedKinds },
    FILE: { about: 'path of its CSV file' },
  },
  settings: describeSettings('import'),
  exitCodes: {
    0: 'the file was imported',
    1: 'the file was refused or the import failed; nothing has changed',
    130: 'Ctrl-C interrupted it; nothing has changed',
  },
};

async function importFile(
  kind: FeedKind,
  path: string,
  stopping: AbortController,
): Promise<FeedImportResult> {
  const settings = readSettings(completeEnvironment(process.env), 'import');
  // fails here if the file is missing or not readable
  const file = await open(path);
  const { size } = await file.stat();
  await checkPostgresConnection(settings.databaseUrl, settings.connectTimeoutMs);
  // until here there is nothing to undo, so a signal may end the process at once
  void listenForStop().received.then((signal) => stopping.abort(signal));
  const limits = importLimits(settings.importTimeoutMs);
  const pool = createPool(settings.databaseUrl, { poolSize: 1, name: 'import', limits });
  const db = createDatabase<DB>(settings.databaseUrl, { poolSize: 1, name: 'import' });
  const bar = startBar(kind, size);
  try {
    return await importFeed({
      pool,
      db,
      kind,
      origin: 'command',
      source: file.createReadStream(),
      announcedBytes: size,
      maxRemovedShare: settings.maxRemovedShare,
      maxBadShare: settings.maxBadShare,
      receivedAt: new Date(),
      onProgress: bar.update,
      signal: stopping.signal,
    });
  } finally {
    bar.stop();
    await Promise.all([pool.end(), db.destroy()]);
  }
}

/** Shows progress on a terminal only. After the last byte, comparing and writing take about as long as reading did. */
function startBar(kind: FeedKind, size: number) {
  const bar = new SingleBar({
    format: `${kind} [{bar}] {percentage} % | {rows} rows | {duration_formatted} | {doing}`,
  });
  if (process.stderr.isTTY) bar.start(size, 0, { rows: 0, doing: 'waiting for another import' });
  return {
    update: ({ bytes, rows }: { bytes: number; rows: number }) =>
      bar.update(bytes, { rows, doing: bytes < size ? 'reading' : 'comparing and writing' }),
    stop: () => bar.stop(),
  };
}

function describe(report: FeedImportResult): string {
  const { added, changed, removed, unchanged, bad, badRows, additionalColumns } = report;
  const ignored = additionalColumns.map((name) => `  ignored the column ${name}`);
  const lines = badRows.map(({ line, reason }) => `  line ${line} ${reason}`);
  const more = bad > badRows.length ? [`  and ${bad - badRows.length} more`] : [];
  const figures = `${added} added, ${changed} changed, ${removed} removed, ${unchanged} unchanged, ${bad} bad`;
  return `${[figures, ...ignored, ...lines, ...more].join('\n')}\n`;
}

async function runImport(kind: FeedKind, path: string): Promise<number> {
  const stopping = new AbortController();
  try {
    process.stdout.write(describe(await importFile(kind, path, stopping)));
    return 0;
  } catch (error) {
    if (stopping.signal.aborted) {
      process.stderr.write('Interrupted, nothing has changed.\n');
      return exitCodeOf(stopping.signal.reason as NodeJS.Signals);
    }
    const refusal = refusalOf(error);
    process.stderr.write(
      refusal ? `Refused, nothing has changed: ${refusal.message}\n` : `${describeFailure(error)}\n`,
    );
    return 1;
  }
}

ignoreClosedOutput();
const [kind, path] = readCommandLine(command).args as [FeedKind, string];
process.exit(await runImport(kind, path));
