import type { Sources } from './optional-properties.ts';

/** What only the store does, by the pattern that shows it in a source. */
const signs: Readonly<Record<string, RegExp>> = {
  'builds a query':
    /\.(?:selectFrom|insertInto|updateTable|deleteFrom|mergeInto|with|withRecursive)\(|\bCompiledQuery\b/,
  'has SQL of its own': /\bsql(?:<[^`;]*>)?`|\.query(?:<[^;]*?>)?\(/,
  'imports a library of SQL': /^(?:import|export) (?!type\b)[^;]*? from '(?:kysely|pg|pg-copy-streams)';/m,
  'writes an event, a notice or an outbox message':
    /(?<![.\w])(?:recordEvent|recordReferralEvent|createNotice|enqueue)\(/,
};

/** Finds what files outside the store do that only the store does, as `path: what`. */
export function sqlOutsideStore(sources: Sources): string[] {
  return [...sources]
    .filter(([path]) => !path.startsWith('store/'))
    .flatMap(([path, source]) =>
      Object.entries(signs)
        .filter(([, sign]) => sign.test(source))
        .map(([what]) => `${path}: ${what}`),
    )
    .toSorted();
}

/** Finds files of the store that open a transaction of Kysely, which is for their callers to do. */
export function transactionsInStore(sources: Sources): string[] {
  return [...sources]
    .filter(([path, source]) => path.startsWith('store/') && source.includes('.transaction('))
    .map(([path]) => path);
}
