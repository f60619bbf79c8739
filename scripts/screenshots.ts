import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommandLine } from '../runtime/command-line.ts';
import { exitCodeOf, ignoreClosedOutput, listenForStop, unlessAborted } from '../runtime/stop-signals.ts';
import { chooseFreePorts, portSettings } from '../standalone/part-settings.ts';
import { createProgress } from '../standalone/progress.ts';
import { loadSampleData } from '../standalone/sample/sample-data.ts';
import { projectFolder } from '../standalone/services/programs.ts';
import { type RunningParts, startParts } from '../standalone/start-parts.ts';
import { killEverything } from '../standalone/take-over.ts';
import { openBrowser } from './browser.ts';
import { takePictures } from './screenshot-scenes.ts';

const command = {
  name: 'npm run screenshots',
  about: 'Takes the pictures of docs/screenshots again, on a temporary system with sample people.',
  settings: portSettings,
  exitCodes: {
    0: 'the pictures are taken',
    1: 'a page does not show what its picture needs',
    130: 'Ctrl-C ended it; nothing of the system is left',
  },
};

async function main(): Promise<void> {
  readCommandLine(command);
  const dataDir = mkdtempSync(join(tmpdir(), 'help-on-demand-screenshots-'));
  const remove = () => rmSync(dataDir, { recursive: true, force: true, maxRetries: 20 });
  const { signal } = listenForStop(() => {
    killEverything(dataDir);
    remove();
    process.exit(exitCodeOf('SIGINT'));
  });
  const folder = join(projectFolder, 'docs', 'screenshots');
  mkdirSync(folder, { recursive: true });
  const progress = createProgress((text) => process.stdout.write(text), signal);
  let parts: RunningParts | undefined;
  try {
    const env = { ...process.env, ...(await chooseFreePorts(process.env)), DATA_DIR: dataDir };
    parts = await startParts({ dataDir, env, progress, loadSampleData, signal });
    await unlessAborted(signal, photograph(parts, folder, progress.say));
  } catch (error) {
    process.exitCode = signal.aborted ? exitCodeOf(signal.reason as NodeJS.Signals) : 1;
    if (!signal.aborted) progress.say(`\n${error instanceof Error ? error.message : String(error)}`);
  } finally {
    if (signal.aborted) killEverything(dataDir);
    await parts?.stop();
    remove();
  }
}

async function photograph(parts: RunningParts, folder: string, say: (line: string) => void): Promise<void> {
  const browser = await openBrowser();
  try {
    const { logins, publicUrl } = parts.run();
    const { mailboxUrl = '', temporalUiUrl = '' } = parts;
    await takePictures({ browser, folder, logins, portalUrl: publicUrl, mailboxUrl, temporalUiUrl, say });
  } finally {
    await browser.close();
  }
}

ignoreClosedOutput();
await main();
