import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Pool } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { type FeedDefinition, feedDefinitions } from '../store/feeds/import/definitions.ts';

/** Creates a table with the feed's columns as text and the same primary key: the least that any import must write. */
export async function createPlain(pool: Pool, kind: FeedDefinition['kind']): Promise<void> {
  const { columns, key } = feedDefinitions[kind];
  const names = columns.map(({ column }) => `${column} text`).join(', ');
  await pool.query(`
    drop table if exists plain;
    create table plain (${names}, primary key (${key.join(', ')}))`);
}

/** Copies a CSV file into that table with Postgres's own `COPY`. */
export async function copyPlainly(pool: Pool, path: string): Promise<void> {
  const client = await pool.connect();
  try {
    await pipeline(
      createReadStream(path),
      client.query(copyFrom('copy plain from stdin (format csv, header)')),
    );
  } finally {
    client.release();
  }
}
