import { dataFolder, readEnvFile } from '../runtime/environment.ts';
import { exitCodeOf, ignoreClosedOutput, listenForStop } from '../runtime/stop-signals.ts';
import { createProgress } from './progress.ts';
import { loadSampleData } from './sample/sample-data.ts';
import { projectFolder } from './services/programs.ts';
import { type RunningParts, startParts } from './start-parts.ts';
import { describeRunning } from './summary.ts';
import { killEverything } from './take-over.ts';

const everythingEnded =
  'Everything has ended. The data is kept: npm start goes on with it, npm run reset clears it.';

/** `npm start`: everything on this machine, until Ctrl-C. */
async function main(): Promise<void> {
  const began = performance.now();
  const env = { ...readEnvFile(projectFolder), ...process.env };
  const dataDir = dataFolder(env, projectFolder);
  const write = (text: string) => process.stdout.write(text);
  const { signal: stopping } = listenForStop(() => {
    write('Ended at once. The next npm start takes up what was under way.\n');
    killEverything(dataDir);
    process.exit(exitCodeOf('SIGINT'));
  });
  const progress = createProgress(write, stopping);
  progress.say(`Help On Demand starts on this machine; its data and logs are in ${dataDir}`);
  let parts: RunningParts;
  try {
    parts = await startParts({ dataDir, env, progress, loadSampleData, signal: stopping });
  } catch (error) {
    if (stopping.aborted) return progress.say(everythingEnded);
    progress.say(`\n${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
    return;
  }
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  progress.say(describeRunning(parts, seconds));
  await untilAborted(stopping);
  progress.say('Letting what is under way finish, then ending everything …');
  await parts.stop();
  progress.say(everythingEnded);
}

/** A pending promise does not keep Node alive, so a timer does. */
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
