import { hash } from '@node-rs/argon2';
import { normalizePassword } from '../../domain/accounts/password.ts';
import { cleanUsername } from '../../domain/accounts/username.ts';
import { createDatabase } from '../../runtime/database.ts';
import { saveOpsAccount } from '../../store/accounts/accounts.ts';
import type { DB } from '../../store/database/schema.ts';

/** Creates an ops account, or sets a new password for an existing one. */
export async function openOpsAccount(
  databaseUrl: string,
  { username, password }: { username: string; password: string },
): Promise<void> {
  const db = createDatabase<DB>(databaseUrl, { poolSize: 1 });
  try {
    const passwordHash = await hash(normalizePassword(password));
    await saveOpsAccount(db, { username: cleanUsername(username), passwordHash });
  } finally {
    await db.destroy();
  }
}
