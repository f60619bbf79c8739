import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientBase, Pool } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { FeedKind } from '../../domain/evidence.ts';
import { refuse } from '../../domain/failures.ts';
import { copyLine } from './copy-text.ts';
import { type FeedDefinition, feedDefinitions } from './definitions.ts';
import * as statements from './merge-sql.ts';
import type { FileTally } from './metered.ts';
import { readRows } from './read-rows.ts';

/** One import: a full snapshot of a feed. */
export interface FeedImport {
  pool: Pool;
  kind: FeedKind;
  /** The CSV's bytes. Left open, and to be drained by its owner, when the file is refused before its end. */
  source: Readable;
  /** How many bytes the sender said would come; fewer refuse the file. */
  announcedBytes?: number;
  /** The largest share of the rows there are that the file may remove, 0 to 1. */
  maxRemovedShare: number;
  receivedAt: Date;
  /** Called about every 64 kB. */
  onProgress?: (progress: { bytes: number; rows: number }) => void;
}

/** What an import did. A bad row is in none of the four figures. */
export interface FeedReport {
  releaseId: string;
  added: number;
  changed: number;
  removed: number;
  unchanged: number;
  /** How many rows are bad; `badRows` lists the first 1,000 of them. */
  bad: number;
  /** `line` counts from 1 with the header; `reason` names columns and repeats no field. */
  badRows: { line: number; reason: string }[];
}

const badRowsListed = 1000;
const duplicate = 'has the same key as an earlier row';

/**
 * Takes a snapshot in, all or nothing: the file is copied into a staging table, merged in one statement, and the
 * onboardings concerned are started or woken through the outbox of the same transaction. Imports of one kind wait
 * for each other in the order they came. The same file twice changes nothing and wakes nobody.
 *
 * @throws the refusals `feed-header-differs`, `feed-truncated`, `feed-removes-too-much` and `feed-holds-ssn`; then
 * nothing has changed.
 */
export async function importFeed(feed: FeedImport): Promise<FeedReport> {
  const client = await feed.pool.connect();
  try {
    await client.query('begin');
    const report = await importWithin(client, feed);
    await client.query('commit');
    client.release();
    return report;
  } catch (error) {
    await client.query('rollback').then(
      () => client.release(),
      (broken: Error) => client.release(broken),
    );
    throw error;
  }
}

async function importWithin(client: ClientBase, feed: FeedImport): Promise<FeedReport> {
  const { kind, receivedAt } = feed;
  const definition = feedDefinitions[kind];
  await client.query('select pg_advisory_xact_lock(hashtext($1))', [`feed ${kind}`]);
  const tally = await stage(client, definition, feed);
  await client.query(statements.markDuplicates(definition), [duplicate]);

  const before = await countRows(client, definition.table);
  const releaseId = randomUUID();
  await client.query(statements.merge(definition), [releaseId, receivedAt]);
  const figures = await readFigures(client);
  checkRemoved(figures.removed, before, feed.maxRemovedShare);

  await client.query(statements.wakeOnboardings);
  if (definition.opensOnboardings) await client.query(statements.openOnboardings, [receivedAt]);
  await keepRelease(client, { releaseId, kind, receivedAt, tally, figures });
  return { releaseId, ...figures, badRows: await readBadRows(client) };
}

async function stage(client: ClientBase, definition: FeedDefinition, feed: FeedImport): Promise<FileTally> {
  const tally: FileTally = { bytes: 0, rows: 0, sha256: '' };
  async function* lines() {
    for await (const rows of readRows(definition, { announcedBytes: undefined, ...feed }, tally)) {
      yield rows.map(({ values, line, reason }) => copyLine([...values, line, reason])).join('');
      feed.onProgress?.({ bytes: tally.bytes, rows: tally.rows });
    }
  }
  await client.query(statements.createStaged(definition));
  await pipeline(lines, client.query(copyFrom(statements.copyStaged(definition))));
  await client.query('create index on staged (npn) where reason is not null; analyze staged');
  return tally;
}

type Figures = Omit<FeedReport, 'releaseId' | 'badRows'>;

async function readFigures(client: ClientBase): Promise<Figures> {
  const { rows } = await client.query<Omit<Figures, 'unchanged'> & { good: number }>(statements.counts);
  const [{ added, changed, removed, good, bad }] = rows as [(typeof rows)[number]];
  return { added, changed, removed, unchanged: good - added - changed, bad };
}

async function countRows(client: ClientBase, table: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(`select count(*)::integer as count from ${table}`);
  return rows[0]?.count ?? 0;
}

function checkRemoved(removed: number, before: number, maxRemovedShare: number): void {
  if (removed <= before * maxRemovedShare) return;
  const allowed = `${Math.round(maxRemovedShare * 1000) / 10} %`;
  const message = `The file would remove ${removed} of ${before} rows, more than the ${allowed} that one release may.`;
  refuse('feed-removes-too-much', message, { removed, before, maxRemovedShare });
}

async function readBadRows(client: ClientBase): Promise<FeedReport['badRows']> {
  const text = 'select line, reason from staged where reason is not null order by line limit $1';
  const { rows } = await client.query<{ line: number; reason: string }>(text, [badRowsListed]);
  return rows;
}

interface Release {
  releaseId: string;
  kind: FeedKind;
  receivedAt: Date;
  tally: FileTally;
  figures: Figures;
}

async function keepRelease(client: ClientBase, { releaseId, kind, receivedAt, tally, figures }: Release) {
  const { added, changed, removed, unchanged, bad } = figures;
  await client.query(
    `insert into feed_releases (id, kind, sha256, bytes, added, changed, removed, unchanged, bad, received_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [releaseId, kind, tally.sha256, tally.bytes, added, changed, removed, unchanged, bad, receivedAt],
  );
}
