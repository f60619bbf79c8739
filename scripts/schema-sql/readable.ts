/**
 * Rewrites SQL that Postgres printed as a person would write it: lower case, short type names, no casts of text literals,
 * `in` for lists. The meaning stays the same: a test loads the result and prints it again.
 */
export function readable(sql: string): string {
  return sql
    .split(/('(?:[^']|'')*')/)
    .map((part) => (part.startsWith("'") ? part : part.toLowerCase()))
    .join('')
    .replaceAll(/('(?:[^']|'')*')::(?:text|timestamp with time zone|jsonb)(?!\[)/g, '$1')
    .replaceAll("'{}'::text[]", "'{}'")
    .replaceAll(/ = any \(array\[([^\]]*)\]\)/g, ' in ($1)')
    .replaceAll(/ <> all \(array\[([^\]]*)\]\)/g, ' not in ($1)')
    .replaceAll(/\(not (\w+) is distinct from /g, '($1 is not distinct from ')
    .replaceAll(' !~~ ', ' not like ')
    .replaceAll(/ references (\w+)\(/g, ' references $1 (')
    .replaceAll('timestamp with time zone', 'timestamptz')
    .replaceAll('character varying', 'varchar')
    .replaceAll(' using btree', '');
}
