import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { readCommandLine } from '../runtime/command-line.ts';
import { exitCodeOf, ignoreClosedOutput, listenForStop, unlessAborted } from '../runtime/stop-signals.ts';
import { chooseFreePorts, portSettings } from '../standalone/part-settings.ts';
import { createProgress } from '../standalone/progress.ts';
import { loadSampleData } from '../standalone/sample/sample-data.ts';
import { projectFolder } from '../standalone/services/programs.ts';
import { type RunningParts, startParts } from '../standalone/start-parts.ts';
import { killEverything } from '../standalone/take-over.ts';
import { openBrowser } from './browser.ts';
import { pictureMessages } from './message-pictures.ts';
import { takePictures } from './screenshot-scenes.ts';

const command = {
  name: 'npm run screenshots',
  about:
    'Takes the pictures of docs/screenshots again, on a temporary system with sample people, and one of every mail and text ' +
    'in each language, in the folder messages there, which the repository does not keep.',
  options: {
    messages: { type: 'boolean', about: 'only the mails and texts, which need no system' },
  },
  settings: portSettings,
  exitCodes: {
    0: 'the pictures are taken',
    1: 'a page does not show what its picture needs',
    130: 'Ctrl-C ended it; nothing of the system is left',
  },
} as const;

async function main(): Promise<void> {
  const { values } = readCommandLine(command);
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
  const messages = { folder: join(folder, 'messages'), say: progress.say };
  let parts: RunningParts | undefined;
  try {
    await unlessAborted(
      signal,
      inBrowser((browser) => pictureMessages(browser, messages)),
    );
    if (values.messages) return;
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

function photograph(parts: RunningParts, folder: string, say: (line: string) => void): Promise<void> {
  const { logins, publicUrl } = parts.run();
  const { mailboxUrl = '', temporalUiUrl = '' } = parts;
  return inBrowser((browser) =>
    takePictures({ browser, folder, logins, portalUrl: publicUrl, mailboxUrl, temporalUiUrl, say }),
  );
}

async function inBrowser(use: (browser: Browser) => Promise<void>): Promise<void> {
  const browser = await openBrowser();
  try {
    await use(browser);
  } finally {
    await browser.close();
  }
}

ignoreClosedOutput();
await main();
