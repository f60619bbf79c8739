import { sql } from 'kysely';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { type Route, route } from '../http/route.ts';

/** How long a part may take to answer before it counts as down. */
const probeTimeoutMs = 2_000;

export function healthRoutes({ db, temporal }: Deps): Route[] {
  return [
    route({
      key: 'GET /health/live',
      summary: 'Whether the process runs',
      responses: { 200: { description: 'It runs', schema: liveness } },
      handle: async (_context) => ({ status: 200, body: { status: 'live' } }),
    }),
    route({
      key: 'GET /health/ready',
      summary: 'Whether requests can be answered: Postgres and Temporal answer',
      responses: {
        200: { description: 'Both answer', schema: readiness },
        503: { description: 'One of them does not', schema: readiness },
      },
      handle: async (_context) => {
        const [postgres, workflows] = await Promise.all([
          probe(sql`select 1`.execute(db)),
          probe(
            temporal.withDeadline(Date.now() + probeTimeoutMs, () =>
              temporal.workflowService.getSystemInfo({}),
            ),
          ),
        ]);
        const parts = { postgres, temporal: workflows };
        return postgres === 'up' && workflows === 'up'
          ? { status: 200, body: { status: 'ready', ...parts } }
          : { status: 503, body: { status: 'not-ready', ...parts }, headers: { 'Retry-After': '2' } };
      },
    }),
  ];
}

async function probe(asked: Promise<unknown>): Promise<'up' | 'down'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'down'>((resolve) => {
    timer = setTimeout(resolve, probeTimeoutMs, 'down');
  });
  const answered = asked.then(
    () => 'up' as const,
    () => 'down' as const,
  );
  return Promise.race([answered, late]).finally(() => clearTimeout(timer));
}

/** `GET /health/live` */
export const liveness = z.strictObject({ status: z.literal('live') }).meta({ id: 'Live' });

const dependencyState = z.enum(['up', 'down']);

/** `GET /health/ready` */
export const readiness = z
  .strictObject({
    status: z.enum(['ready', 'not-ready']),
    postgres: dependencyState,
    temporal: dependencyState,
  })
  .meta({ id: 'Ready' });
export type Readiness = z.infer<typeof readiness>;
