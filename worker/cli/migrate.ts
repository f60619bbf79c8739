import type { Logger } from 'pino';
import { readCommandLine } from '../../runtime/command-line.ts';
import { checkPostgresConnection } from '../../runtime/connection-checks.ts';
import { createDatabase } from '../../runtime/database.ts';
import { completeEnvironment } from '../../runtime/environment.ts';
import { createLog } from '../../runtime/log.ts';
import { runProcess } from '../../runtime/run-process.ts';
import { describeSettings, readSettings } from '../../runtime/settings.ts';
import { migrate } from '../../store/database/migrate.ts';
import { type ConnectedUser, grantRights, readConnectedUser } from '../../store/database/rights.ts';
import type { DB } from '../../store/database/schema.ts';
import { type MasterKeys, toMasterKeys } from '../../store/encryption/master-keys.ts';
import { encryptClearContacts } from '../deployment/encrypt-contacts.ts';
import { warnOfExcessRights } from '../excess-rights.ts';

const command = {
  name: 'npm run migrate',
  about:
    'Brings the database up to date, with its reference data, and grants the users of the application, of retention and of ' +
    'analytics what they need. Safe to repeat. Needs the build.',
  settings: describeSettings('migrate'),
  exitCodes: { 0: 'the database is up to date', 1: 'it failed; standard error says why' },
};

/** Asks Postgres who a URL connects as: a pooler may know them by another name. */
async function userOf(url: string): Promise<ConnectedUser> {
  const db = createDatabase(url, { poolSize: 1 });
  try {
    return await readConnectedUser(db);
  } finally {
    await db.destroy();
  }
}

/** Encrypts contacts that a version before 0.3.0 has stored in clear; a new database has none. */
async function encryptContacts(url: string, masterKeys: MasterKeys, log: Logger): Promise<void> {
  const db = createDatabase<DB>(url, { poolSize: 1, name: 'migrate' });
  try {
    const count = await encryptClearContacts(db, masterKeys);
    if (count > 0) log.info({ count }, 'Contacts of consumers encrypted');
  } finally {
    await db.destroy();
  }
}

await runProcess(async () => {
  readCommandLine(command);
  const settings = readSettings(completeEnvironment(process.env), 'migrate');
  const { databaseUrl, migrationDatabaseUrl, retentionDatabaseUrl, analyticsDatabaseUrl } = settings;
  const { masterKeysIfAny: masterKeys } = settings;
  const log = createLog('migrate', { level: settings.logLevel });
  await checkPostgresConnection(databaseUrl, settings.connectTimeoutMs);
  await checkPostgresConnection(migrationDatabaseUrl, settings.connectTimeoutMs, 'MIGRATION_DATABASE_URL');
  await migrate(migrationDatabaseUrl, {
    ...settings.migrationLimits,
    ...(masterKeys && {
      encryptContacts: () => encryptContacts(migrationDatabaseUrl, toMasterKeys(masterKeys), log),
    }),
    onLocked: (error) => log.warn({ err: error }, 'Migration waits for a lock, will retry'),
  });
  const application = await userOf(databaseUrl);
  const analytics = analyticsDatabaseUrl && (await userOf(analyticsDatabaseUrl)).name;
  const retention = (await userOf(retentionDatabaseUrl)).name;
  await grantRights(migrationDatabaseUrl, { application: application.name, retention, analytics });
  warnOfExcessRights(log, application);
  log.info('Database is up to date');
});
