import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { freePort } from '../../standalone/services/ports.ts';
import { endProcess, isRunning } from '../../standalone/services/processes.ts';
import { findTemporalExecutable } from '../../standalone/services/temporal-executable.ts';
import {
  isServing,
  startTemporalServer,
  type TemporalServer,
} from '../../standalone/services/temporal-server.ts';

let folder = '';
let server: TemporalServer | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'temporal-server-'));
});

afterEach(async () => {
  if (server !== undefined) await endProcess(server.process, 5_000);
  rmSync(folder, { recursive: true });
});

async function start(port: number): Promise<TemporalServer> {
  server = await startTemporalServer({
    executable: await findTemporalExecutable(process.env, () => undefined),
    port,
    databaseFile: join(folder, 'temporal.sqlite'),
    logFile: join(folder, 'temporal.log'),
    logFolder: folder,
  });
  return server;
}

async function withClient<T>(address: string, work: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await work(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

test('a workflow is still there when the server was killed and started again', async () => {
  const port = await freePort();
  const first = await start(port);
  await withClient(first.address, (client) =>
    client.workflow.start('anyWorkflow', { workflowId: 'kept', taskQueue: 'nobody' }),
  );
  process.kill(first.process.pid, 'SIGKILL');
  await endProcess(first.process, 5_000);
  expect(await isServing(first.address)).toBe(false);

  const second = await start(port);
  const status = await withClient(second.address, async (client) => {
    const { status: found } = await client.workflow.getHandle('kept').describe();
    return found.name;
  });
  expect(status).toBe('RUNNING');
});

test('a server is not started where another one answers', async () => {
  const first = await start(await freePort());
  const port = Number(first.address.split(':')[1]);
  await expect(
    startTemporalServer({
      executable: await findTemporalExecutable(process.env, () => undefined),
      port,
      databaseFile: join(folder, 'other.sqlite'),
      logFile: join(folder, 'other.log'),
      logFolder: folder,
    }),
  ).rejects.toThrow(`Another Temporal server answers at ${first.address}`);
  expect(isRunning(first.process)).toBe(true);
});
