import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCodeOf, ignoreClosedOutput, listenForStop, unlessAborted } from '../../runtime/stop-signals.ts';
import { chooseFreePorts } from '../part-settings.ts';
import { createProgress } from '../progress.ts';
import { type RunningParts, startParts } from '../start-parts.ts';
import { killEverything } from '../take-over.ts';
import { printDemoLog } from './demo-log.ts';
import { runDemoScript } from './demo-script.ts';
import { createHttpUser } from './http-user.ts';

/** Days and quarters of an hour become seconds; nothing else differs from `npm start`. */
const shortWindows = {
  INVITATION_TTL: '8 seconds',
  INVITATION_REMINDER_BEFORE: '3 seconds',
  OFFER_WINDOW: '4 seconds',
  RECHECK_AFTER: '2 seconds',
};

/**
 * `npm run demo`: plays the whole story on parts of its own, in a folder and on ports that are gone afterwards.
 * Prints what happens, as it happens. Exits with 1 when the story goes otherwise.
 */
async function main(): Promise<void> {
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
    const told = printDemoLog({ databaseUrl: parts.run().env['DATABASE_URL'] ?? '', user, write });
    try {
      const { feedsKey } = parts.run();
      await unlessAborted(
        stopping,
        runDemoScript({ user: user, apiUrl, feedsKey, directory: join(dataDir, 'sample') }),
      );
    } finally {
      await told.stop();
    }
  } catch (error) {
    process.exitCode = stopping.aborted ? exitCodeOf(stopping.reason as NodeJS.Signals) : 1;
    const why = error instanceof Error ? error.message : String(error);
    write(`\n${stopping.aborted ? 'Ending everything: nothing of the demo is kept.' : why}\n`);
  } finally {
    // nothing of it is kept, so that nobody has to wait until it is finished
    if (stopping.aborted) killEverything(dataDir);
    await parts?.stop();
    remove();
  }
}

ignoreClosedOutput();
await main();
