import { Readable } from 'node:stream';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { stringify } from 'csv-stringify/sync';
import type { Pool } from 'pg';
import { refusalOf } from '../../domain/failures.ts';
import { feedRefusals } from '../../domain/feeds/feed-imports.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Database } from '../../store/database/connection.ts';
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
  /** Where the list is pulled from, and the connections that an import takes; undefined where the settings name none. */
  listSource?: ListSource | undefined;
}

interface ListSource {
  catalog: DataCatalog;
  pool: Pool;
  /** How many rows are asked for at a time: as many as the catalog gives. */
  pageSize: number;
  /** How often an import shows that it lives, in milliseconds; well below the story's heartbeat timeout. */
  heartbeatEveryMs: number;
}

/** What a look at the catalog came to. `rows`: of the whole list. */
export type PullResult =
  | { endedAs: 'no-catalog' | 'unchanged' }
  | { endedAs: 'imported'; rows: number; added: number; changed: number; removed: number }
  | { endedAs: 'refused'; code: string };

export type PullActivities = ReturnType<typeof createPullActivities>;

/** The deed that brings the public Registration Completion List in. */
export function createPullActivities({ db, policy, listSource }: PullDeps) {
  return {
    /**
     * Looks whether the catalog has another release of the list than the last one, pulls it page by page, and takes it
     * in as a file is taken in, with the same refusals. Pages rest in Postgres: whoever takes over after a death goes
     * on with the next. A list that is replaced while it is pulled is pulled anew.
     * @throws retryable failures while the catalog cannot be reached, after as long as it asks for
     */
    pullList: async ({ at }: { at: string }): Promise<PullResult> => {
      if (!listSource) return { endedAs: 'no-catalog' };
      try {
        return await pull(listSource, new Date(at));
      } catch (thrown) {
        if (!(thrown instanceof RegistryOutage)) throw thrown;
        const patience = thrown instanceof CatalogBusy ? thrown.retryAfterMs : undefined;
        throw ApplicationFailure.create({
          type: 'catalog-outage',
          message: thrown.message,
          ...(patience === undefined ? {} : { nextRetryDelay: patience }),
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
      // the first release of all has no name to ask for, so the answer is whole
      const now = await catalog.currentRelease(null);
      if (now?.distribution === open.distribution && now.modified === open.modified && now.rows === open.rows)
        return takeIn(source, open, at);
    }
  }

  async function pullPages(catalog: DataCatalog, open: OpenPull, limit: number): Promise<void> {
    const { heartbeat, cancellationSignal } = Context.current();
    for (let offset = open.pulledRows; offset < open.rows; ) {
      cancellationSignal.throwIfAborted();
      const { headers, rows } = await catalog.page({ offset, limit });
      // a list that ends early would take agents away who are on it: it is asked again, and begun anew if it was replaced
      if (rows.length === 0) throw new RegistryOutage('empty-page');
      const csv = stringify(offset === 0 ? [headers, ...rows] : rows);
      await savePullPage(db, { pullId: open.id, firstRow: offset, rows: rows.length, csv });
      offset += rows.length;
      heartbeat({ rows: offset, of: open.rows });
    }
  }

  async function takeIn(
    { catalog: { dataset }, pool, heartbeatEveryMs }: ListSource,
    open: OpenPull,
    at: Date,
  ): Promise<PullResult> {
    const { heartbeat, cancellationSignal: signal } = Context.current();
    // it may wait for another import of the list, or compare for long: no byte moves meanwhile, and it lives
    const alive = setInterval(() => heartbeat({ rows: open.rows }), heartbeatEveryMs);
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
      await end({ id: open.id, endedAs: 'imported', at, releaseId });
      return { endedAs: 'imported', rows: open.rows, added, changed, removed };
    } catch (error) {
      const code = feedRefusals.find((refusal) => refusal === refusalOf(error)?.type);
      if (!code) throw error;
      await end({ id: open.id, endedAs: 'refused', at, code });
      return { endedAs: 'refused', code };
    } finally {
      clearInterval(alive);
    }
  }

  function end(how: Parameters<typeof endPull>[1]): Promise<void> {
    return db.transaction().execute((tx) => endPull(tx, how));
  }
}
