import pg from 'pg';
import { type RelayDeps, relayPage } from './relay.ts';

/** A loop that drains the outbox till it is stopped. */
export interface RelayLoop {
  stop: () => Promise<void>;
}

/**
 * Drains the outbox whenever a commit says that there is something (NOTIFY), and on a slow tick for what had to be
 * put off or was not heard of. Survives Postgres and Temporal being away.
 * @param tickMs how long it waits at the most between two looks
 */
export function startRelay(
  deps: RelayDeps,
  { databaseUrl, tickMs }: { databaseUrl: string; tickMs: number },
): RelayLoop {
  let stopped = false;
  let wake: () => void = () => undefined;
  let isWoken = false;
  const ring = () => {
    isWoken = true;
    wake();
  };
  const nap = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, isWoken || stopped ? 0 : ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  let listener: pg.Client | undefined;
  const listen = async () => {
    if (listener) return;
    const client = new pg.Client({ connectionString: databaseUrl, application_name: 'help-on-demand relay' });
    client.on('notification', ring);
    client.on('error', () => (listener = undefined));
    client.on('end', () => (listener = undefined));
    await client.connect();
    await client.query('listen outbox');
    listener = client;
  };

  const loop = async () => {
    while (!stopped) {
      isWoken = false;
      try {
        await listen();
        while (!stopped && (await relayPage(deps)).isFull);
      } catch (error) {
        const reason = error instanceof Error ? error.name : 'unknown';
        deps.log.warn({ reason }, 'The outbox cannot be read; it is tried again.');
      }
      await nap(tickMs);
    }
  };
  const running = loop();

  return {
    async stop() {
      stopped = true;
      ring();
      await running;
      await listener?.end();
    },
  };
}
