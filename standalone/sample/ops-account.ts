import type { OpsRole } from '../../domain/accounts/roles.ts';
import { cleanUsername } from '../../domain/accounts/username.ts';
import { createDatabase } from '../../runtime/database.ts';
import { saveOpsAccount } from '../../store/accounts/ops-accounts.ts';
import { hashPassword } from '../../store/accounts/passwords.ts';
import type { DB } from '../../store/database/schema.ts';

/** Opens an account that is not of an agent, or gives the one with that username this role and password. */
export async function openOpsAccount(
  databaseUrl: string,
  { role, username, password }: { role: OpsRole; username: string; password: string },
): Promise<void> {
  const db = createDatabase<DB>(databaseUrl, { poolSize: 1 });
  try {
    const account = { role, username: cleanUsername(username), passwordHash: await hashPassword(password) };
    await db.transaction().execute((tx) => saveOpsAccount(tx, account));
  } finally {
    await db.destroy();
  }
}
