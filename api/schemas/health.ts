import { z } from 'zod';

/** `GET /health/live` */
export const live = z.strictObject({ status: z.literal('live') }).meta({ id: 'Live' });

const part = z.enum(['up', 'down']);

/** `GET /health/ready` */
export const ready = z
  .strictObject({ status: z.enum(['ready', 'not-ready']), postgres: part, temporal: part })
  .meta({ id: 'Ready' });
export type Ready = z.infer<typeof ready>;
