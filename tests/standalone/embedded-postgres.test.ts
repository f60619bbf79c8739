import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Client } from 'pg';
import {
  runningPort,
  startEmbeddedPostgres,
  stopEmbeddedPostgres,
} from '../../standalone/services/embedded-postgres.ts';
import { freePort } from '../../standalone/services/ports.ts';

let base = '';
let folder = '';

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'embedded postgres '));
  folder = join(base, 'cluster');
});

afterEach(async () => {
  await stopEmbeddedPostgres(folder, 'immediate');
  rmSync(base, { recursive: true });
});

const start = (port: number) =>
  startEmbeddedPostgres({ folder, port, password: 'a p@ssword', database: 'hod' });

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows as unknown[];
  } finally {
    await client.end();
  }
}

test('a second start takes over the running server, and a start after a stop finds the data', async () => {
  const port = await freePort();
  const first = await start(port);
  expect(first.adopted).toBe(false);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  await query(first.url, 'create table kept (id int)');

  const second = await start(port);
  expect(second).toMatchObject({ adopted: true, pid: first.pid, url: first.url });

  await stopEmbeddedPostgres(folder);
  expect(runningPort(folder)).toBeUndefined();
  const third = await start(port);
  expect(await query(third.url, 'select * from kept')).toEqual([]);
});

test('what was committed is there after kill -9', async () => {
  const port = await freePort();
  const first = await start(port);
  await query(first.url, 'create table kept (id int); insert into kept values (1)');
  process.kill(first.pid, 'SIGKILL');

  const second = await start(port);
  expect(second.pid).not.toBe(first.pid);
  expect(await query(second.url, 'select * from kept')).toEqual([{ id: 1 }]);
});

test('a server on another port is moved, and one without the password is let in nowhere', async () => {
  await start(await freePort());
  const port = await freePort();
  const moved = await start(port);
  expect(runningPort(folder)).toBe(port);
  const guessed = Object.assign(new URL(moved.url), { password: 'guess' }).href;
  await expect(query(guessed, 'select 1')).rejects.toThrow(/password authentication failed/);
});

test('a lock file whose process id is another program’s by now does not prevent a start', async () => {
  const port = await freePort();
  await start(port);
  const lock = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n');
  await stopEmbeddedPostgres(folder);
  writeFileSync(join(folder, 'postmaster.pid'), [process.pid, ...lock.slice(1)].join('\n'));
  expect((await start(port)).pid).not.toBe(process.pid);
});
