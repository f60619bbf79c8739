import { Client } from 'pg';
import type { Logger } from 'pino';

/** Hears that something happened to a subject; which and what is read from the database. */
export interface LiveEvents {
  /** Calls `look` whenever the subject may have news; the answer ends it. */
  watch(subject: { kind: 'onboarding' | 'referral'; id: string }, watcher: Watcher): () => void;
  /** How many watch now. */
  watcherCount(): number;
  /** Ends every watch and the connection. */
  close(): Promise<void>;
}

export interface Watcher {
  /** Something may have happened. */
  onChange: () => void;
  /** The process stops. */
  onStop: () => void;
}

export interface LiveOptions {
  databaseUrl: string;
  log: Logger;
  /** How often everybody looks although nothing was announced (rule 13). */
  tickMs: number;
  /** How soon a lost connection is made again. */
  retryMs: number;
}

/**
 * One LISTEN connection for a whole process (rule 13). A notification is only a hint: everybody also looks after a
 * reconnect, since hints may have been lost meanwhile, and on every tick.
 */
export function createLiveEvents({ databaseUrl, log, tickMs, retryMs }: LiveOptions): LiveEvents {
  const watchers = new Map<string, Set<Watcher>>();
  let client: Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;
  let lost = false;

  const lookAll = () => {
    for (const those of watchers.values()) for (const watcher of those) watcher.onChange();
  };
  const lose = (gone: Client, error?: Error) => {
    if (client !== gone) return;
    client = undefined;
    gone.end().catch(() => undefined);
    if (closed) return;
    // once an outage, not once a try
    if (!lost) log.warn({ err: error }, 'the connection for live events is lost');
    lost = true;
    retry = setTimeout(listen, retryMs).unref();
  };
  const listen = () => {
    const fresh = new Client({
      connectionString: databaseUrl,
      application_name: 'help-on-demand live events',
    });
    client = fresh;
    fresh.on('error', (error) => lose(fresh, error));
    fresh.on('end', () => lose(fresh));
    fresh.on('notification', ({ payload }) => {
      for (const watcher of watchers.get(payload ?? '') ?? []) watcher.onChange();
    });
    fresh
      .connect()
      .then(() => fresh.query('listen events'))
      .then(() => {
        if (lost) log.info('the connection for live events is back');
        lost = false;
        lookAll();
      })
      .catch((error: Error) => lose(fresh, error));
  };
  listen();
  const tick = setInterval(lookAll, tickMs).unref();

  return {
    watch({ kind, id }, watcher) {
      const key = `${kind} ${id}`;
      const those = watchers.get(key) ?? new Set();
      watchers.set(key, those.add(watcher));
      return () => {
        those.delete(watcher);
        if (those.size === 0 && watchers.get(key) === those) watchers.delete(key);
      };
    },
    watcherCount: () => [...watchers.values()].reduce((sum, those) => sum + those.size, 0),
    async close() {
      closed = true;
      clearInterval(tick);
      clearTimeout(retry);
      for (const those of watchers.values()) for (const watcher of those) watcher.onStop();
      watchers.clear();
      await client?.end().catch(() => undefined);
    },
  };
}
