import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import type { ClientBase, Pool, PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { FeedOrigin } from '../../../domain/feeds/feed-imports.ts';
import type { FeedKind } from '../../../domain/onboarding/evidence.ts';
import type { Database } from '../../database/connection.ts';
import { type BadRow, saveBadRows } from './bad-rows.ts';
import { type FeedDefinition, feedDefinitions } from './definitions.ts';
import type { FileTally } from './file-meter.ts';
import { beginImportRecord, type ImportRecord } from './import-records.ts';
import { applyDifferences, compareWithTable, type FeedFigures } from './merge.ts';
import * as statements from './merge-sql.ts';
import { parseRows } from './parse-rows.ts';

/** An import of a full snapshot of a feed. */
export interface FeedImport {
  /** Provides the one connection that the import uses from beginning to end. */
  pool: Pool;
  /** Writes the progress that ops see, outside the import's own transaction. */
  db: Database;
  kind: FeedKind;
  origin: FeedOrigin;
  /** For a pulled feed, the name of its source, not the address. */
  sourceName?: string;
  /** The CSV's bytes. If the file is refused before its end, the source stays open and its owner drains it. */
  source: Readable;
  /** Number of bytes that the sender announced; a shorter file is refused. */
  announcedBytes?: number;
  /** Largest share of the table's rows that the file may remove, 0 to 1. */
  maxRemovedShare: number;
  /** Largest share of bad rows, 0 to 1: among the file's rows, and among the table's rows that they may stand for. */
  maxBadShare: number;
  receivedAt: Date;
  /** Called about every 64 kB. */
  onProgress?: (progress: { bytes: number; rows: number }) => void;
  /** Aborts the import at any point; nothing has changed then. */
  signal?: AbortSignal;
}

/** Result of an import. Bad rows are in none of the four other figures. */
export interface FeedImportResult extends FeedFigures {
  releaseId: string;
  /** Names of the file's columns that the feed does not have; they were ignored. */
  additionalColumns: readonly string[];
  /** The first 1,000 bad rows; all of them are stored while the release is the newest of its feed. */
  badRows: BadRow[];
}

const maxListedBadRows = 1000;

/**
 * Imports a snapshot, all or nothing. The file is copied into a staging table and compared with the feed's table in one
 * pass. Differences are written, and the affected onboardings are started or woken through the outbox, in the same
 * transaction. Imports of one kind run one after another. The same file again changes nothing and wakes no onboarding.
 * Ops see the progress and the end of each import (`readFeedImports`).
 *
 * @throws the refusals `feed-header-differs`, `feed-truncated`, `feed-mostly-bad`, `feed-removes-too-much` and
 * `feed-holds-ssn`, or the reason of the signal; then nothing has changed.
 */
export async function importFeed(feed: FeedImport): Promise<FeedImportResult> {
  const { kind, origin, sourceName, announcedBytes, receivedAt: startedAt } = feed;
  const about = { id: randomUUID(), kind, origin, sourceName, announcedBytes, startedAt };
  const record = await beginImportRecord(feed.db, about);
  try {
    return await inTransaction(feed, (client) => importSnapshot(client, feed, record));
  } catch (error) {
    await record.endAsFailed(error);
    throw error;
  }
}

async function inTransaction<Result>(
  { pool, signal }: Pick<FeedImport, 'pool' | 'signal'>,
  work: (client: ClientBase) => Promise<Result>,
): Promise<Result> {
  const client = await connect(pool, signal);
  let isReleased = false;
  const release = (broken?: Error) => {
    if (!isReleased) client.release(broken);
    isReleased = true;
  };
  // closing the connection fails the running statement, and Postgres rolls back
  const abort = () => release(new Error('import aborted'));
  signal?.addEventListener('abort', abort);
  try {
    signal?.throwIfAborted();
    await client.query('begin');
    const result = await work(client);
    // once a commit is under way, an abort could no longer tell whether it took effect
    signal?.removeEventListener('abort', abort);
    await client.query('commit');
    release();
    return result;
  } catch (error) {
    await client.query('rollback').then(() => release(), release);
    throw signal?.aborted ? signal.reason : error;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

/** Takes a connection from the pool. After an abort during the wait, the connection goes back to the pool. */
async function connect(pool: Pool, signal: AbortSignal | undefined): Promise<PoolClient> {
  const connecting = pool.connect();
  if (!signal) return connecting;
  const gaveUp = new Promise<never>((_, reject) => {
    const giveUp = () => reject(signal.reason);
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
  });
  try {
    return await Promise.race([connecting, gaveUp]);
  } catch (error) {
    void connecting.then(
      (client) => client.release(),
      () => undefined,
    );
    throw error;
  }
}

async function importSnapshot(
  client: ClientBase,
  feed: FeedImport,
  record: ImportRecord,
): Promise<FeedImportResult> {
  const { kind, receivedAt, maxRemovedShare, maxBadShare } = feed;
  const definition = feedDefinitions[kind];
  await client.query('select pg_advisory_xact_lock(hashtext($1))', [`feed ${kind}`]);
  const tally = await stageFile(client, definition, feed, record);
  const figures = await compareWithTable(client, definition, { ...tally, maxRemovedShare, maxBadShare });
  const id = randomUUID();
  await saveRelease(client, { id, kind, receivedAt, tally, figures });
  await applyDifferences(client, definition, figures, { id, receivedAt });
  await saveBadRows(client, { id, kind });
  const badRows = figures.bad > 0 ? await readFirstBadRows(client) : [];
  await record.endAsImported(client, id);
  return { releaseId: id, ...figures, badRows, additionalColumns: tally.additionalColumns };
}

async function stageFile(
  client: ClientBase,
  definition: FeedDefinition,
  feed: FeedImport,
  record: ImportRecord,
): Promise<FileTally> {
  const tally: FileTally = { bytes: 0, rows: 0, bad: 0, additionalColumns: [], sha256: '' };
  async function* copyLines() {
    for await (const text of parseRows(definition, { announcedBytes: undefined, ...feed }, tally)) {
      yield text;
      const { bytes, rows, additionalColumns } = tally;
      record.update({ bytes, rows, additionalColumns });
      feed.onProgress?.({ bytes, rows });
    }
  }
  await client.query(statements.createStagingTable(definition));
  const copy = client.query(copyFrom(statements.copyIntoStaging(definition)));
  // a pipeline of Node 24 waits for its source, which may be silent, even when its target has failed
  await Promise.all([finished(copy), pipeline(copyLines, copy)]);
  return tally;
}

async function readFirstBadRows(client: ClientBase): Promise<FeedImportResult['badRows']> {
  const text = 'select line, reason from staged where reason is not null order by line limit $1';
  const { rows } = await client.query<BadRow>(text, [maxListedBadRows]);
  return rows;
}

interface Release {
  id: string;
  kind: FeedKind;
  receivedAt: Date;
  tally: FileTally;
  figures: FeedFigures;
}

async function saveRelease(client: ClientBase, { id, kind, receivedAt, tally, figures }: Release) {
  const { added, changed, removed, unchanged, bad } = figures;
  await client.query(
    `insert into feed_releases (id, kind, sha256, bytes, added, changed, removed, unchanged, bad, received_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [id, kind, tally.sha256, tally.bytes, added, changed, removed, unchanged, bad, receivedAt],
  );
}
