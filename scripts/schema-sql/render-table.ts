import type { CatalogColumn, CatalogConstraint, CatalogTable } from './catalog.ts';
import { commented, wrapped } from './lines.ts';
import { readable } from './readable.ts';

/**
 * Writes a table with its columns, keys and checks, then its indexes and triggers.
 * @param functions SQL of the functions that its triggers call, except those written with an earlier table
 */
export function renderTable(table: CatalogTable, functions: readonly string[]): string {
  const { name, options, comment, indexes, triggers } = table;
  const storage = options ? ` with (${options.join(', ').replaceAll('=', ' = ')})` : '';
  const head = commented(comment, `create table ${name} (`);
  const statements = (definitions: readonly string[]) =>
    definitions.map((definition) => wrapped(`${readable(definition)};`));
  const below = functions.length > 0 ? ['', functions.join('\n\n'), ''] : [];
  return [
    head,
    ...members(table),
    `)${storage};`,
    ...statements(indexes),
    ...below,
    ...statements(triggers),
  ].join('\n');
}

/** Returns the name of the function that a trigger calls. */
export function calledFunction(trigger: string): string {
  return /EXECUTE FUNCTION (\w+)\(/.exec(trigger)?.[1] ?? '';
}

function members({ name, columns, constraints }: CatalogTable): string[] {
  const isInline = (one: CatalogConstraint) => one.columns.length === 1 && one.name === inlineName(name, one);
  const lines = [
    ...columns.map((column) => {
      const inline = constraints.filter((one) => isInline(one) && one.columns[0] === column.name);
      const isKey = inline.some(({ kind }) => kind === 'p');
      const words = [...columnWords(column, column.required && !isKey), ...inline.map(inlineWords)];
      return { comment: column.comment, sql: words.join(' ') };
    }),
    ...constraints
      .filter((one) => !isInline(one))
      .map((one) => ({ comment: null, sql: `constraint ${one.name} ${readable(one.definition)}` })),
  ];
  return lines.map(({ comment, sql }, index) =>
    commented(comment, index < lines.length - 1 ? `${sql},` : sql, '  '),
  );
}

/** Returns the name that Postgres gives a constraint that is declared with its column. */
function inlineName(table: string, { kind, columns }: CatalogConstraint): string {
  const suffix = { p: 'pkey', u: `${columns[0]}_key`, f: `${columns[0]}_fkey`, c: `${columns[0]}_check` };
  return `${table}_${suffix[kind]}`;
}

function columnWords(
  { name, type, value, identity, generated }: CatalogColumn,
  isRequired: boolean,
): string[] {
  return [
    name,
    readable(type),
    ...(isRequired && identity === '' ? ['not null'] : []),
    ...(value !== null && generated === '' ? [`default ${readable(value)}`] : []),
    ...(identity === '' ? [] : [`generated ${identity === 'a' ? 'always' : 'by default'} as identity`]),
    ...(generated === '' ? [] : [`generated always as (${readable(value ?? '')}) stored`]),
  ];
}

function inlineWords({ definition }: CatalogConstraint): string {
  return readable(definition)
    .replace(/^(primary key|unique) \([^)]*\)/, '$1')
    .replace(/^foreign key \([^)]*\) /, '');
}
