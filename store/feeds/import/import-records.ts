import { sql } from 'kysely';
import type { ClientBase } from 'pg';
import { refusalOf } from '../../../domain/failures.ts';
import type { FeedOrigin } from '../../../domain/feeds/feed-imports.ts';
import type { FeedKind } from '../../../domain/onboarding/evidence.ts';
import type { Database } from '../../database/connection.ts';

/** How often an import is told of, whatever it is at. */
const updateEveryMs = 2_000;

/** How far an import is. */
interface ImportProgress {
  bytes: number;
  rows: number;
  /** The names of the file's columns that the feed does not have, known once its header is read. */
  additionalColumns: readonly string[];
}

/** What ops see of one import: written beside its own transaction, which nobody else can look into. */
export interface ImportRecord {
  /** Notes how far it is, for the next time that it is told. */
  update(progress: ImportProgress): void;
  /** Within the import's own transaction, right before its commit, so that the two cannot disagree. */
  endAsImported(client: ClientBase, releaseId: string): Promise<void>;
  /** A refusal, or anything unexpected. Never throws: the failure itself is what has to be heard of. */
  endAsFailed(error: unknown): Promise<void>;
}

/** Begins the record of an import. A write that fails on the way is made up for by the next. */
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
  let telling: Promise<unknown> | undefined;

  const tell = async () => {
    const values = { ...latest, aliveAt: sql<Date>`now()` };
    await db.updateTable('feedImports').set(values).where('id', '=', id).execute();
  };
  const timer = setInterval(() => {
    telling ??= tell().then(done, done);
  }, updateEveryMs);
  const done = () => {
    telling = undefined;
  };
  const stopTelling = async () => {
    clearInterval(timer);
    await telling;
  };

  return {
    update(progress) {
      latest = { ...progress, additionalColumns: [...progress.additionalColumns] };
    },
    async endAsImported(client, releaseId) {
      await stopTelling();
      await client.query(
        `update feed_imports set bytes = $2, rows = $3, additional_columns = $4, alive_at = now(), ended_at = now(),
                ended_as = 'imported', release_id = $5 where id = $1`,
        [id, latest.bytes, latest.rows, latest.additionalColumns, releaseId],
      );
    },
    async endAsFailed(error) {
      await stopTelling();
      const refusal = refusalOf(error);
      const end = refusal
        ? { endedAs: 'refused', refusal: refusal.type, refusalDetail: refusal.message }
        : { endedAs: 'interrupted' };
      const at = { aliveAt: sql<Date>`clock_timestamp()`, endedAt: sql<Date>`clock_timestamp()` };
      const write = db.updateTable('feedImports').set({ ...latest, ...end, ...at });
      await write
        .where('id', '=', id)
        .execute()
        .catch(() => undefined);
    },
  };
}
