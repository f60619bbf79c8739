import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { allLicensesSql, wakeByLinesOfAuthoritySql } from '../../feeds/lines-of-authority.ts';
import { wakeOnboardingsSql } from '../../outbox.ts';

/**
 * A table that has the content of a committed file. The header of the file names the columns; an empty field is null.
 */
interface FileTable {
  table: string;
  file: URL;
  /** SQL condition of the rows that do not come from the file: they stay, and take precedence over the file's rows. */
  preserved?: string;
  /** Date of the data in the file. */
  asOf?: string;
  /** Statement that wakes the onboardings concerned; it takes two columns of the changed rows, as two arrays. */
  wakes?: { by: readonly [string, string]; statement: string };
}

const wakeByMarketplacesSql = `
  with changed as (select * from unnest($1::text[], $2::smallint[]) as pair (state, plan_year))
  ${wakeOnboardingsSql(`exists (
    select from changed join ${allLicensesSql} l on l.state = changed.state
     where l.npn = o.npn and changed.plan_year = o.plan_year)`)}`;

const tables: readonly FileTable[] = [
  {
    table: 'marketplaces',
    file: new URL('marketplaces.tsv', import.meta.url),
    wakes: { by: ['state', 'plan_year'], statement: wakeByMarketplacesSql },
  },
  {
    table: 'lines_of_authority',
    file: new URL('lines-of-authority.tsv', import.meta.url),
    preserved: 'set_at is not null',
    wakes: { by: ['state', 'name'], statement: wakeByLinesOfAuthoritySql },
  },
  {
    table: 'zips',
    file: new URL('zips/zips.tsv', import.meta.url),
    preserved: 'set_at is not null',
    asOf: '2021-11-04',
  },
  { table: 'zip_states', file: new URL('zips/zip-states.tsv', import.meta.url) },
];

/**
 * Brings the reference data up to date in the caller's transaction. Tables whose file has changed are replaced, and the
 * onboardings concerned are woken. New versions of terms and consents are added; new terms have to be accepted. Lines
 * of authority that were mapped by command stay, and so do ZIPs that ops have set. Costs one query a file if nothing
 * has changed.
 * @throws if the text of a stored version differs from its file
 */
export async function loadReferenceData(client: ClientBase): Promise<void> {
  for (const table of tables) await loadTable(client, table, await readFile(table.file));
  for (const document of await readDocuments('terms')) {
    const { kind, version, effectiveAt, sha256, text } = document;
    const row = { kind, version, effective_at: effectiveAt, sha256, text };
    if (await saveDocument(client, 'terms_documents', row)) await requireNewTerms(client, effectiveAt);
  }
  for (const document of await readDocuments('consents')) {
    const { kind, version, language, effectiveAt, sha256, text, limits } = document;
    const row = { kind, language, version, effective_at: effectiveAt, sha256, text, ...limits };
    await saveDocument(client, 'consent_documents', row);
  }
}

async function loadTable(
  client: ClientBase,
  { table, preserved = 'false', asOf = null, wakes }: Omit<FileTable, 'asOf'> & { asOf?: string | null },
  tsv: Buffer,
): Promise<void> {
  const sha256 = hashContent(tsv);
  const unchanged = await client.query(
    'select from reference_files where name = $1 and sha256 = $2 and as_of is not distinct from $3::date',
    [table, sha256, asOf],
  );
  if (unchanged.rowCount === 1) return;
  const columns = tsv.subarray(0, tsv.indexOf('\n')).toString().split('\t').join(', ');
  await client.query(`create temp table loaded on commit drop as select ${columns} from ${table} limit 0`);
  // CSV with a tab between fields and no quote in use is TSV
  const copy = `copy loaded (${columns}) from stdin with (format csv, header, delimiter E'\\t', quote E'\\b')`;
  await pipeline(Readable.from([tsv]), client.query(copyFrom(copy)));
  await client.query(`create temp table replaced on commit drop as select ${columns} from ${table}`);
  await client.query(`delete from ${table} where not (${preserved})`);
  await client.query(
    `insert into ${table} (${columns}) select ${columns} from loaded on conflict do nothing`,
  );
  if (wakes) await wakeByChangedRows(client, { table, columns, ...wakes });
  await client.query('drop table loaded, replaced');
  await client.query(
    `insert into reference_files (name, sha256, as_of) values ($1, $2, $3)
     on conflict (name) do update set sha256 = excluded.sha256, as_of = excluded.as_of, loaded_at = now()`,
    [table, sha256, asOf],
  );
}

/** Wakes the onboardings that the changed rows concern. */
async function wakeByChangedRows(
  client: ClientBase,
  { table, columns, by, statement }: { table: string; columns: string } & NonNullable<FileTable['wakes']>,
): Promise<void> {
  const [now, before] = [`select ${columns} from ${table}`, `select ${columns} from replaced`];
  const [first, second] = by;
  const { rows } = await client.query<[unknown, unknown]>({
    text: `select distinct ${first}, ${second}
             from ((${now} except ${before}) union (${before} except ${now})) differing`,
    rowMode: 'array',
  });
  if (rows.length > 0) await client.query(statement, [rows.map(([one]) => one), rows.map(([, two]) => two)]);
}

interface Document {
  kind: string;
  version: string;
  language: string;
  effectiveAt: string;
  sha256: string;
  text: string;
  /** Data, purpose and duration that a consent allows; terms have none. */
  limits: { scope: string[]; purpose: string; duration_days: number | null } | undefined;
}

const documentHeader =
  /^effective (?<effectiveAt>\S+)\n(?:scope (?<scope>.+)\npurpose (?<purpose>\S+)\nduration (?:(?<days>\d+) days|the request)\n)?(?<text>[\s\S]+)$/;

/**
 * Reads files named `KIND@VERSION[.LANGUAGE].md` whose first line is `effective INSTANT`. A consent has three more
 * lines: `scope DATA…`, `purpose PURPOSE`, and `duration N days` or, while the request is open, `duration the request`.
 */
async function readDocuments(folder: 'terms' | 'consents'): Promise<Document[]> {
  const directory = new URL(`${folder}/`, import.meta.url);
  const documents: Document[] = [];
  for (const name of (await readdir(directory)).toSorted()) {
    const [, kind = '', version = '', language = 'en'] = /^(.+)@([^.]+)(?:\.(\w+))?\.md$/.exec(name) ?? [];
    const content = await readFile(new URL(name, directory), 'utf8');
    const {
      effectiveAt = '',
      scope,
      purpose = '',
      days,
      text = '',
    } = documentHeader.exec(content)?.groups ?? {};
    const limits = scope
      ? { scope: scope.split(' '), purpose, duration_days: days ? Number(days) : null }
      : undefined;
    documents.push({ kind, version, language, effectiveAt, sha256: hashContent(text), text, limits });
  }
  return documents;
}

/**
 * Limits what agents serve to the instant from which new terms are effective, because nobody has accepted them yet, and
 * wakes the onboardings of registered agents, which ask for the terms.
 */
async function requireNewTerms(client: ClientBase, effectiveAt: string): Promise<void> {
  await client.query(
    `update serving set until_at = greatest($1::timestamptz, from_at) where coalesce(until_at > $1, true)`,
    [effectiveAt],
  );
  await client.query(wakeOnboardingsSql(`o.stage in ('active', 'awaiting-terms')`));
}

/**
 * Adds a document unless its version is stored already; a stored one must be identical, except for its date.
 * @returns whether it is new
 * @throws if the stored one differs
 */
async function saveDocument(
  client: ClientBase,
  table: string,
  row: Record<string, unknown>,
): Promise<boolean> {
  const names = Object.keys(row);
  const parameters = names.map((_, i) => `$${i + 1}`).join(', ');
  const added = await client.query(
    `insert into ${table} (${names.join(', ')}) values (${parameters}) on conflict do nothing`,
    Object.values(row),
  );
  const fixed = names.filter((name) => name !== 'effective_at');
  const { rowCount } = await client.query(
    `select from ${table} where ${fixed.map((name, i) => `${name} is not distinct from $${i + 1}`).join(' and ')}`,
    fixed.map((name) => row[name]),
  );
  if (rowCount !== 1) {
    throw new Error(
      `${String(row['kind'])} ${String(row['version'])} is already in force with another text: give it a new version.`,
    );
  }
  return added.rowCount === 1;
}

function hashContent(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}
