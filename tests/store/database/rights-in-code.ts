import { readdirSync, readFileSync } from 'node:fs';
import { feedDefinitions } from '../../../store/feeds/import/definitions.ts';

type Right = 'insert' | 'update' | 'delete';

const store = new URL('../../../store/', import.meta.url);

/** What a source does to which table: in Kysely's words, or in SQL. */
const statements: readonly { right: Right; pattern: RegExp }[] = [
  { right: 'insert', pattern: /\binsertInto\('(\w+)'/g },
  { right: 'update', pattern: /\bupdateTable\('(\w+)'/g },
  { right: 'delete', pattern: /\bdeleteFrom\('(\w+)'/g },
  { right: 'insert', pattern: /\binsert into (\w+)/g },
  { right: 'update', pattern: /(?<!for |key |do )\bupdate (\w+)/g },
  { right: 'delete', pattern: /\bdelete from (\w+)/g },
  // what is there already is updated, and a lock on a row needs the right to update it
  {
    right: 'update',
    pattern:
      /\b(?:insertInto\('|insert into )(\w+)(?:(?!insertInto|insert into)[^])*?(?:doUpdateSet|do update)/g,
  },
  {
    right: 'update',
    pattern:
      /\b(?:selectFrom\('|from )(\w+)(?:(?!selectFrom|from )[^])*?(?:forUpdate|forNoKeyUpdate|for update|for no key update)/g,
  },
];

/** Sources that run as the user of retention alone. */
const ofRetention = new Set([
  'agents/overdue-agents.ts',
  'ops/retention.ts',
  'referrals/erasure/overdue-referrals.ts',
]);
/** Sources that run as that user and as the application. */
const ofBoth = new Set([
  'encryption/consent-records.ts',
  'encryption/destroyed-keys.ts',
  'referrals/erasure/erasure.ts',
]);

/** A source that `migrate` runs, as the owner. */
const ofOwner = 'encryption/seal-clear-reasons.ts';

/** Tables that a source names in a list, and deletes from one after another. */
const deletesOfList: Readonly<Record<string, RegExp>> = {
  'agents/overdue-agents.ts': /^ {2}'(\w+)',$/gm,
  'ops/retention.ts': /(?:rowsOf\(|table: )'(\w+)'/g,
};

/** A function of the database. */
export interface DatabaseFunction {
  name: string;
  body: string;
}

/**
 * Returns what the code of the store and the functions of the database do with each table, as the rights that it takes.
 * Whatever is there may be read, except the record of migrations.
 */
export function rightsInCode(
  user: 'application' | 'retention',
  tables: readonly string[],
  functions: readonly DatabaseFunction[],
): Record<string, string[]> {
  const rights = new Map(tables.map((name) => [name, new Set(name === 'migrations' ? [] : ['select'])]));
  const add = (name: string, right: string) => rights.get(name)?.add(right);
  const isRun = (path: string) =>
    user === 'application'
      ? path !== ofOwner && !ofRetention.has(path)
      : ofRetention.has(path) || ofBoth.has(path);
  // of the triggers, an erasure fires those that follow a change of an agent
  const fired = functions.filter(({ name }) => user === 'application' || name === 'refresh_candidates');
  for (const source of [...storeSources(isRun), ...fired.map(({ body }) => body)]) {
    for (const { right, pattern } of statements) {
      for (const [, name = ''] of source.matchAll(pattern)) add(snakeCase(name), right);
    }
  }
  if (user === 'retention') {
    for (const [path, pattern] of Object.entries(deletesOfList))
      for (const [, name = ''] of readFileSync(new URL(path, store), 'utf8').matchAll(pattern))
        add(snakeCase(name), 'delete');
    return toRecord(rights);
  }
  // an import writes its SQL from a definition
  for (const { table } of Object.values(feedDefinitions)) {
    for (const right of ['insert', 'update', 'delete']) add(table, right);
  }
  return toRecord(rights);
}

const toRecord = (rights: ReadonlyMap<string, ReadonlySet<string>>) =>
  Object.fromEntries([...rights].map(([name, found]) => [name, [...found].toSorted()]));

/** Reads the sources that the application runs, without comments; migrations and reference data are the owner's. */
function storeSources(isRun: (path: string) => boolean): string[] {
  return readdirSync(store, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.startsWith('database/') && isRun(path))
    .map((path) => readFileSync(new URL(path, store), 'utf8').replace(/\/\*[^]*?\*\/|\/\/.*$/gm, ''));
}

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
