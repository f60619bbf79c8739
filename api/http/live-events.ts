import { Client } from 'pg';
import type { Logger } from 'pino';

/** Notifies watchers that a subject may have new events. The events themselves are read from the database. */
export interface LiveEvents {
  /** Calls `onChange` whenever the subject may have new events. @returns a function that ends the watch */
  watch(subject: { kind: 'onboarding' | 'referral'; id: string }, watcher: Watcher): () => void;
  /** Number of open watches. */
  watcherCount(): number;
  /** Ends every watch and the connection. */
  close(): Promise<void>;
}

export interface Watcher {
  /** The subject may have new events. */
  onChange: () => void;
  /** The process is stopping. */
  onStop: () => void;
}

export interface LiveOptions {
  databaseUrl: string;
  log: Logger;
  /** Milliseconds between checks without a notification (docs/architecture.md, rule 14). */
  tickMs: number;
  /** Milliseconds until a lost connection is opened again. */
  retryMs: number;
}

/**
 * Opens the one LISTEN connection of this process (docs/architecture.md, rule 14). A notification is only a hint: all
 * watchers are also called on every tick, and after a reconnect because notifications may have been lost.
 */
export function createLiveEvents({ databaseUrl, log, tickMs, retryMs }: LiveOptions): LiveEvents {
  const watchers = new Map<string, Set<Watcher>>();
  let client: Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;
  let lost = false;

  const notifyAll = () => {
    for (const group of watchers.values()) for (const watcher of group) watcher.onChange();
  };
  const reconnect = (lostClient: Client, error?: Error) => {
    if (client !== lostClient) return;
    client = undefined;
    lostClient.end().catch(() => undefined);
    if (closed) return;
    // log once per outage, not once per retry
    if (!lost) log.warn({ err: error }, 'Live events connection lost, reconnecting');
    lost = true;
    retry = setTimeout(listen, retryMs).unref();
  };
  const listen = () => {
    const newClient = new Client({
      connectionString: databaseUrl,
      application_name: 'help-on-demand live events',
    });
    client = newClient;
    newClient.on('error', (error) => reconnect(newClient, error));
    newClient.on('end', () => reconnect(newClient));
    newClient.on('notification', ({ payload }) => {
      for (const watcher of watchers.get(payload ?? '') ?? []) watcher.onChange();
    });
    newClient
      .connect()
      .then(() => newClient.query('listen events'))
      .then(() => {
        if (lost) log.info('Live events connection restored');
        lost = false;
        notifyAll();
      })
      .catch((error: Error) => reconnect(newClient, error));
  };
  listen();
  const tick = setInterval(notifyAll, tickMs).unref();

  return {
    watch({ kind, id }, watcher) {
      const key = `${kind} ${id}`;
      const group = watchers.get(key) ?? new Set();
      watchers.set(key, group.add(watcher));
      return () => {
        group.delete(watcher);
        if (group.size === 0 && watchers.get(key) === group) watchers.delete(key);
      };
    },
    watcherCount: () => [...watchers.values()].reduce((sum, group) => sum + group.size, 0),
    async close() {
      closed = true;
      clearInterval(tick);
      clearTimeout(retry);
      for (const group of watchers.values()) for (const watcher of group) watcher.onStop();
      watchers.clear();
      await client?.end().catch(() => undefined);
    },
  };
}
