import { randomUUID } from 'node:crypto';
import type { FeedRefusal } from '../../domain/feeds/feed-imports.ts';
import type { FeedKind } from '../../domain/onboarding/evidence.ts';
import type { Tx } from '../database/connection.ts';

/** A release of a dataset, as its catalog names it. */
export interface CatalogRelease {
  /** Id of the distribution; each file has its own. */
  distribution: string;
  /** The catalog's modification date, in the catalog's own format. */
  modified: string;
  etag: string | null;
  rows: number;
}

/** A pull that is under way, with the number of rows pulled so far. */
export interface OpenPull {
  id: string;
  distribution: string;
  modified: string;
  rows: number;
  pulledRows: number;
}

/** Reads the release of a dataset that was last imported or refused. */
export async function readLastPull(
  tx: Tx,
  dataset: string,
): Promise<Pick<CatalogRelease, 'distribution' | 'modified' | 'etag'> | undefined> {
  return tx
    .selectFrom('feedPulls')
    .select(['distribution', 'modified', 'etag'])
    .where('dataset', '=', dataset)
    .where('endedAs', 'in', ['imported', 'refused'])
    .orderBy('endedAt', 'desc')
    .executeTakeFirst();
}

/** Records a check that found nothing newer than the last pull. */
export async function recordPullCheck(tx: Tx, { dataset, at }: { dataset: string; at: Date }): Promise<void> {
  await tx
    .updateTable('feedPulls')
    .set({ checkedAt: at })
    .where('id', '=', (last) =>
      last
        .selectFrom('feedPulls as p')
        .select('p.id')
        .where('p.dataset', '=', dataset)
        .where('p.endedAs', 'in', ['imported', 'refused'])
        .orderBy('p.endedAt', 'desc')
        .limit(1),
    )
    .execute();
}

/** The last pull of a dataset of a catalog. */
export interface PulledDataset {
  dataset: string;
  kind: FeedKind;
  /** The catalog's modification date of that release. */
  modified: string;
  endedAs: 'imported' | 'refused';
  /** Last time a check found that this is still the newest release. */
  lookedAt: Date;
}

/** Reads the release of each dataset that was last imported or refused. */
export async function readLastPullOfEach(tx: Tx): Promise<PulledDataset[]> {
  const rows = await tx
    .selectFrom('feedPulls')
    .distinctOn('dataset')
    .select(['dataset', 'kind', 'modified', 'endedAs'])
    .select(({ fn }) => fn.coalesce('checkedAt', 'endedAt').as('lookedAt'))
    .where('endedAs', 'in', ['imported', 'refused'])
    .orderBy('dataset')
    .orderBy('endedAt', 'desc')
    .execute();
  return rows as PulledDataset[];
}

/** Continues the open pull of this release, or begins a new one that replaces the open pull of another release. */
export async function beginPull(
  tx: Tx,
  { kind, dataset, release, at }: { kind: FeedKind; dataset: string; release: CatalogRelease; at: Date },
): Promise<OpenPull> {
  const open = await findOpenPull(tx, dataset);
  const { distribution, modified, etag, rows } = release;
  if (open?.distribution === distribution && open.modified === modified && open.rows === rows) return open;
  if (open) await endPull(tx, { id: open.id, endedAs: 'replaced', at });
  const id = randomUUID();
  await tx
    .insertInto('feedPulls')
    .values({ id, kind, dataset, distribution, modified, etag, rows, startedAt: at })
    .execute();
  return { id, distribution, modified, rows, pulledRows: 0 };
}

/** Saves a page; a page that is already saved stays as it is. */
export async function savePullPage(
  tx: Tx,
  page: { pullId: string; firstRow: number; rows: number; csv: string },
): Promise<void> {
  await tx
    .insertInto('feedPullPages')
    .values(page)
    .onConflict((row) => row.doNothing())
    .execute();
}

/**
 * Yields the pages of a pull in their order, reading one at a time.
 * @throws Error when some are missing because the pull was ended meanwhile: an incomplete list must not be imported
 */
export async function* readPullPages(
  tx: Tx,
  { id, rows }: Pick<OpenPull, 'id' | 'rows'>,
): AsyncGenerator<string> {
  let read = 0;
  for (let after = -1; ; ) {
    const page = await tx
      .selectFrom('feedPullPages')
      .select(['firstRow', 'rows', 'csv'])
      .where('pullId', '=', id)
      .where('firstRow', '>', after)
      .orderBy('firstRow')
      .executeTakeFirst();
    if (!page) break;
    yield page.csv;
    after = page.firstRow;
    read += page.rows;
  }
  if (read < rows) throw new Error('The pull was ended meanwhile.');
}

/** Ends a pull and deletes its pages; a pull that has already ended keeps its end. */
export async function endPull(
  tx: Tx,
  {
    id,
    endedAs,
    at,
    code = null,
    releaseId = null,
  }: {
    id: string;
    endedAs: 'imported' | 'refused' | 'replaced';
    at: Date;
    code?: FeedRefusal | null;
    releaseId?: string | null;
  },
): Promise<void> {
  await tx
    .updateTable('feedPulls')
    .set({ endedAs, endedAt: at, code, releaseId })
    .where('id', '=', id)
    .where('endedAt', 'is', null)
    .execute();
  await tx.deleteFrom('feedPullPages').where('pullId', '=', id).execute();
}

async function findOpenPull(tx: Tx, dataset: string): Promise<OpenPull | undefined> {
  const row = await tx
    .selectFrom('feedPulls')
    .select(['id', 'distribution', 'modified', 'rows'])
    .select((pull) =>
      pull
        .selectFrom('feedPullPages')
        .whereRef('pullId', '=', 'feedPulls.id')
        .select(({ fn }) => fn.sum<number>('feedPullPages.rows').as('rows'))
        .as('pulledRows'),
    )
    .where('dataset', '=', dataset)
    .where('endedAt', 'is', null)
    .executeTakeFirst();
  return row && { ...row, pulledRows: row.pulledRows ?? 0 };
}
