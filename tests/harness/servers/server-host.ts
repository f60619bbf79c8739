import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { Client } from 'pg';
import {
  startEmbeddedPostgres,
  stopEmbeddedPostgres,
} from '../../../standalone/services/embedded-postgres.ts';
import { freePort } from '../../../standalone/services/ports.ts';
import { endProcess, type KnownProcess } from '../../../standalone/services/processes.ts';
import { projectFolder, runBuild } from '../../../standalone/services/programs.ts';
import { findTemporalExecutable } from '../../../standalone/services/temporal-executable.ts';
import { startTemporalServer } from '../../../standalone/services/temporal-server.ts';
import { asUser, databaseUsers } from './database-users.ts';
import { memoryFolder } from './memory-folder.ts';
import { buildPortal } from './portal-build.ts';
import type { SharedServers } from './shared-servers.ts';
import { findTimeSkippingServer } from './time-skipping-server.ts';

/**
 * The process that hosts the servers of one Jest run. Each is started when a test file first asks for it. When the
 * standard input closes, also because Jest was killed, it ends them and removes their folder.
 * Argument: a folder for its files, among them its socket `server-host.sock`.
 */
const folder = process.argv[2] ?? '';
mkdirSync(folder, { recursive: true, mode: 0o700 });
const postgresParent = mkdtempSync(join(memoryFolder() ?? folder, 'test-postgres-'));
const postgresFolder = join(postgresParent, 'data');
const announce = (sentence: string) => process.stderr.write(`${sentence}\n`);
let temporalProcess: KnownProcess | undefined;

const start: { [Name in keyof SharedServers]: () => Promise<SharedServers[Name]> } = {
  async postgres() {
    // no data has to survive a crash, so nothing waits for the disk
    const options = [
      'fsync=off',
      'synchronous_commit=off',
      'full_page_writes=off',
      'max_connections=300',
      'max_wal_size=128MB',
      // in its own folder, so that an immediate stop leaves nothing behind
      'dynamic_shared_memory_type=mmap',
    ];
    const { url } = await startEmbeddedPostgres({
      folder: postgresFolder,
      port: await freePort(),
      password: 'tests',
      database: 'admin',
      options,
    });
    const { createUsers } = await import('../../../store/database/users.ts');
    await createUsers(url, databaseUsers);
    return { url };
  },
  async template() {
    const { url } = await startServerOnce('postgres');
    const { migrations, application, retention, analytics } = databaseUsers;
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(`create database template owner ${migrations.name}`);
    await client.end();
    const templateUrl = asUser(Object.assign(new URL(url), { pathname: '/template' }).href, migrations);
    const { migrate } = await import('../../../store/database/migrate.ts');
    const { grantRights } = await import('../../../store/database/rights.ts');
    await migrate(templateUrl);
    const [applicationName, retentionName] = [application.name, retention.name];
    const users = { application: applicationName, retention: retentionName, analytics: analytics.name };
    await grantRights(templateUrl, users);
    return { name: 'template' };
  },
  async temporal() {
    const server = await startTemporalServer({
      executable: await findTemporalExecutable(process.env, announce),
      port: await freePort(),
      logFile: join(folder, 'temporal.log'),
      logFolder: folder,
    });
    temporalProcess = server.process;
    return { address: server.address };
  },
  async timeSkippingServer() {
    return { path: await findTimeSkippingServer(process.env, announce) };
  },
  async workflowBundle() {
    const { bundleWorkflows } = await import('../../../scripts/workflow-bundle.ts');
    const codePath = join(folder, 'workflow-bundle.js');
    writeFileSync(codePath, await bundleWorkflows());
    return { codePath };
  },
  async build() {
    await runBuild(announce);
    return { folder: join(projectFolder, 'dist') };
  },
  async portal() {
    const built = join(folder, 'portal');
    await buildPortal(built);
    return { folder: built };
  },
};

const started = new Map<keyof SharedServers, Promise<SharedServers[keyof SharedServers]>>();

function startServerOnce<Name extends keyof SharedServers>(name: Name): Promise<SharedServers[Name]> {
  const running = (started.get(name) as Promise<SharedServers[Name]> | undefined) ?? start[name]();
  started.set(name, running);
  return running;
}

function isServerName(name: string): name is keyof SharedServers {
  return Object.hasOwn(start, name);
}

const server = createServer((request, response) => {
  const name = (request.url ?? '').slice(1);
  const answer = isServerName(name)
    ? startServerOnce(name)
    : Promise.reject(new Error(`There is no server called ${name}`));
  answer.then(
    (value) => response.end(JSON.stringify({ value })),
    (error: unknown) =>
      response.end(JSON.stringify({ error: error instanceof Error ? error.stack : String(error) })),
  );
});

async function endAll(): Promise<void> {
  server.close();
  await Promise.allSettled(started.values());
  await stopEmbeddedPostgres(postgresFolder, 'immediate');
  if (temporalProcess !== undefined) await endProcess(temporalProcess, 3_000);
  for (const path of [postgresParent, folder]) rmSync(path, { recursive: true, force: true });
}

server.listen(join(folder, 'server-host.sock'));
process.stdin.resume().once('close', () => {
  void endAll().then(() => process.exit(0));
});
