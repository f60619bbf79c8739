import { z } from 'zod';
import { feedImportStates, feedOrigins, feedRefusals } from '../../../domain/feeds/feed-imports.ts';
import { feedKinds } from '../../../domain/onboarding/evidence.ts';
import { id, instant } from '../fields.ts';

export const feedKind = z.enum(feedKinds).meta({ id: 'FeedKind' });

const figures = {
  added: z.int().min(0),
  changed: z.int().min(0),
  removed: z.int().min(0),
  unchanged: z.int().min(0),
  bad: z.int().min(0).meta({ description: 'How many rows are bad; they are in none of the other figures' }),
};

const badRow = z.strictObject({
  line: z.int().min(1).meta({ description: 'Counted from 1 with the header' }),
  reason: z.string().meta({ description: 'Names columns and repeats no field' }),
});

const additionalColumns = z
  .array(z.string())
  .meta({ description: 'The names of columns that the feed does not have; they were left' });

/** `GET /v1/ops/feeds/{releaseId}/bad-rows` */
export const badRowsParams = z.strictObject({ releaseId: id });
export const badRowsQuery = z.strictObject({
  page: z.coerce
    .number()
    .int()
    .min(0)
    .max(2_147_483_647)
    .optional()
    .meta({ description: 'The `nextPage` of the page before' }),
});
export const badRows = z
  .strictObject({
    items: z.array(badRow),
    nextPage: z.string().nullable().meta({ description: 'Where the next page begins; null on the last' }),
  })
  .meta({ id: 'BadRows', description: 'The bad rows of a release by line; none where a newer one has come' });

export type BadRows = z.infer<typeof badRows>;

/** `PUT /v1/feeds/{kind}`: what the file changed. A bad row counts in none of the four figures. */
export const feedReport = z
  .strictObject({
    ...figures,
    badRows: z
      .array(badRow)
      .meta({ description: 'The first 1,000 of them; ops can read all of the newest release' }),
    additionalColumns,
  })
  .meta({ id: 'FeedReport' });
export type FeedReport = z.infer<typeof feedReport>;

const feedImport = z.strictObject({
  id,
  kind: feedKind,
  origin: z
    .enum(feedOrigins)
    .meta({ description: 'Uploaded, imported by command, or pulled by the service' }),
  sourceName: z.string().nullable().meta({ description: 'Of a feed that is pulled, what from' }),
  startedAt: instant,
  bytes: z.int().min(0).meta({ description: 'How much has come so far; told every few seconds' }),
  announcedBytes: z.int().min(0).nullable(),
  rows: z.int().min(0),
  additionalColumns,
  state: z.enum(feedImportStates),
  endedAt: instant.nullable().meta({ description: 'Of one whose process died, when it was last heard of' }),
  figures: z.strictObject(figures).nullable().meta({ description: 'Of one that was imported' }),
  refusal: z
    .strictObject({ type: z.enum(feedRefusals), sentence: z.string(), detail: z.string() })
    .nullable()
    .meta({ description: 'Why it was refused; `detail` is what its sender was told' }),
});

/** `GET /v1/ops/feeds` */
export const feedBoard = z
  .strictObject({
    imports: z.array(feedImport).meta({ description: 'The last 50, newest first' }),
    releases: z
      .array(z.strictObject({ id, kind: feedKind, receivedAt: instant, sha256: z.string(), ...figures }))
      .meta({ description: 'The newest release of each feed, newest first' }),
    pulls: z
      .array(
        z.strictObject({
          dataset: z.string(),
          kind: feedKind,
          modified: z.string().meta({ description: 'When it was changed, as the catalog writes it' }),
          endedAs: z.enum(['imported', 'refused']),
          lookedAt: instant.meta({ description: 'When the catalog had no newer one, last' }),
        }),
      )
      .meta({ description: 'The last release of each dataset of the data catalog' }),
  })
  .meta({ id: 'FeedBoard', description: 'How feeds come in; nothing of what a file says' });
export type FeedBoard = z.infer<typeof feedBoard>;
