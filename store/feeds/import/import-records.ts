import { sql } from 'kysely';
import type { ClientBase } from 'pg';
import { refusalOf } from '../../../domain/failures.ts';
import type { FeedOrigin } from '../../../domain/feeds/feed-imports.ts';
import type { FeedKind } from '../../../domain/onboarding/evidence.ts';
import type { Database } from '../../database/connection.ts';

/** Interval of the updates that show an import is alive. */
const updateEveryMs = 2_000;

/** Progress of an import. */
interface ImportProgress {
  bytes: number;
  rows: number;
  /** Names of the file's columns that the feed does not have; set once the header is read. */
  additionalColumns: readonly string[];
}

/** The row of an import that ops see. It is written outside the import's own transaction, which others cannot read. */
export interface ImportRecord {
  /** Sets the progress that the next update writes. */
  update(progress: ImportProgress): void;
  /** Runs in the import's own transaction, right before its commit, so that the two cannot disagree. */
  endAsImported(client: ClientBase, releaseId: string): Promise<void>;
  /** Records a refusal or an unexpected error. Never throws, so that the caller rethrows the original error. */
  endAsFailed(error: unknown): Promise<void>;
}

/** Begins the record of an import. If an update fails, the next one makes up for it. */
export async function beginImportRecord(
  db: Database,
  about: {
    id: string;
    kind: FeedKind;
    origin: FeedOrigin;
    sourceName: string | undefined;
    announcedBytes: number | undefined;
    startedAt: Date;
  },
): Promise<ImportRecord> {
  const { id, sourceName = null, announcedBytes = null, ...rest } = about;
  await db
    .insertInto('feedImports')
    .values({ id, ...rest, sourceName, announcedBytes, aliveAt: sql`now()` })
    .execute();
  let latest = { bytes: 0, rows: 0, additionalColumns: [] as string[] };
  let writing: Promise<unknown> | undefined;

  const write = async () => {
    const values = { ...latest, aliveAt: sql<Date>`now()` };
    await db.updateTable('feedImports').set(values).where('id', '=', id).execute();
  };
  const timer = setInterval(() => {
    writing ??= write().then(done, done);
  }, updateEveryMs);
  const done = () => {
    writing = undefined;
  };
  const stopUpdates = async () => {
    clearInterval(timer);
    await writing;
  };

  return {
    update(progress) {
      latest = { ...progress, additionalColumns: [...progress.additionalColumns] };
    },
    async endAsImported(client, releaseId) {
      await stopUpdates();
      await client.query(
        `update feed_imports set bytes = $2, rows = $3, additional_columns = $4, alive_at = now(), ended_at = now(),
                ended_as = 'imported', release_id = $5 where id = $1`,
        [id, latest.bytes, latest.rows, latest.additionalColumns, releaseId],
      );
    },
    async endAsFailed(error) {
      await stopUpdates();
      const refusal = refusalOf(error);
      const end = refusal
        ? { endedAs: 'refused', refusal: refusal.type, refusalDetail: refusal.message }
        : { endedAs: 'interrupted' };
      const at = { aliveAt: sql<Date>`clock_timestamp()`, endedAt: sql<Date>`clock_timestamp()` };
      await db
        .updateTable('feedImports')
        .set({ ...latest, ...end, ...at })
        .where('id', '=', id)
        .execute()
        .catch(() => undefined);
    },
  };
}
