import { setTimeout as sleep } from 'node:timers/promises';
import { readChanges } from '../../../store/changes.ts';
import type { Database } from '../../../store/database/connection.ts';
import type { LiveEvents } from './live-events.ts';

export interface ChangeFeedOptions {
  /** A pool of its own, so that pages are kept up to date while all other connections are in use. */
  db: Database;
  events: Pick<LiveEvents, 'notify' | 'notifyAll' | 'notifyOutage'>;
  /** Milliseconds between two reads. */
  everyMs: number;
  log: {
    info: (values: object, message: string) => void;
    warn: (values: object, message: string) => void;
  };
}

/** Milliseconds until the next read after one that failed. */
const retryMs = 1_000;

/**
 * Reads the changes that were committed, for all streams of this process in one query at a time, and passes them on. When
 * they cannot be read it says so and tries again; once it succeeds, all streams are told that they may have missed some
 * (docs/architecture.md, rule 14).
 */
export function startChangeFeed(options: ChangeFeedOptions): { stop: () => Promise<void> } {
  const stopping = new AbortController();
  const running = keepReading(options, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function keepReading(
  { db, events, everyMs, log }: ChangeFeedOptions,
  signal: AbortSignal,
): Promise<void> {
  let cursor: string | undefined;
  let isFailing = false;
  while (!signal.aborted) {
    try {
      const batch = await readChanges(db, cursor);
      if (isFailing) log.info({}, 'Live changes readable again');
      isFailing = false;
      if (cursor === undefined) events.notifyAll();
      else events.notify(batch);
      cursor = batch.cursor;
    } catch (error) {
      // another server may answer next, on which the cursor means nothing
      cursor = undefined;
      // once per outage, not once per retry
      if (!isFailing) {
        log.warn({ err: error }, 'Live changes not readable, will retry');
        events.notifyOutage();
      }
      isFailing = true;
    }
    await sleep(isFailing ? retryMs : everyMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
