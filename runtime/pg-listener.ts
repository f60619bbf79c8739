import { Socket } from 'node:net';
import { addAbortSignal } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, escapeIdentifier } from 'pg';
import { retryDelayMs } from './retry-delay.ts';

/** What to listen for, and whom to call. */
export interface ListenerOptions {
  databaseUrl: string;
  /** The name that `pg_stat_activity` shows. */
  name: string;
  /** By channel: called with the payload of each notification. */
  channels: Readonly<Record<string, (payload: string) => void>>;
  /** Called whenever listening begins, also again after a lost connection: notifications before it are lost. */
  onListening: () => void;
  log: {
    info: (values: object, message: string) => void;
    warn: (values: object, message: string) => void;
  };
}

export interface Listener {
  /** Closes the connection, also while Postgres does not answer. */
  stop: () => Promise<void>;
}

/** Milliseconds that Postgres has for an answer when listening begins. */
const answerMs = 10_000;
/**
 * Milliseconds without traffic after which TCP checks the connection. Node then asks ten times, a second apart:
 * https://nodejs.org/docs/latest-v20.x/api/net.html#socketsetkeepaliveenable-initialdelay
 */
const keepAliveMs = 30_000;

/**
 * Opens the one connection of a process that listens to Postgres (docs/architecture.md, rule 14), and opens it again
 * whenever it is lost, until it is stopped. A notification is only a hint, so read everything when listening begins, and
 * from time to time.
 */
export function startListener(options: ListenerOptions): Listener {
  const stopping = new AbortController();
  const running = keepListening(options, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function keepListening(options: ListenerOptions, stopping: AbortSignal): Promise<void> {
  const { log } = options;
  const channels = Object.keys(options.channels);
  let failures = 0;
  const onListening = () => {
    if (failures > 0) log.info({ channels }, 'LISTEN connection restored');
    failures = 0;
    options.onListening();
  };
  while (!stopping.aborted) {
    const reason = await listenUntilLost({ ...options, onListening }, stopping);
    if (stopping.aborted) return;
    failures += 1;
    // log once per outage, not once per retry
    if (failures === 1) log.warn({ err: reason, channels }, 'LISTEN connection lost, reconnecting');
    await sleep(retryDelayMs(failures), undefined, { signal: stopping }).catch(() => undefined);
  }
}

/** Listens on a new connection until it is lost or stopped, and closes it. @returns why it was lost */
async function listenUntilLost(
  { databaseUrl, name, channels, onListening }: ListenerOptions,
  stopping: AbortSignal,
): Promise<unknown> {
  // the socket is ours, because the client itself waits for Postgres's answer when it closes
  const socket = addAbortSignal(stopping, new Socket());
  const client = new Client({
    connectionString: databaseUrl,
    application_name: name,
    stream: () => socket,
    connectionTimeoutMillis: answerMs,
    query_timeout: answerMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMs,
  });
  const lost = new Promise<unknown>((resolve) => {
    client.on('error', resolve);
    client.on('end', () => resolve(undefined));
  });
  client.on('notification', ({ channel, payload = '' }) => channels[channel]?.(payload));
  try {
    await client.connect();
    await client.query(
      Object.keys(channels)
        .map((channel) => `listen ${escapeIdentifier(channel)}`)
        .join(';'),
    );
    onListening();
    return await lost;
  } catch (error) {
    return error;
  } finally {
    socket.destroy();
  }
}
