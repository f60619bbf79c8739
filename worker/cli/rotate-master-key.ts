import { readCommandLine } from '../../runtime/command-line.ts';
import { checkPostgresConnection } from '../../runtime/connection-checks.ts';
import { createDatabase } from '../../runtime/database.ts';
import { completeEnvironment } from '../../runtime/environment.ts';
import { createLog } from '../../runtime/log.ts';
import { runProcess } from '../../runtime/run-process.ts';
import { describeSettings, readSettings } from '../../runtime/settings.ts';
import { exitCodeOf, listenForStop } from '../../runtime/stop-signals.ts';
import type { DB } from '../../store/database/schema.ts';
import { toMasterKeys } from '../../store/encryption/master-keys.ts';
import { rotateMasterKey } from '../deployment/rotate-master-key.ts';

const command = {
  name: 'npm run rotate-master-key',
  about:
    'Encrypts the keys of all referrals under the first key of MASTER_KEY; the others decrypt those of before. It works ' +
    'beside a running service, whose processes have the same MASTER_KEY, and goes on where it was interrupted. Needs the build.',
  settings: describeSettings('rotate-master-key'),
  exitCodes: {
    0: 'every key is encrypted under the first master key, so that the others can be removed',
    1: 'it failed; standard error says why',
    130: 'Ctrl-C interrupted it; what is done stays done, and the next run goes on',
  },
};

await runProcess(async () => {
  readCommandLine(command);
  const settings = readSettings(completeEnvironment(process.env), 'rotate-master-key');
  const log = createLog('rotate-master-key', { level: settings.logLevel });
  await checkPostgresConnection(settings.databaseUrl, settings.connectTimeoutMs);
  const { signal } = listenForStop();
  const db = createDatabase<DB>(settings.databaseUrl, { poolSize: 1, name: 'rotate-master-key' });
  const masterKeys = toMasterKeys(settings.masterKeys);
  const masterKeyId = masterKeys[0].id;
  try {
    await rotateMasterKey(db, masterKeys, {
      signal,
      onProgress: (progress) => log.info({ masterKeyId, ...progress }, 'Master key rotating'),
    });
    log.info({ masterKeyId }, 'Master key rotated');
  } catch (error) {
    if (!signal.aborted) throw error;
    process.exitCode = exitCodeOf(signal.reason as NodeJS.Signals);
  } finally {
    await db.destroy();
  }
});
