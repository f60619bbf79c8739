import type { Database } from '../store/database/connection.ts';

/** Returns the database with a counter of the queries that go through it, except for begin and commit. */
export function countQueries(db: Database): { db: Database; queries: () => number } {
  let queries = 0;
  const counting = db.withPlugin({
    transformQuery({ node }) {
      queries += 1;
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  return { db: counting, queries: () => queries };
}
