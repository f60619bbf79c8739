import { z } from 'zod';
import { handleProblem, openProblems } from '../../store/problem-reports.ts';
import type { Deps } from '../deps.ts';
import { fail } from '../problems.ts';
import { type Route, route } from '../route.ts';
import { openProblems as openProblemList } from '../schemas/consumer-acts.ts';
import { id, nothing } from '../schemas/fields.ts';

/** As many as ops can look at on one page; the rest follow once these are handled. */
const shown = 200;

/** What consumers report of agents. */
export function opsProblemRoutes({ db, now }: Deps): Route[] {
  return [
    route({
      key: 'GET /v1/ops/problems',
      summary: 'The problems that consumers reported and nobody has looked at',
      responses: { 200: { description: 'The oldest first', schema: openProblemList } },
      handle: async () => {
        const problems = await openProblems(db, shown);
        return {
          status: 200 as const,
          body: {
            problems: problems.map(({ reportedAt, ...report }) => ({
              ...report,
              reportedAt: reportedAt.toISOString(),
            })),
          },
        };
      },
    }),
    route({
      key: 'POST /v1/ops/problems/:id/handling',
      summary: 'Mark a reported problem as looked at',
      params: z.strictObject({ id }),
      body: nothing,
      responses: { 204: { description: 'Marked, now or before' } },
      handle: async ({ params: { id: reportId }, caller: { accountId } }) => {
        const isThere = await handleProblem(db, { id: reportId, accountId, at: now() });
        return isThere ? { status: 204 as const } : fail('not-found');
      },
    }),
  ];
}
