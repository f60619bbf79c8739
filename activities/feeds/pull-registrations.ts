import { Readable } from 'node:stream';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { stringify } from 'csv-stringify/sync';
import { refusalOf } from '../../domain/failures.ts';
import { feedRefusals } from '../../domain/feeds/feed-imports.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Database, ImportPool } from '../../store/database/connection.ts';
import {
  beginPull,
  endPull,
  type OpenPull,
  readLastPull,
  readPullPages,
  recordPullCheck,
  savePullPage,
} from '../../store/feeds/feed-pulls.ts';
import { importFeed } from '../../store/feeds/import/import-feed.ts';
import { CatalogBusy, type DataCatalog } from './registries/data-catalog.ts';
import { RegistryOutage } from './registries/registry-outage.ts';

const pulledFeed = 'registration-completions';

export interface PullDeps {
  db: Database;
  policy: Pick<Policy, 'maxRemovedShare' | 'maxBadShare'>;
  /** The catalog to pull from, and the connections for the import; undefined if the settings name no catalog. */
  listSource?: ListSource | undefined;
}

interface ListSource {
  catalog: DataCatalog;
  pool: ImportPool;
  /** Rows requested at a time, at most the limit of the catalog. */
  pageSize: number;
  /** Milliseconds between heartbeats of an import; well below the heartbeat timeout that the workflow sets. */
  heartbeatEveryMs: number;
}

/** Result of a pull. `rows` counts the whole list. */
export type PullResult =
  | { endedAs: 'no-catalog' | 'unchanged' }
  | { endedAs: 'imported'; rows: number; added: number; changed: number; removed: number }
  | { endedAs: 'refused'; code: string };

export type PullActivities = ReturnType<typeof createPullActivities>;

/** Creates the activity that imports the public Registration Completion List. */
export function createPullActivities({ db, policy, listSource }: PullDeps) {
  return {
    /**
     * Checks whether the catalog has a new release of the list, pulls it page by page, and imports it as an uploaded
     * file is imported, with the same refusals. Pages are saved in Postgres, so that a worker that takes over continues
     * with the next one. A list that is replaced during the pull is pulled again from the start.
     * @throws a retryable `catalog-outage` while the catalog gives no answer; its delay is the one the catalog asks for
     */
    pullRegistrations: async ({ at }: { at: string }): Promise<PullResult> => {
      if (!listSource) return { endedAs: 'no-catalog' };
      try {
        return await pull(listSource, new Date(at));
      } catch (thrown) {
        if (!(thrown instanceof RegistryOutage)) throw thrown;
        const retryAfterMs = thrown instanceof CatalogBusy ? thrown.retryAfterMs : undefined;
        throw ApplicationFailure.create({
          type: 'catalog-outage',
          message: thrown.message,
          ...(retryAfterMs === undefined ? {} : { nextRetryDelay: retryAfterMs }),
        });
      }
    },
  };

  async function pull(source: ListSource, at: Date) {
    const { catalog, pageSize } = source;
    const { dataset } = catalog;
    for (;;) {
      const last = await readLastPull(db, dataset);
      const release = await catalog.currentRelease(last?.etag ?? null);
      if (!release || (release.distribution === last?.distribution && release.modified === last.modified)) {
        await recordPullCheck(db, { dataset, at });
        return { endedAs: 'unchanged' } as const;
      }
      const open = await db
        .transaction()
        .execute((tx) => beginPull(tx, { kind: pulledFeed, dataset, release, at }));
      await pullPages(catalog, open, pageSize);
      // without an etag the catalog always answers with the release
      const now = await catalog.currentRelease(null);
      if (now?.distribution === open.distribution && now.modified === open.modified && now.rows === open.rows)
        return importPages(source, open, at);
    }
  }

  async function pullPages(catalog: DataCatalog, open: OpenPull, limit: number): Promise<void> {
    const { heartbeat, cancellationSignal } = Context.current();
    for (let offset = open.pulledRows; offset < open.rows; ) {
      cancellationSignal.throwIfAborted();
      const { headers, rows } = await catalog.page({ offset, limit });
      // a list that ends early would remove agents who are on it: retry, and start over if it was replaced
      if (rows.length === 0) throw new RegistryOutage('empty-page');
      const csv = stringify(offset === 0 ? [headers, ...rows] : rows);
      await savePullPage(db, { pullId: open.id, firstRow: offset, rows: rows.length, csv });
      offset += rows.length;
      heartbeat({ rows: offset, of: open.rows });
    }
  }

  async function importPages(
    { catalog: { dataset }, pool, heartbeatEveryMs }: ListSource,
    open: OpenPull,
    at: Date,
  ): Promise<PullResult> {
    const { heartbeat, cancellationSignal: signal } = Context.current();
    // an import can make no progress for long, while it waits for another one or compares rows
    const heartbeats = setInterval(() => heartbeat({ rows: open.rows }), heartbeatEveryMs);
    try {
      const { releaseId, added, changed, removed } = await importFeed({
        pool,
        db,
        kind: pulledFeed,
        origin: 'pulled',
        sourceName: `${dataset}, changed ${open.modified}`,
        source: Readable.from(readPullPages(db, open), { objectMode: false }),
        maxRemovedShare: policy.maxRemovedShare,
        maxBadShare: policy.maxBadShare,
        receivedAt: at,
        onProgress: heartbeat,
        signal,
      });
      await saveEnd({ id: open.id, endedAs: 'imported', at, releaseId });
      return { endedAs: 'imported', rows: open.rows, added, changed, removed };
    } catch (error) {
      const code = feedRefusals.find((refusal) => refusal === refusalOf(error)?.type);
      if (!code) throw error;
      await saveEnd({ id: open.id, endedAs: 'refused', at, code });
      return { endedAs: 'refused', code };
    } finally {
      clearInterval(heartbeats);
    }
  }

  function saveEnd(end: Parameters<typeof endPull>[1]): Promise<void> {
    return db.transaction().execute((tx) => endPull(tx, end));
  }
}
