import { readCommandLine } from '../runtime/command-line.ts';
import { dataFolder, readEnvFile } from '../runtime/environment.ts';
import { exitCodeOf, ignoreClosedOutput, listenForStop } from '../runtime/stop-signals.ts';
import { startSettings } from './part-settings.ts';
import { createProgress } from './progress.ts';
import { loadSampleData } from './sample/sample-data.ts';
import { projectFolder } from './services/programs.ts';
import { type RunningParts, startParts } from './start-parts.ts';
import { describeRunning } from './summary.ts';
import { killEverything } from './take-over.ts';

const everythingStopped =
  'Everything has stopped. The data is kept: npm start continues with it, npm run reset deletes it.';

const command = {
  name: 'npm start',
  about:
    'Builds the service and runs all of it on this machine with sample data, until Ctrl-C. Data is kept for the next ' +
    'start. Parts that a setting names elsewhere are used instead of embedded ones.',
  settings: startSettings,
  exitCodes: {
    0: 'Ctrl-C has stopped everything',
    1: 'a part did not start; it is named, with the end of its log',
    130: 'a second Ctrl-C stopped everything at once',
  },
};

async function main(): Promise<void> {
  readCommandLine(command);
  const startedAt = performance.now();
  const env = { ...readEnvFile(projectFolder), ...process.env };
  const dataDir = dataFolder(env, projectFolder);
  const write = (text: string) => process.stdout.write(text);
  const { signal: stopping } = listenForStop(() => {
    write('Stopped at once. The next npm start continues the work in progress.\n');
    killEverything(dataDir);
    process.exit(exitCodeOf('SIGINT'));
  });
  const progress = createProgress(write, stopping);
  progress.say(`Starting Help On Demand on this machine. Data and logs: ${dataDir}`);
  let parts: RunningParts;
  try {
    parts = await startParts({ dataDir, env, progress, loadSampleData, signal: stopping });
  } catch (error) {
    if (stopping.aborted) return progress.say(everythingStopped);
    progress.say(`\n${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
    return;
  }
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  progress.say(describeRunning(parts, seconds));
  await untilAborted(stopping);
  progress.say('Finishing the work in progress, then stopping everything …');
  await parts.stop();
  progress.say(everythingStopped);
}

/** Waits for the signal. A timer keeps Node alive meanwhile, because a pending promise does not. */
function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  const day = 24 * 60 * 60 * 1_000;
  const timer = setInterval(() => undefined, day);
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      clearInterval(timer);
      resolve();
    });
  });
}

ignoreClosedOutput();
await main();
