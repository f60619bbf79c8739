import { checkPostgresConnection, checkTemporalConnection } from '../../runtime/connection-checks.ts';
import { createDatabase } from '../../runtime/database.ts';
import { completeEnvironment } from '../../runtime/environment.ts';
import { createLog } from '../../runtime/log.ts';
import { runProcess } from '../../runtime/run-process.ts';
import { readSettings } from '../../runtime/settings.ts';
import { connectTemporal } from '../../runtime/temporal.ts';
import type { DB } from '../../store/database/schema.ts';
import { taskQueue } from '../../workflows/messages.ts';
import { upgradeWorkflows } from '../deployment/restart-workflows.ts';

/**
 * `npm run upgrade`: restarts open workflows from their rows if an earlier version with another workflow format started
 * them. Runs after `migrate` and `provision`, before the worker. Safe to repeat.
 */
await runProcess(async () => {
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
