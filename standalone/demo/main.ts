import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommandLine } from '../../runtime/command-line.ts';
import { exitCodeOf, ignoreClosedOutput, listenForStop, unlessAborted } from '../../runtime/stop-signals.ts';
import { chooseFreePorts, portSettings } from '../part-settings.ts';
import { createProgress } from '../progress.ts';
import { type RunningParts, startParts } from '../start-parts.ts';
import { killEverything } from '../take-over.ts';
import { printDemoLog } from './demo-log.ts';
import { runDemoScript } from './demo-script.ts';
import { createHttpUser } from './http-user.ts';

/** Time limits of seconds instead of days and minutes. Nothing else differs from `npm start`. */
const shortWindows = {
  INVITATION_TTL: '8 seconds',
  INVITATION_REMINDER_BEFORE: '3 seconds',
  OFFER_WINDOW: '4 seconds',
  RECHECK_AFTER: '2 seconds',
};

const command = {
  name: 'npm run demo',
  about:
    'Runs a registration and a referral from beginning to end on a system of its own, in a temporary folder and on free ' +
    'ports, and prints each event as it happens.',
  settings: portSettings,
  exitCodes: {
    0: 'every step went as expected',
    1: 'a step did not go as expected; it is named',
    130: 'Ctrl-C ended it; nothing of the system is left',
  },
};

async function main(): Promise<void> {
  readCommandLine(command);
  const dataDir = mkdtempSync(join(tmpdir(), 'help-on-demand-demo-'));
  const ports = await chooseFreePorts(process.env);
  const remove = () => rmSync(dataDir, { recursive: true, force: true, maxRetries: 20 });
  const { signal: stopping } = listenForStop(() => {
    killEverything(dataDir);
    remove();
    process.exit(exitCodeOf('SIGINT'));
  });
  const write = (text: string) => process.stdout.write(text);
  let parts: RunningParts | undefined;
  try {
    const env = { ...process.env, ...shortWindows, ...ports, DATA_DIR: dataDir };
    parts = await startParts({ dataDir, env, progress: createProgress(write, stopping), signal: stopping });
    const { apiUrl, mailboxUrl = '' } = parts;
    const user = createHttpUser({ apiUrl, mailboxUrl });
    const demoLog = printDemoLog({ databaseUrl: parts.run().env['DATABASE_URL'] ?? '', user, write });
    try {
      const { feedsKey } = parts.run();
      await unlessAborted(
        stopping,
        runDemoScript({ user, apiUrl, feedsKey, directory: join(dataDir, 'sample') }),
      );
    } finally {
      await demoLog.stop();
    }
  } catch (error) {
    process.exitCode = stopping.aborted ? exitCodeOf(stopping.reason as NodeJS.Signals) : 1;
    const why = error instanceof Error ? error.message : String(error);
    write(`\n${stopping.aborted ? 'Stopping. The demo leaves nothing behind.' : why}\n`);
  } finally {
    // its data is thrown away, so there is nothing to wait for
    if (stopping.aborted) killEverything(dataDir);
    await parts?.stop();
    remove();
  }
}

ignoreClosedOutput();
await main();
