import type { OpsRole } from '../../domain/accounts/roles.ts';
import { cleanUsername } from '../../domain/accounts/username.ts';
import { createDatabase } from '../../runtime/database.ts';
import { saveOpsAccount } from '../../store/accounts/ops-accounts.ts';
import { hashPassword } from '../../store/accounts/passwords.ts';
import { appSecret } from '../../store/accounts/totp.ts';
import type { DB } from '../../store/database/schema.ts';
import type { Login } from '../run-file.ts';

/** The system that an account is opened in. */
export interface AccountTarget {
  databaseUrl: string;
  /** `LINK_SECRET` of its API. */
  linkSecret: string;
}

/**
 * Opens an account that is not of an agent, or gives the one with that username this role and password; in both cases with a
 * new authenticator app.
 * @returns how to log in
 */
export async function openOpsAccount(
  { databaseUrl, linkSecret }: AccountTarget,
  { role, username, password }: { role: OpsRole; username: string; password: string },
): Promise<Login> {
  const db = createDatabase<DB>(databaseUrl, { poolSize: 1 });
  try {
    const passwordHash = await hashPassword(password);
    // the run file shows it for as long as it runs
    const stored = { passwordHash, passwordEndsAt: null };
    const account = { role, username: cleanUsername(username), ...stored, at: new Date() };
    const saved = await db.transaction().execute((tx) => saveOpsAccount(tx, account));
    if (saved === undefined) throw new Error(`${username} is the username of an agent.`);
    const { secret } = appSecret({ linkSecret, ...saved }, username);
    return { role, username, password, totpSecret: secret };
  } finally {
    await db.destroy();
  }
}
