import { completeEnvironment } from '../../runtime/environment.ts';
import { createLog } from '../../runtime/log.ts';
import { reachPostgres } from '../../runtime/reach.ts';
import { run } from '../../runtime/run.ts';
import { readSettings } from '../../runtime/settings.ts';
import { migrate } from '../../store/database/migrate.ts';

/** `npm run migrate`: brings the database up to date. Safe to repeat. */
await run(async () => {
  const settings = readSettings(completeEnvironment(process.env), 'migrate');
  await reachPostgres(settings.databaseUrl, settings.connectTimeoutMs);
  await migrate(settings.databaseUrl);
  createLog('migrate', { level: settings.logLevel }).info('The database is up to date.');
});
