import { createHash } from 'node:crypto';

/** How often a connection is asked the same until it keeps the plan: what is rare is not worth the server's memory. */
const timesBefore = 3;

/** Most statements that a connection counts or keeps; a plan is some 20 kB of the server's memory. */
const mostStatements = 400;

const isQuery = /^\s*(select|insert|update|delete|with)\b/i;

/**
 * A statement whose result has all columns of a table, as Kysely writes it: after a migration that adds a column, its plan
 * would be refused ("cached plan must not change result type").
 */
const hasAllColumns = /^\s*select\s+("?\w+"?\.)?\*|\breturning\s+\*\s*$/i;

/**
 * Names for the statements of one connection: Postgres parses and plans a statement with a name once, and then only runs
 * it. A short statement takes longer to plan than to run. Those that are asked often get a name by themselves, because
 * Kysely has no way to give one.
 * @returns a function from a statement's text to its name; undefined: it is sent without one
 */
export function createStatementNames(): (text: string) => string | undefined {
  const asked = new Map<string, number>();
  return (text) => {
    const times = (asked.get(text) ?? 0) + 1;
    if (times === 1 && (!isQuery.test(text) || hasAllColumns.test(text))) return undefined;
    if (times === 1 && asked.size >= mostStatements) deleteRare(asked);
    if (times === 1 && asked.size >= mostStatements) return undefined;
    asked.set(text, times);
    return times > timesBefore ? nameOf(text) : undefined;
  };
}

/** Statements with lists of many lengths have many texts, which are rare each. */
function deleteRare(asked: Map<string, number>): void {
  for (const [text, times] of asked) if (times <= timesBefore) asked.delete(text);
}

const names = new Map<string, string>();

function nameOf(text: string): string {
  const name = names.get(text) ?? createHash('sha256').update(text).digest('hex').slice(0, 32);
  names.set(text, name);
  return name;
}
