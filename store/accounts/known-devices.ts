import { sql } from 'kysely';
import type { Tx } from '../database/connection.ts';

/** How long a device stays known without a log-in. */
const knownDeviceTtlMs = 180 * 24 * 60 * 60_000;
/** Most known devices of one account; those used least recently are deleted. */
const maxDevices = 20;

/**
 * Checks whether somebody has logged in with this username (`usernameKey`) on the device that has this token; without a
 * username, whether anybody has.
 */
export async function isKnownDevice(
  tx: Tx,
  { tokenSha256, username, at }: { tokenSha256: string; username: string | undefined; at: Date },
): Promise<boolean> {
  const row = await tx
    .selectFrom('knownDevices')
    .innerJoin('accounts', 'accounts.id', 'knownDevices.accountId')
    .select('accounts.id')
    .where('tokenSha256', '=', tokenSha256)
    .where('usedAt', '>', new Date(at.getTime() - knownDeviceTtlMs))
    .$if(username !== undefined, (query) => query.where(sql`lower(username)`, '=', username as string))
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Saves a device for an account that logged in on it.
 * @param device `before`: the token that the device had so far; it stays known for the accounts that this token knew
 */
export async function saveDevice(
  tx: Tx,
  device: { accountId: string; tokenSha256: string; before?: string; at: Date },
): Promise<void> {
  const { accountId, tokenSha256, before, at } = device;
  if (before !== undefined && before !== tokenSha256)
    await sql`
      insert into known_devices (account_id, token_sha256, created_at, used_at)
      select account_id, ${tokenSha256}, created_at, used_at from known_devices where token_sha256 = ${before}
      on conflict do nothing`.execute(tx);
  await tx
    .insertInto('knownDevices')
    .values({ accountId, tokenSha256, createdAt: at, usedAt: at })
    .onConflict((row) => row.columns(['accountId', 'tokenSha256']).doUpdateSet({ usedAt: at }))
    .execute();
  await sql`
    delete from known_devices where account_id = ${accountId} and (
      used_at <= ${new Date(at.getTime() - knownDeviceTtlMs)} or token_sha256 in (
        select token_sha256 from known_devices where account_id = ${accountId}
        order by used_at desc, token_sha256 offset ${maxDevices}))`.execute(tx);
}
