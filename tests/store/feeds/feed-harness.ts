import { Readable } from 'node:stream';
import { expect } from '@jest/globals';
import { Pool, type QueryResultRow } from 'pg';
import { type Refusal, refusalOf } from '../../../domain/failures.ts';
import type { FeedKind } from '../../../domain/onboarding/evidence.ts';
import { createDatabase } from '../../../runtime/database.ts';
import type { Database } from '../../../store/database/connection.ts';
import type { DB } from '../../../store/database/schema.ts';
import {
  type FeedImport,
  type FeedImportResult,
  importFeed,
} from '../../../store/feeds/import/import-feed.ts';
import { eventually } from '../../harness/eventually.ts';
import { createTestDatabase } from '../../harness/servers/postgres.ts';
import { csv } from './files.ts';

export type PutOptions = Partial<Omit<FeedImport, 'pool' | 'db' | 'kind'>>;

/** A database of the test's own, with the few actions that tests of feeds need. */
export interface FeedHarness {
  pool: Pool;
  db: Database;
  /** With the owner of the tables. */
  ownerUrl: string;
  /** Imports a file of these rows under the usual header; any share of rows may be removed or bad. */
  put(kind: FeedKind, rows: string[], options?: PutOptions): Promise<FeedImportResult>;
  /** Imports exactly this text, lets 10% of the rows be removed and 50% be bad, and returns the refusal. */
  refusalOfText(kind: FeedKind, text: string, options?: PutOptions): Promise<Refusal>;
  /** Takes the messages out of the outbox, each as `type npn planYear`. */
  drainOutbox(): Promise<string[]>;
  /** Runs a query. */
  query<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Waits until a statement waits for another transaction's lock. */
  untilLockWait(): Promise<void>;
  close(): Promise<void>;
}

export async function openFeedHarness(): Promise<FeedHarness> {
  const database = await createTestDatabase();
  const pool = new Pool({ connectionString: database.url });
  // a connection that is still closing may hear that its database is dropped
  pool.on('error', () => {});
  const db = createDatabase<DB>(database.url);
  const ask: FeedHarness['query'] = async (text, values) => (await pool.query(text, values)).rows;

  const put: FeedHarness['put'] = (kind, rows, options) =>
    importFeed({
      pool,
      db,
      kind,
      origin: 'upload',
      source: sourceOf(csv(kind, ...rows)),
      maxRemovedShare: 1,
      maxBadShare: 1,
      receivedAt: new Date('2026-11-23T15:00:00Z'),
      ...options,
    });

  return {
    pool,
    db,
    ownerUrl: database.ownerUrl,
    query: ask,
    put,
    async refusalOfText(kind, text, options) {
      const outcome = await put(kind, [], {
        source: sourceOf(text),
        maxRemovedShare: 0.1,
        maxBadShare: 0.5,
        ...options,
      }).catch((error: unknown) => refusalOf(error) ?? Promise.reject(error));
      if ('releaseId' in outcome) throw new Error(`The file was taken: ${JSON.stringify(outcome)}`);
      return outcome;
    },
    async drainOutbox() {
      const rows = await ask<{ message: string }>(
        `with taken as (delete from outbox returning *)
         select concat_ws(' ', type, payload->>'npn', payload->>'planYear', case when payload ? 'again' then 'again' end)
                  as message
           from taken order by id`,
      );
      return rows.map(({ message }) => message);
    },
    untilLockWait: () =>
      eventually(async () => {
        const waiting = `select 1 from pg_stat_activity
                          where wait_event_type = 'Lock' and datname = current_database()`;
        expect(await ask(waiting)).not.toEqual([]);
      }),
    async close() {
      await Promise.all([pool.end(), db.destroy()]);
      await database.drop();
    },
  };
}

/** Streams bytes as a network would: in pieces that cut lines and characters anywhere. */
export function sourceOf(text: string): Readable {
  const bytes = Buffer.from(text);
  const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, n) =>
    bytes.subarray(n * 7, n * 7 + 7),
  );
  return Readable.from(pieces);
}
