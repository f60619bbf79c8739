import { sql } from 'kysely';
import type { FeedImportState, FeedOrigin, FeedRefusal } from '../../../domain/feeds/feed-imports.ts';
import type { FeedKind } from '../../../domain/onboarding/evidence.ts';
import type { Tx } from '../../database/connection.ts';
import type { FeedFigures } from './merge.ts';

/** An import that has not been updated for so long counts as dead; it is updated every 2 seconds. */
const deadAfterMs = 30_000;

/** An import as ops see it. */
export interface ImportBoardRow {
  id: string;
  kind: FeedKind;
  origin: FeedOrigin;
  sourceName: string | null;
  startedAt: Date;
  bytes: number;
  announcedBytes: number | null;
  rows: number;
  /** Names of the file's columns that the feed does not have. */
  additionalColumns: string[];
  state: FeedImportState;
  /** When it ended; if its process died, the time of its last update. */
  endedAt: Date | null;
  /** Set if it was imported. */
  figures: FeedFigures | null;
  /** Set if it was refused; the detail is the sentence that the sender got. */
  refusal: { type: FeedRefusal; detail: string } | null;
}

/** An imported release. */
export interface ReleaseBoardRow extends FeedFigures {
  id: string;
  kind: FeedKind;
  receivedAt: Date;
  /** Hash of the file's bytes. */
  sha256: string;
}

const figureColumns = ['added', 'changed', 'removed', 'unchanged', 'bad'] as const;

/** Reads the latest imports, newest first. */
export async function readFeedImports(tx: Tx, limit: number): Promise<ImportBoardRow[]> {
  const isDead = sql<boolean>`ended_at is null and alive_at < now() - ${deadAfterMs} * interval '1 millisecond'`;
  const rows = await tx
    .selectFrom('feedImports')
    .leftJoin('feedReleases', 'feedReleases.id', 'feedImports.releaseId')
    .selectAll('feedImports')
    .select(figureColumns)
    .select(isDead.as('isDead'))
    .orderBy('startedAt', 'desc')
    .orderBy('feedImports.id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ kind, origin, isDead: dead, aliveAt, endedAt, endedAs, ...row }) => ({
    id: row.id,
    kind: kind as FeedKind,
    origin: origin as FeedOrigin,
    sourceName: row.sourceName,
    startedAt: row.startedAt,
    bytes: row.bytes,
    announcedBytes: row.announcedBytes,
    rows: row.rows,
    additionalColumns: row.additionalColumns,
    state: dead ? 'interrupted' : ((endedAs ?? 'under-way') as FeedImportState),
    endedAt: dead ? aliveAt : endedAt,
    figures: row.added === null ? null : figuresOf(row as FeedFigures),
    refusal: row.refusal ? { type: row.refusal as FeedRefusal, detail: row.refusalDetail ?? '' } : null,
  }));
}

/** Reads the newest release of each feed that has one, newest first. */
export async function readNewestReleases(tx: Tx): Promise<ReleaseBoardRow[]> {
  const rows = await tx
    .selectFrom('feedReleases')
    .distinctOn('kind')
    .select(['id', 'kind', 'receivedAt', 'sha256', ...figureColumns])
    .orderBy('kind')
    .orderBy('receivedAt', 'desc')
    .execute();
  return rows
    .map((row) => ({ ...row, kind: row.kind as FeedKind }))
    .toSorted((one, other) => other.receivedAt.getTime() - one.receivedAt.getTime());
}

function figuresOf({ added, changed, removed, unchanged, bad }: FeedFigures): FeedFigures {
  return { added, changed, removed, unchanged, bad };
}
