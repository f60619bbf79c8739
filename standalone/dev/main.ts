import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readCommandLine } from '../../runtime/command-line.ts';
import { dataFolder, readEnvFile } from '../../runtime/environment.ts';
import {
  exitCodeOf,
  ignoreClosedOutput,
  listenForStop,
  type StopRequest,
} from '../../runtime/stop-signals.ts';
import { bundlePath, readBuildId } from '../../worker/deployment/version.ts';
import { readPorts, startSettings } from '../part-settings.ts';
import { createProgress, type Progress } from '../progress.ts';
import { loadSampleData } from '../sample/sample-data.ts';
import { logFolder } from '../services/log-files.ts';
import { assertPortsAreFree, freePort } from '../services/ports.ts';
import { type Programs, projectFolder, runScript } from '../services/programs.ts';
import { type RunningParts, startParts } from '../start-parts.ts';
import { describeRunning } from '../summary.ts';
import { killEverything } from '../take-over.ts';
import { type DevPortal, startDevPortal } from './portal.ts';
import { createRestarts, watchedFolders } from './restarts.ts';

const command = {
  name: 'npm run dev',
  about:
    'Runs the same system as npm start, but from the sources, until Ctrl-C. The browser shows a changed page at once, and ' +
    'the worker and the API are restarted when their files change.',
  settings: startSettings,
  exitCodes: {
    0: 'Ctrl-C has stopped everything',
    1: 'a part did not start; it is named, with the end of its log',
    130: 'a second Ctrl-C stopped everything at once',
  },
};

interface Dev {
  dataDir: string;
  /** Variables from the file `.env` and from the shell. */
  env: NodeJS.ProcessEnv;
  progress: Progress;
  stop: StopRequest;
}

async function main(): Promise<void> {
  readCommandLine(command);
  const env = { ...readEnvFile(projectFolder), ...process.env };
  const dataDir = dataFolder(env, projectFolder);
  const write = (text: string) => process.stdout.write(text);
  const stop = listenForStop(() => {
    write('Stopped at once. The next npm run dev continues the work in progress.\n');
    killEverything(dataDir);
    process.exit(exitCodeOf('SIGINT'));
  });
  const progress = createProgress(write, stop.signal);
  progress.say(`Starting Help On Demand from its sources. Data and logs: ${dataDir}`);
  try {
    await runUntilStopped({ dataDir, env, progress, stop });
  } catch (error) {
    if (!stop.signal.aborted) {
      progress.say(`\n${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
      return;
    }
  }
  progress.say('Everything has stopped. The data is kept.');
}

/** Serves the portal on `PORT`, and the API behind it on a free port, until a stop is requested. */
async function runUntilStopped(dev: Dev): Promise<void> {
  const { PORT: port } = readPorts(dev.env);
  const apiPort = await freePort();
  let portal: DevPortal | undefined;
  const programs = sourcePrograms(async () => {
    await assertPortsAreFree({ PORT: port });
    portal = await startDevPortal({ port, apiUrl: `http://127.0.0.1:${apiPort}` });
  });
  const publicUrl = dev.env['PUBLIC_URL'] || `http://localhost:${port}`;
  try {
    const began = performance.now();
    const parts = await startParts({
      ...dev,
      env: { ...dev.env, PORT: String(apiPort), PUBLIC_URL: publicUrl },
      loadSampleData,
      programs,
      signal: dev.stop.signal,
    });
    dev.progress.say(describeRunning(parts, ((performance.now() - began) / 1_000).toFixed(1)));
    await followChanges(dev, parts, portal);
  } finally {
    await portal?.close();
  }
}

/** Returns the programs as sources. Before they start, the portal is served and the workflows are bundled. */
function sourcePrograms(openPortal: () => Promise<void>): Programs {
  return {
    async prepare(step, signal) {
      await step('Portal', openPortal);
      await step('Workflow bundle', () => bundle(signal));
    },
    fileOf: (name) => join(projectFolder, `${name}.ts`),
  };
}

/** Restarts programs when their files change, until a stop is requested; then stops everything. */
async function followChanges({ dataDir, progress, stop }: Dev, parts: RunningParts, portal?: DevPortal) {
  const { say } = progress;
  const { signal } = stop;
  const restarts = createRestarts({ programs: parts, bundle: () => bundle(signal), say, signal });
  portal?.watch(watchedFolders, restarts.changed);
  say(`  Worker and API restart when their files change. Logs: ${logFolder(dataDir)}\n`);
  await stop.received;
  say('Finishing the work in progress, then stopping everything …');
  await restarts.finish();
  await parts.stop();
}

/** Bundles the workflows. @returns whether the bundle has changed */
async function bundle(signal: AbortSignal): Promise<boolean> {
  const before = existsSync(bundlePath) ? readBuildId() : undefined;
  await runScript('bundle-workflows.ts', 'The workflows cannot be bundled', signal);
  return readBuildId() !== before;
}

ignoreClosedOutput();
await main();
