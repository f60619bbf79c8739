import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

const file = new URL('zips.tsv', import.meta.url);
const name = 'zips';

/**
 * Makes the table `zips` equal to the committed file (store/zips/README.md), in one transaction of its own and only
 * when the file's hash is not the one that was loaded last. Safe to repeat, and at the same time elsewhere.
 * Returns true when it was loaded.
 */
export async function loadZips(client: ClientBase): Promise<boolean> {
  const tsv = await readFile(file);
  const sha256 = createHash('sha256').update(tsv).digest('hex');
  await client.query('begin');
  try {
    await client.query('select pg_advisory_xact_lock(hashtext($1))', [name]);
    const loaded = !(await isLoaded(client, sha256)) && (await replace(client, tsv, sha256));
    await client.query('commit');
    return loaded;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

async function isLoaded(client: ClientBase, sha256: string): Promise<boolean> {
  const { rowCount } = await client.query('select from reference_files where name = $1 and sha256 = $2', [
    name,
    sha256,
  ]);
  return rowCount === 1;
}

async function replace(client: ClientBase, tsv: Buffer, sha256: string): Promise<true> {
  await client.query('delete from zips');
  // csv with a tab and no quoting character in use is TSV; an empty field is null
  const copy = `copy zips (zip, city, state, lat, lon, time_zone) from stdin with (format csv, header, delimiter E'\\t')`;
  await pipeline(Readable.from([tsv]), client.query(copyFrom(copy)));
  await client.query(
    `insert into reference_files (name, sha256) values ($1, $2)
     on conflict (name) do update set sha256 = excluded.sha256, loaded_at = now()`,
    [name, sha256],
  );
  return true;
}
