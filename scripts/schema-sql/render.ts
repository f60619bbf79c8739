import type { Catalog, CatalogFunction, CatalogTable } from './catalog.ts';
import { commented, wrapped } from './lines.ts';
import { readable } from './readable.ts';
import { calledFunction, renderTable } from './render-table.ts';

const head = [
  '-- The tables of the service. Generated from the migrated database by `npm run schema`: do not edit it, add a migration.',
  '-- A table stands after those that it refers to, and a function above the triggers or the table whose indexes call it.',
].join('\n');

/**
 * Writes the schema as SQL that people can read and Postgres can run: domains, tables, functions, views. Database
 * comments become SQL comments above their objects.
 */
export function renderSchema({ domains, functions, tables, views }: Catalog): string {
  const left = new Map(functions.map((one) => [one.name, renderFunction(one)]));
  const takeOut = (names: readonly string[]) => {
    const taken = [...new Set(names)].flatMap((name) => left.get(name) ?? []);
    for (const name of names) left.delete(name);
    return taken;
  };
  const renderedTables = inOrderOfReference(tables).map((table) => {
    const indexing = [...left.keys()].filter((name) =>
      table.indexes.some((index) => index.includes(`${name}(`)),
    );
    const above = takeOut(indexing);
    return [...above, renderTable(table, takeOut(table.triggers.map(calledFunction)))].join('\n\n');
  });
  const parts = [
    head,
    ...domains.map(({ name, type, checks, comment }) =>
      commented(
        comment,
        [`create domain ${name} as ${type}`, ...checks.map((check) => wrapped(readable(check), '  '))]
          .join('\n')
          .concat(';'),
      ),
    ),
    ...renderedTables,
    ...left.values(),
    ...views.map(({ name, query, comment }) =>
      commented(comment, `create view ${name} as\n${readable(query.trim())}`),
    ),
  ];
  return `${parts.join('\n\n')}\n`;
}

function renderFunction({
  name,
  parameters,
  result,
  language,
  traits,
  body,
  comment,
}: CatalogFunction): string {
  const declared = `create function ${name}(${parameters}) returns ${readable(result)} language ${language}`;
  const start = wrapped([declared, traits, 'as $$'].filter(Boolean).join(' '));
  return commented(comment, `${start}${body}$$;`);
}

/** Sorts tables by name, but each after those that its foreign keys reference. */
function inOrderOfReference(tables: readonly CatalogTable[]): CatalogTable[] {
  const ordered: CatalogTable[] = [];
  const left = new Map(tables.map((table) => [table.name, table]));
  while (left.size > 0) {
    const next = [...left.values()].find(({ name, constraints }) =>
      constraints.every(({ target }) => target === null || target === name || !left.has(target)),
    );
    if (!next) throw new Error(`foreign keys in a circle: ${[...left.keys()].join(', ')}`);
    left.delete(next.name);
    ordered.push(next);
  }
  return ordered;
}
