import { readCommandLine } from '../../runtime/command-line.ts';
import { checkPostgresConnection } from '../../runtime/connection-checks.ts';
import { completeEnvironment } from '../../runtime/environment.ts';
import { createLog } from '../../runtime/log.ts';
import { runProcess } from '../../runtime/run-process.ts';
import { describeSettings, readSettings } from '../../runtime/settings.ts';
import { createUsers, loginOf } from '../../store/database/users.ts';

const command = {
  name: 'node dist/worker/cli/database-users.js',
  about:
    'Makes the database users of a Postgres server that is ours alone, as docker-compose.yml has one, and gives each their ' +
    'databases. Safe to repeat. Needs the build.',
  settings: describeSettings('database-users'),
  exitCodes: { 0: 'every user is there', 1: 'it failed; standard error says why' },
};

await runProcess(async () => {
  readCommandLine(command);
  const settings = readSettings(completeEnvironment(process.env), 'database-users');
  const { setupDatabaseUrl, databaseUrl, migrationDatabaseUrl, retentionDatabaseUrl } = settings;
  const log = createLog('database-users', { level: settings.logLevel });
  await checkPostgresConnection(setupDatabaseUrl, settings.connectTimeoutMs, 'SETUP_DATABASE_URL');
  await createUsers(setupDatabaseUrl, {
    migrations: loginOf(migrationDatabaseUrl),
    application: loginOf(databaseUrl),
    retention: loginOf(retentionDatabaseUrl),
    analytics: settings.analyticsDatabaseUrl ? loginOf(settings.analyticsDatabaseUrl) : undefined,
    temporal: settings.temporalDatabaseUrl ? loginOf(settings.temporalDatabaseUrl) : undefined,
  });
  log.info('Database users are up to date');
});
