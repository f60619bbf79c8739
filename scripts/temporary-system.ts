import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { exitCodeOf, ignoreClosedOutput, listenForStop, unlessAborted } from '../runtime/stop-signals.ts';
import { chooseFreePorts } from '../standalone/part-settings.ts';
import { createProgress } from '../standalone/progress.ts';
import { loadSampleData } from '../standalone/sample/sample-data.ts';
import { type RunningParts, startParts } from '../standalone/start-parts.ts';
import { killEverything } from '../standalone/take-over.ts';
import { openBrowser } from './browser.ts';

/** What a script does its work with. */
export interface TemporarySystem {
  say: (line: string) => void;
  /** Starts the whole system with sample people, in a folder of its own. */
  start: () => Promise<RunningParts>;
  /** Opens a browser, and closes it after its use. */
  inBrowser: (use: (browser: Browser) => Promise<void>) => Promise<void>;
}

/**
 * Does the work of a script on a system that is gone afterwards, whatever happens: nothing is left of it. Sets the exit code: 1 after
 * an error, that of the signal after Ctrl-C.
 * @param name of the script
 */
export async function withTemporarySystem(
  name: string,
  work: (system: TemporarySystem) => Promise<void>,
): Promise<void> {
  ignoreClosedOutput();
  const dataDir = mkdtempSync(join(tmpdir(), `help-on-demand-${name}-`));
  const remove = () => rmSync(dataDir, { recursive: true, force: true, maxRetries: 20 });
  const { signal } = listenForStop(() => {
    killEverything(dataDir);
    remove();
    process.exit(exitCodeOf('SIGINT'));
  });
  const progress = createProgress((text) => process.stdout.write(text), signal);
  let parts: RunningParts | undefined;
  const start = async () => {
    const env = { ...process.env, ...(await chooseFreePorts(process.env)), DATA_DIR: dataDir };
    parts = await startParts({ dataDir, env, progress, loadSampleData, signal });
    return parts;
  };
  const inBrowser: TemporarySystem['inBrowser'] = async (use) => {
    const browser = await openBrowser();
    try {
      await unlessAborted(signal, use(browser));
    } finally {
      await browser.close();
    }
  };
  try {
    await work({ say: progress.say, start, inBrowser });
  } catch (error) {
    process.exitCode = signal.aborted ? exitCodeOf(signal.reason as NodeJS.Signals) : 1;
    if (!signal.aborted) progress.say(`\n${error instanceof Error ? error.message : String(error)}`);
  } finally {
    if (signal.aborted) killEverything(dataDir);
    await parts?.stop();
    remove();
  }
}
