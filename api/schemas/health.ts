import { z } from 'zod';

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
