import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { refuse } from '../../domain/failures.ts';
import type { FeedKind } from '../../domain/onboarding/evidence.ts';
import type { Tx } from '../database/connection.ts';
import { type AdminAction, recordAdminAction } from './admin-actions.ts';

/** A key with which one system uploads feeds. Its secrets are stored as hashes. */
export interface FeedKey {
  id: string;
  name: string;
  feeds: FeedKind[];
  createdAt: Date;
  /** Username of the administrator. */
  createdBy: string;
  lastUsedAt: Date | null;
  /** Until when an earlier secret works beside the current one; null if there is none. */
  earlierSecretUntil: Date | null;
  revokedAt: Date | null;
}

/** Reads the keys, revoked ones too, those in use first and then by name. */
export async function readFeedKeys(tx: Tx, at: Date): Promise<FeedKey[]> {
  return selectFeedKeys(tx, at);
}

/** Reads a key. */
export async function readFeedKey(
  tx: Tx,
  { id, at }: { id: string; at: Date },
): Promise<FeedKey | undefined> {
  const [key] = await selectFeedKeys(tx, at, id);
  return key;
}

/**
 * Creates a key with its first secret, and records who did so.
 * @returns its id; undefined if a key that is in use has this name
 */
export async function createFeedKey(
  tx: Tx,
  {
    name,
    feeds,
    secretSha256,
    ...action
  }: AdminAction & { name: string; feeds: readonly FeedKind[]; secretSha256: string },
): Promise<string | undefined> {
  const { by: createdBy, at: createdAt } = action;
  const id = randomUUID();
  const created = await tx
    .insertInto('feedKeys')
    .values({ id, name, feeds: [...new Set(feeds)], createdBy, createdAt })
    .onConflict((row) => row.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!created) return undefined;
  await tx.insertInto('feedKeySecrets').values({ secretSha256, feedKeyId: id, createdAt }).execute();
  await recordAdminAction(tx, { ...action, action: 'create-feed-key', feedKeyId: id });
  return id;
}

/**
 * Gives a key another secret, and records who did so. Earlier secrets stop working at `earlierUntil`, or when they were to
 * stop already if that is sooner.
 * @throws a refusal: `not-found`; `not-allowed-now` for a revoked key
 */
export async function rotateFeedKey(
  tx: Tx,
  {
    id,
    secretSha256,
    earlierUntil,
    ...action
  }: AdminAction & { id: string; secretSha256: string; earlierUntil: Date },
): Promise<void> {
  const revokedAt = await lockFeedKey(tx, id);
  if (revokedAt) refuse('not-allowed-now', 'The key is revoked.', { at: revokedAt.toISOString() });
  await tx
    .updateTable('feedKeySecrets')
    .set({ validUntil: sql<Date>`least(valid_until, ${earlierUntil}::timestamptz)` })
    .where('feedKeyId', '=', id)
    .execute();
  const secret = { secretSha256, feedKeyId: id, createdAt: action.at };
  await tx.insertInto('feedKeySecrets').values(secret).execute();
  await recordAdminAction(tx, { ...action, action: 'rotate-feed-key', feedKeyId: id });
}

/**
 * Ends a key with every secret, and records who did so. Nothing happens if it has ended.
 * @returns whether it could be used before
 * @throws a refusal of type `not-found`
 */
export async function revokeFeedKey(
  tx: Tx,
  { id, ...action }: AdminAction & { id: string },
): Promise<boolean> {
  if (await lockFeedKey(tx, id)) return false;
  await tx.updateTable('feedKeys').set({ revokedAt: action.at }).where('id', '=', id).execute();
  await recordAdminAction(tx, { ...action, action: 'revoke-feed-key', feedKeyId: id });
  return true;
}

/**
 * Finds the key of a secret and records that it was used, in one statement by the index of the hashes. A hash says nothing
 * about how close a guess was, so the search needs no constant time.
 * @returns the feeds that it may upload; undefined for an unknown, an expired or a revoked one
 */
export async function recordFeedKeyUse(
  tx: Tx,
  { secretSha256, at }: { secretSha256: string; at: Date },
): Promise<readonly FeedKind[] | undefined> {
  const { rows } = await sql<{ feeds: FeedKind[] }>`
    update feed_key_secrets s set last_used_at = ${at}
    from feed_keys k
    where s.secret_sha256 = ${secretSha256} and (s.valid_until is null or s.valid_until > ${at})
      and k.id = s.feed_key_id and k.revoked_at is null
    returning k.feeds`.execute(tx);
  return rows[0]?.feeds;
}

/** Locks a key. @returns when it was revoked; null if it was not */
async function lockFeedKey(tx: Tx, id: string): Promise<Date | null> {
  const key = await tx
    .selectFrom('feedKeys')
    .select('revokedAt')
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return key ? key.revokedAt : refuse('not-found', 'Unknown.');
}

async function selectFeedKeys(tx: Tx, at: Date, id?: string): Promise<FeedKey[]> {
  const { rows } = await sql<FeedKey>`
    select k.id, k.name, k.feeds, k.created_at, a.username as created_by, k.revoked_at, s.last_used_at,
      case when k.revoked_at is null then s.earlier_secret_until end as earlier_secret_until
    from feed_keys k
    join accounts a on a.id = k.created_by
    cross join lateral (
      select max(last_used_at) as last_used_at,
        max(valid_until) filter (where valid_until > ${at}) as earlier_secret_until
      from feed_key_secrets where feed_key_id = k.id
    ) s
    where ${id === undefined ? sql`true` : sql`k.id = ${id}`}
    order by k.revoked_at is not null, lower(k.name), k.created_at`.execute(tx);
  return rows;
}
