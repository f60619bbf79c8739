import { checkPostgresConnection } from '../../runtime/connection-checks.ts';
import { completeEnvironment } from '../../runtime/environment.ts';
import { createLog } from '../../runtime/log.ts';
import { runProcess } from '../../runtime/run-process.ts';
import { readSettings } from '../../runtime/settings.ts';
import { migrate } from '../../store/database/migrate.ts';

/** `npm run migrate`: brings the database up to date. Safe to repeat. */
await runProcess(async () => {
  const settings = readSettings(completeEnvironment(process.env), 'migrate');
  await checkPostgresConnection(settings.databaseUrl, settings.connectTimeoutMs);
  await migrate(settings.databaseUrl);
  createLog('migrate', { level: settings.logLevel }).info('Database is up to date');
});
