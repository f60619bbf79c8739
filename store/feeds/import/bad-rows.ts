import { sql } from 'kysely';
import type { ClientBase } from 'pg';
import type { FeedKind } from '../../../domain/onboarding/evidence.ts';
import type { Tx } from '../../database/connection.ts';

/** A row that could not be imported. `line` is 1 for the header; `reason` names columns and repeats no field. */
export interface BadRow {
  line: number;
  reason: string;
}

/** Saves the bad rows of the staged file and deletes those of earlier releases of the feed. */
export async function saveBadRows(
  client: ClientBase,
  { id, kind }: { id: string; kind: FeedKind },
): Promise<void> {
  await client.query(
    'delete from feed_bad_rows where release_id in (select id from feed_releases where kind = $1 and id <> $2)',
    [kind, id],
  );
  await client.query(
    'insert into feed_bad_rows (release_id, line, reason) select $1, line, reason from staged where reason is not null',
    [id],
  );
}

/**
 * Reads a page of the bad rows of a release, by line; the page is empty once the feed has a newer release.
 * @param after last line of the previous page
 * @returns undefined if there is no such release
 */
export async function readBadRows(
  tx: Tx,
  { releaseId, after, limit }: { releaseId: string; after: number; limit: number },
): Promise<BadRow[] | undefined> {
  const { rows: releases } = await sql`select 1 from feed_releases where id = ${releaseId}`.execute(tx);
  if (releases.length === 0) return undefined;
  return tx
    .selectFrom('feedBadRows')
    .select(['line', 'reason'])
    .where('releaseId', '=', releaseId)
    .where('line', '>', after)
    .orderBy('line')
    .limit(limit)
    .execute();
}
