import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serverHostVariable } from './shared-servers.ts';

/** State from Jest's global setup to its global teardown, which share no module. */
interface RunState {
  serverHost?: ChildProcess;
}

const state: { helpOnDemandTests?: RunState } = globalThis as object;

/**
 * Starts the server host of this Jest run, which starts servers only when asked. It has its own process group, so that
 * Ctrl-C does not end it before it has ended its servers; it ends when its standard input closes.
 */
export function startServerHost(): void {
  const folder = mkdtempSync(join(tmpdir(), 'help-on-demand-tests-'));
  const program = fileURLToPath(new URL('server-host.ts', import.meta.url));
  const { NODE_OPTIONS: _, ...env } = process.env;
  const serverHost = spawn(process.execPath, ['--import', 'tsx', program, folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
    env,
  });
  serverHost.unref();
  process.env[serverHostVariable] = join(folder, 'server-host.sock');
  state.helpOnDemandTests = { serverHost };
}

/** Ends the server host and with it every server of this run. */
export async function endServerHost(): Promise<void> {
  const { serverHost } = state.helpOnDemandTests ?? {};
  if (serverHost === undefined || serverHost.exitCode !== null) return;
  const ended = new Promise((resolve) => serverHost.once('exit', resolve));
  serverHost.ref();
  serverHost.stdin?.end();
  await ended;
}
