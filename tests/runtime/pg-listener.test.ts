import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { startListener } from '../../runtime/pg-listener.ts';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from '../../standalone/services/embedded-postgres.ts';
import { freePort } from '../../standalone/services/ports.ts';
import { eventually } from '../harness/eventually.ts';
import { createTestDatabase, type TestDatabase } from '../harness/servers/postgres.ts';
import { openPostgresProxy } from '../harness/servers/postgres-proxy.ts';

const name = 'test of the listener';
let database: TestDatabase;
let other: Client;
beforeAll(async () => {
  database = await createTestDatabase();
  other = new Client({ connectionString: database.url });
  await other.connect();
});
afterAll(async () => {
  await other.end();
  await database.drop();
});

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** Starts a listener that records what it hears and logs: `news` has payloads of the channel `news`. */
function listen(databaseUrl: string, channels: readonly string[] = ['news', 'weather']) {
  const heard: Record<string, string[]> = Object.fromEntries(channels.map((channel) => [channel, []]));
  const log: string[] = [];
  const add = (_values: object, message: string) => void log.push(message);
  const readings = { count: 0 };
  const { stop } = startListener({
    databaseUrl,
    name,
    channels: Object.fromEntries(
      channels.map((channel) => [channel, (payload: string) => void heard[channel]?.push(payload)]),
    ),
    onListening: () => void (readings.count += 1),
    log: { info: add, warn: add },
  });
  stops.push(stop);
  return { heard, log, readings, stop };
}

const lost = 'LISTEN connection lost, reconnecting';
const restored = 'LISTEN connection restored';

/** Counts the open connections of the listener. */
async function connections(client = other): Promise<number> {
  const { rowCount } = await client.query(
    'select from pg_stat_activity where datname = current_database() and application_name = $1',
    [name],
  );
  return rowCount ?? 0;
}

const kill = () =>
  other.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = $1',
    [name],
  );

const elapsed = async (work: () => Promise<void>) => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

test('one connection brings the notifications of all channels, each to its own function', async () => {
  const { heard, log, readings } = listen(database.url);
  await eventually(() => expect(readings.count).toBe(1));
  await other.query("notify news, 'one'; notify weather; notify elsewhere, 'three'");
  await eventually(() => expect(heard).toEqual({ news: ['one'], weather: [''] }));
  expect([await connections(), log]).toEqual([1, []]);
});

test('a connection that Postgres ends is opened again: everything is read anew, and each outage is logged once', async () => {
  const { heard, log, readings } = listen(database.url);
  for (const time of [1, 2, 3]) {
    await eventually(() => expect(readings.count).toBe(time));
    await kill();
  }
  await eventually(() => expect(readings.count).toBe(4));
  await other.query("notify news, 'after'");
  await eventually(() => expect(heard['news']).toEqual(['after']));
  expect(log).toEqual([lost, restored, lost, restored, lost, restored]);
  expect(await connections()).toBe(1);
});

test('a connection on which Postgres refuses to listen is closed before the next try', async () => {
  const proxy = await openPostgresProxy(database.url);
  const { log, readings } = listen(proxy.url, ['']);
  await eventually(() => expect(proxy.accepted()).toBeGreaterThan(3));
  await eventually(async () => expect(await connections()).toBeLessThanOrEqual(1));
  expect([readings.count, log]).toEqual([0, [lost]]);
  await proxy.close();
});

test('a server that goes away and comes back is listened to again, and everything is read anew', async () => {
  const base = mkdtempSync(join(tmpdir(), 'listener-'));
  const options = { folder: join(base, 'cluster'), port: await freePort(), password: 'x', database: 'hod' };
  const { url } = await startEmbeddedPostgres(options);
  const { heard, log, readings, stop } = listen(url);
  try {
    await eventually(() => expect(readings.count).toBe(1));
    await stopEmbeddedPostgres(options.folder, 'immediate');
    await eventually(() => expect(log).toEqual([lost]));
    await startEmbeddedPostgres(options);
    await eventually(() => expect(log).toEqual([lost, restored]));
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query("notify news, 'back'");
    await eventually(() => expect(heard['news']).toEqual(['back']));
    expect([readings.count, await connections(client)]).toEqual([2, 1]);
    await client.end();
  } finally {
    await stop();
    await stopEmbeddedPostgres(options.folder, 'immediate');
    rmSync(base, { recursive: true });
  }
});

describe('a stop takes less than a second', () => {
  test('of a connection that works, which is closed', async () => {
    const { log, readings, stop } = listen(database.url);
    await eventually(() => expect(readings.count).toBe(1));
    expect(await elapsed(stop)).toBeLessThan(1_000);
    await eventually(async () => expect(await connections()).toBe(0));
    expect(log).toEqual([]);
  });

  test('of a connection on which nothing comes back any more', async () => {
    const proxy = await openPostgresProxy(database.url);
    const { readings, stop } = listen(proxy.url);
    await eventually(() => expect(readings.count).toBe(1));
    proxy.silence();
    expect(await elapsed(stop)).toBeLessThan(1_000);
    await proxy.close();
  });

  test('while a server has accepted the connection and says nothing', async () => {
    const proxy = await openPostgresProxy(database.url);
    proxy.silence();
    const { stop } = listen(proxy.url);
    await eventually(() => expect(proxy.accepted()).toBe(1));
    expect(await elapsed(stop)).toBeLessThan(1_000);
    await proxy.close();
  });

  test('while it waits for the next try', async () => {
    const proxy = await openPostgresProxy(database.url);
    const { stop } = listen(proxy.url, ['']);
    // two seconds pass between the fourth try and the fifth
    await eventually(() => expect(proxy.accepted()).toBe(4));
    expect(await elapsed(stop)).toBeLessThan(1_000);
    await proxy.close();
  });
});

test('TCP checks a connection that is silent, so that one whose other end has vanished is noticed', async () => {
  const { readings } = listen(database.url);
  await eventually(() => expect(readings.count).toBe(1));
  const { rows } = await other.query<{ port: number }>(
    'select client_port as port from pg_stat_activity where datname = current_database() and application_name = $1',
    [name],
  );
  // Linux lists its sockets with their timers: 02 is the one of keep-alive
  const isLinux = process.platform === 'linux';
  const port = `:${rows[0]?.port.toString(16).toUpperCase().padStart(4, '0')}`;
  const timers = () =>
    (isLinux ? readFileSync('/proc/net/tcp', 'utf8') : '')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local]) => local?.endsWith(port))
      .map(([, , , , , timer]) => timer?.slice(0, 2));
  await eventually(() => expect(timers()).toEqual(isLinux ? ['02'] : []));
});
