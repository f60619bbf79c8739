import { z } from 'zod';

/** Data of an event in `GET /v1/me/events` and `GET /v1/ops/events`: ids of what has changed. */
export const changeEvent = z
  .strictObject({
    onboardings: z
      .array(z.string().regex(/^\d{1,10}-\d{4}$/))
      .meta({ description: 'NPN and plan year, such as `1000017-2027`' }),
    referrals: z.array(z.uuid()),
  })
  .meta({ id: 'ChangeEvent' });
export type ChangeEvent = z.infer<typeof changeEvent>;
