import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { makePrivateFolder } from './private-files.ts';
import { endProcess, identifyProcess, type KnownProcess } from './processes.ts';

export interface TemporalServerOptions {
  executable: string;
  port: number;
  /** Port of the UI; without it the UI is off. */
  uiPort?: number;
  /** Database file; without it everything is in memory. */
  databaseFile?: string;
  logFile: string;
  /** Folder of the log file. */
  logFolder: string;
  /** Search attributes to create, such as `Stage=Keyword`, for a server that is not provisioned otherwise. */
  searchAttributes?: readonly string[];
}

export interface TemporalServer {
  address: string;
  process: KnownProcess;
}

const namespace = 'default';

/**
 * Starts Temporal's development server in its own session, so that it outlives this process; `endProcess` stops it. Its
 * database file survives a restart, even after `kill -9`.
 */
export async function startTemporalServer(options: TemporalServerOptions): Promise<TemporalServer> {
  const address = `127.0.0.1:${options.port}`;
  // another server on this address, even one that is too busy to answer, would be mistaken for the new one
  if (await isListening(address)) throw new Error(`Another Temporal server answers at ${address}`);
  makePrivateFolder(options.logFolder);
  const log = openSync(options.logFile, 'a', 0o600);
  const child = spawn(options.executable, argumentsOf(options), {
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  const failure = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`The Temporal server ended with ${code}: see ${options.logFile}`)),
    );
  });
  const process = child.pid === undefined ? undefined : identifyProcess(child.pid);
  try {
    await Promise.race([untilServing(address), failure]);
    if (process === undefined) throw new Error('The Temporal server could not be started');
    return { address, process };
  } catch (error) {
    if (process !== undefined) await endProcess(process, 5_000);
    throw error;
  } finally {
    failure.catch(() => undefined);
  }
}

async function untilServing(address: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await isServing(address))) {
    if (Date.now() > deadline) throw new Error(`The Temporal server at ${address} does not answer`);
    await sleep(100);
  }
}

/** Checks if a Temporal server answers at an address and has the namespace. */
export async function isServing(address: string): Promise<boolean> {
  // the client retries for seconds when nothing listens, so the port is checked first
  if (!(await isListening(address))) return false;
  let connection: Connection | undefined;
  try {
    connection = await Connection.connect({ address, connectTimeout: '2s' });
    await connection.workflowService.describeNamespace({ namespace });
    return true;
  } catch {
    return false;
  } finally {
    await connection?.close();
  }
}

function isListening(address: string): Promise<boolean> {
  const { hostname: host, port } = new URL(`tcp://${address}`);
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) });
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}

function argumentsOf(options: TemporalServerOptions): string[] {
  const ui = options.uiPort === undefined ? ['--headless'] : ['--ui-port', String(options.uiPort)];
  const file = options.databaseFile === undefined ? [] : ['--db-filename', options.databaseFile];
  const attributes = (options.searchAttributes ?? []).flatMap((value) => ['--search-attribute', value]);
  // as in ops/temporal/dynamic-config.yaml
  const config = ['--dynamic-config-value', 'matching.enableFairness=true'];
  const basics = ['--ip', '127.0.0.1', '--port', String(options.port), '--namespace', namespace];
  return ['server', 'start-dev', ...basics, '--log-level', 'warn', ...ui, ...file, ...attributes, ...config];
}
