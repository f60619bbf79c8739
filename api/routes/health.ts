import { z } from 'zod';
import { ping } from '../../store/database/connection.ts';
import type { Deps } from '../deps.ts';
import { type Route, route } from '../http/route.ts';

/** Milliseconds until a dependency that does not answer counts as down. */
const probeTimeoutMs = 2_000;

/** Health probes for load balancers and orchestrators. */
export function healthRoutes({ db, temporal }: Deps): Route[] {
  return [
    route({
      key: 'GET /health/live',
      summary: 'Liveness: the process is running',
      responses: { 200: { description: 'The process is running', schema: liveness } },
      handle: async (_context) => ({ status: 200, body: { status: 'live' } }),
    }),
    route({
      key: 'GET /health/ready',
      summary: 'Readiness: Postgres and Temporal can be reached',
      responses: {
        200: { description: 'Both can be reached', schema: readiness },
        503: { description: 'At least one of them cannot be reached', schema: readiness },
      },
      handle: async (_context) => {
        const [postgres, workflows] = await Promise.all([
          probe(ping(db)),
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

async function probe(call: Promise<unknown>): Promise<'up' | 'down'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'down'>((resolve) => {
    timer = setTimeout(resolve, probeTimeoutMs, 'down');
  });
  const state = call.then(
    () => 'up' as const,
    () => 'down' as const,
  );
  return Promise.race([state, late]).finally(() => clearTimeout(timer));
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
