import { encodeQR } from 'qr';
import { type OpsRole, opsRoles } from '../../domain/accounts/roles.ts';
import { cleanUsername, usernamePattern } from '../../domain/accounts/username.ts';
import { readCommandLine, refuseCommandLine } from '../../runtime/command-line.ts';
import { checkPostgresConnection } from '../../runtime/connection-checks.ts';
import { createDatabase } from '../../runtime/database.ts';
import { completeEnvironment } from '../../runtime/environment.ts';
import { describeFailure } from '../../runtime/run-process.ts';
import { describeSettings, readSettings } from '../../runtime/settings.ts';
import { ignoreClosedOutput } from '../../runtime/stop-signals.ts';
import { saveOpsAccount } from '../../store/accounts/ops-accounts.ts';
import { generatePasswordFor } from '../../store/accounts/passwords.ts';
import { appSecret } from '../../store/accounts/totp.ts';
import type { DB } from '../../store/database/schema.ts';

const command = {
  name: 'npm run account',
  about:
    'Opens an account for ops, an administrator or an auditor, and prints a password for it and the secret of its ' +
    'authenticator app, in a terminal also as a QR code. One that has the name gets this role, a new password and a new ' +
    'secret in place of all its second factors, and is logged out everywhere. The password has to be replaced at the first ' +
    'log-in, within 72 hours. Made for the first account: administrators open the ' +
    'others in the portal, where who did so is on record. Needs the build.',
  args: {
    ROLE: { about: 'what the account may do', oneOf: opsRoles },
    NAME: { about: 'its username' },
  },
  settings: describeSettings('account'),
  exitCodes: { 0: 'the account can log in', 1: 'it failed; standard error says why' },
};

/** @returns what to print: every line is shown only now */
async function openAccount(role: OpsRole, username: string): Promise<string> {
  const settings = readSettings(completeEnvironment(process.env), 'account');
  await checkPostgresConnection(settings.databaseUrl, settings.connectTimeoutMs);
  const at = new Date();
  const { password, ...stored } = await generatePasswordFor(at);
  const db = createDatabase<DB>(settings.databaseUrl, { poolSize: 1, name: 'account' });
  try {
    const saved = await db
      .transaction()
      .execute((tx) => saveOpsAccount(tx, { username, role, ...stored, at }));
    if (saved === undefined) throw new Error('This is the username of an agent. Choose another one.');
    const { secret, uri } = appSecret({ linkSecret: settings.linkSecret, ...saved }, username);
    const lines = Object.entries({ role, username, password, totpSecret: secret, totpUri: uri })
      .map(([name, value]) => `${name}: ${value}\n`)
      .join('');
    return process.stdout.isTTY ? `${lines}\n${encodeQR(uri, 'term')}\n` : lines;
  } finally {
    await db.destroy();
  }
}

ignoreClosedOutput();
const [role, typed] = readCommandLine(command).args as [OpsRole, string];
const username = cleanUsername(typed);
if (!usernamePattern.test(username))
  refuseCommandLine(
    command,
    'NAME has to be 3 to 64 letters, digits or . _ - +, beginning with a letter or digit',
  );
try {
  process.stdout.write(await openAccount(role, username));
} catch (error) {
  process.stderr.write(`${describeFailure(error)}\n`);
  process.exitCode = 1;
}
