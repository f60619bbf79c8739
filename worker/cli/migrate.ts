import { readCommandLine } from '../../runtime/command-line.ts';
import { checkPostgresConnection } from '../../runtime/connection-checks.ts';
import { completeEnvironment } from '../../runtime/environment.ts';
import { createLog } from '../../runtime/log.ts';
import { runProcess } from '../../runtime/run-process.ts';
import { describeSettings, readSettings } from '../../runtime/settings.ts';
import { migrate } from '../../store/database/migrate.ts';

const command = {
  name: 'npm run migrate',
  about: 'Brings the database up to date, with its reference data. Safe to repeat. Needs the build.',
  settings: describeSettings('migrate'),
  exitCodes: { 0: 'the database is up to date', 1: 'it failed; standard error says why' },
};

await runProcess(async () => {
  readCommandLine(command);
  const settings = readSettings(completeEnvironment(process.env), 'migrate');
  const log = createLog('migrate', { level: settings.logLevel });
  await checkPostgresConnection(settings.databaseDirectUrl, settings.connectTimeoutMs);
  await migrate(settings.databaseDirectUrl, {
    ...settings.migrationLimits,
    onLocked: (error) => log.warn({ err: error }, 'Migration waits for a lock, will retry'),
  });
  log.info('Database is up to date');
});
