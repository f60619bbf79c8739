import { createHash } from 'node:crypto';

/** How often a connection is asked the same until it keeps the plan: what is rare is not worth the server's memory. */
const timesBefore = 3;

/**
 * A statement that takes longer, in milliseconds, twice in a row is not prepared: planning is nothing beside it, and a plan for
 * all values can be far slower than one for those at hand.
 */
const longMs = 200;

/** Most statements that a connection counts or keeps; a plan is some 20 kB of the server's memory. */
const mostStatements = 400;

const isQuery = /^\s*(select|insert|update|delete|with)\b/i;

/**
 * A statement whose result has all columns of a table, as Kysely writes it: after a migration that adds a column, its plan
 * would be refused ("cached plan must not change result type").
 */
const hasAllColumns = /^\s*select\s+("?\w+"?\.)?\*|\breturning\s+\*\s*$/i;

interface Statement {
  times: number;
  /** How often in a row it took long; two stay two. */
  timesLong: number;
  /** Under which Postgres keeps it, once it has been asked often. */
  name?: string;
}

/**
 * Names for the statements of one connection: Postgres parses and plans a statement with a name once, and then only runs
 * it. A short statement takes longer to plan than to run. Those that are asked often get a name by themselves, because
 * Kysely has no way to give one.
 */
export function createStatementNames() {
  const asked = new Map<string, Statement>();
  return {
    /** Returns the name of a statement that is asked; undefined: it is sent without one. */
    nameOf(text: string): string | undefined {
      const statement = asked.get(text) ?? { times: 0, timesLong: 0 };
      statement.times += 1;
      const isFirst = statement.times === 1;
      if (isFirst && (!isQuery.test(text) || hasAllColumns.test(text))) return undefined;
      if (isFirst && asked.size >= mostStatements) deleteRare(asked);
      if (isFirst && asked.size >= mostStatements) return undefined;
      asked.set(text, statement);
      if (statement.times <= timesBefore || statement.timesLong === 2) return undefined;
      return (statement.name ??= nameOfText(text));
    },

    /** Notes how long a statement took until its answer or its failure, in milliseconds. */
    took(text: string, ms: number): void {
      const statement = asked.get(text);
      if (!statement || statement.timesLong === 2) return;
      statement.timesLong = ms > longMs ? statement.timesLong + 1 : 0;
    },
  };
}

/** Statements with lists of many lengths have many texts, which are rare each. */
function deleteRare(asked: Map<string, Statement>): void {
  for (const [text, { times }] of asked) if (times <= timesBefore) asked.delete(text);
}

function nameOfText(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
