import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/** Tables that equal a committed file. The header of the file names the columns; an empty field is null. */
const tables = [
  { table: 'marketplaces', file: new URL('marketplaces.tsv', import.meta.url) },
  { table: 'lines_of_authority', file: new URL('lines-of-authority.tsv', import.meta.url) },
  { table: 'zips', file: new URL('../zips/zips.tsv', import.meta.url) },
] as const;

/**
 * Brings the reference data up to date in the caller's transaction: tables whose file has changed are replaced,
 * new versions of terms and consents are added. Costs a query a file when nothing has changed.
 * @throws when the text of a version that is already kept differs from its file.
 */
export async function loadReferenceData(client: ClientBase): Promise<void> {
  for (const { table, file } of tables) await loadTable(client, table, await readFile(file));
  for (const document of await readDocuments('terms')) {
    const { kind, version, effectiveAt, sha256, text } = document;
    await keepDocument(client, 'terms_documents', { kind, version, effective_at: effectiveAt, sha256, text });
  }
  for (const document of await readDocuments('consents')) {
    const { kind, version, language, effectiveAt, sha256, text } = document;
    const row = { kind, language, version, effective_at: effectiveAt, sha256, text };
    await keepDocument(client, 'consent_documents', row);
  }
}

async function loadTable(client: ClientBase, table: string, tsv: Buffer): Promise<void> {
  const sha256 = hash(tsv);
  const known = await client.query('select from reference_files where name = $1 and sha256 = $2', [
    table,
    sha256,
  ]);
  if (known.rowCount === 1) return;
  const columns = tsv.subarray(0, tsv.indexOf('\n')).toString().split('\t').join(', ');
  await client.query(`delete from ${table}`);
  // CSV with a tab between fields and no quote in use is TSV
  const copy = `copy ${table} (${columns}) from stdin with (format csv, header, delimiter E'\\t', quote E'\\b')`;
  await pipeline(Readable.from([tsv]), client.query(copyFrom(copy)));
  await client.query(
    `insert into reference_files (name, sha256) values ($1, $2)
     on conflict (name) do update set sha256 = excluded.sha256, loaded_at = now()`,
    [table, sha256],
  );
}

interface Document {
  kind: string;
  version: string;
  language: string;
  effectiveAt: string;
  sha256: string;
  text: string;
}

/** Files named `KIND@VERSION[.LANGUAGE].md` whose first line is `effective INSTANT`. */
async function readDocuments(folder: 'terms' | 'consents'): Promise<Document[]> {
  const directory = new URL(`${folder}/`, import.meta.url);
  const documents: Document[] = [];
  for (const name of (await readdir(directory)).toSorted()) {
    const [, kind = '', version = '', language = 'en'] = /^(.+)@([^.]+)(?:\.(\w+))?\.md$/.exec(name) ?? [];
    const content = await readFile(new URL(name, directory), 'utf8');
    const [, effectiveAt = '', text = ''] = /^effective (\S+)\n([\s\S]+)$/.exec(content) ?? [];
    documents.push({ kind, version, language, effectiveAt, sha256: hash(text), text });
  }
  return documents;
}

/** Adds a document unless its version is kept already; then the text must be the same to the letter. */
async function keepDocument(client: ClientBase, table: string, row: Record<string, string>): Promise<void> {
  const names = Object.keys(row);
  const places = names.map((_, i) => `$${i + 1}`).join(', ');
  await client.query(
    `insert into ${table} (${names.join(', ')}) values (${places}) on conflict do nothing`,
    Object.values(row),
  );
  const keys = names.filter((name) => ['kind', 'language', 'version'].includes(name));
  const { rows } = await client.query<{ sha256: string }>(
    `select sha256 from ${table} where ${keys.map((name, i) => `${name} = $${i + 1}`).join(' and ')}`,
    keys.map((name) => row[name]),
  );
  if (rows[0]?.sha256 !== row['sha256']) {
    throw new Error(
      `${row['kind']} ${row['version']} is already in force with another text: give it a new version.`,
    );
  }
}

function hash(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}
