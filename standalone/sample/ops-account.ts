import { randomUUID } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import pg from 'pg';
import { normalizePassword } from '../../domain/accounts/password.ts';
import { cleanUsername } from '../../domain/accounts/username.ts';

/** Creates an ops account, or sets a new password for an existing one. */
export async function openOpsAccount(
  databaseUrl: string,
  { username, password }: { username: string; password: string },
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(
      `insert into accounts (id, username, password_hash, role, created_at) values ($1, $2, $3, 'ops', now())
       on conflict (lower(username)) do update set password_hash = excluded.password_hash`,
      [randomUUID(), cleanUsername(username), await hash(normalizePassword(password))],
    );
  } finally {
    await client.end();
  }
}
