import { readCommandLine } from '../../runtime/command-line.ts';
import { checkPostgresConnection, checkTemporalConnection } from '../../runtime/connection-checks.ts';
import { createDatabase } from '../../runtime/database.ts';
import { completeEnvironment } from '../../runtime/environment.ts';
import { createLog } from '../../runtime/log.ts';
import { runProcess } from '../../runtime/run-process.ts';
import { describeSettings, readSettings } from '../../runtime/settings.ts';
import { connectTemporal } from '../../runtime/temporal.ts';
import type { DB } from '../../store/database/schema.ts';
import { taskQueue } from '../../workflows/messages.ts';
import { upgradeWorkflows } from '../deployment/restart-workflows.ts';

const command = {
  name: 'npm run upgrade',
  about:
    'Restarts open workflows from their rows if an earlier version with another workflow format started them. Runs after migrate and provision, and before the worker. Safe to repeat. Needs the build.',
  settings: describeSettings('upgrade'),
  exitCodes: {
    0: 'all open workflows have the format of this build',
    1: 'it failed; standard error says why',
  },
};

await runProcess(async () => {
  readCommandLine(command);
  const settings = readSettings(completeEnvironment(process.env), 'upgrade');
  const log = createLog('upgrade', { level: settings.logLevel });
  await checkPostgresConnection(settings.databaseUrl, settings.connectTimeoutMs);
  const temporal = connectTemporal(settings.temporal);
  const db = createDatabase<DB>(settings.databaseUrl, {
    poolSize: 20,
    name: 'help-on-demand upgrade',
    onIdleError: (error) => log.warn({ err: error }, 'Idle Postgres connection lost'),
  });
  try {
    await checkTemporalConnection(temporal, settings.temporal.address, settings.connectTimeoutMs);
    if (!(await upgradeWorkflows({ db, temporal, taskQueue, log })))
      log.info('Open workflows are up to date');
  } finally {
    await Promise.all([temporal.connection.close(), db.destroy()]);
  }
});
