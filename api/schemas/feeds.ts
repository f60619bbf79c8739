import { z } from 'zod';
import { feedKinds } from '../../domain/evidence.ts';

export const feedKind = z.enum(feedKinds).meta({ id: 'FeedKind' });

/** `PUT /v1/feeds/{kind}`: what the file changed. A bad row counts in none of the four figures. */
export const feedReport = z
  .strictObject({
    added: z.int().min(0),
    changed: z.int().min(0),
    removed: z.int().min(0),
    unchanged: z.int().min(0),
    bad: z.int().min(0).meta({ description: 'How many rows are bad; `badRows` lists the first 1,000' }),
    badRows: z.array(
      z.strictObject({
        line: z.int().min(1).meta({ description: 'Counted from 1 with the header' }),
        reason: z.string(),
      }),
    ),
  })
  .meta({ id: 'FeedReport' });
export type FeedReport = z.infer<typeof feedReport>;
