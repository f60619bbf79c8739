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
  bad: z.int().min(0).meta({ description: 'Number of bad rows; the other counts exclude them' }),
};

const badRow = z.strictObject({
  line: z.int().min(1).meta({ description: 'Line number in the file; the header is line 1' }),
  reason: z.string().meta({ description: 'Names the columns at fault, without their values' }),
});

const additionalColumns = z
  .array(z.string())
  .meta({ description: 'Columns of the file that the feed does not define; they were ignored' });

/** `GET /v1/ops/feeds/{releaseId}/bad-rows` */
export const badRowsParams = z.strictObject({ releaseId: id });
export const badRowsQuery = z.strictObject({
  page: z.coerce
    .number()
    .int()
    .min(0)
    .max(2_147_483_647)
    .optional()
    .meta({ description: 'The `nextPage` of the previous page' }),
});
export const badRows = z
  .strictObject({
    items: z.array(badRow),
    nextPage: z
      .string()
      .nullable()
      .meta({ description: 'The value of `page` for the next page; null on the last page' }),
  })
  .meta({
    id: 'BadRows',
    description: 'The bad rows of a release by line; empty once there is a newer release',
  });

export type BadRows = z.infer<typeof badRows>;

/** `PUT /v1/feeds/{kind}`: counts of the rows that the file changed. Bad rows are counted separately. */
export const feedReport = z
  .strictObject({
    ...figures,
    badRows: z
      .array(badRow)
      .meta({ description: 'The first 1,000 bad rows; ops can read all of the newest release' }),
    additionalColumns,
  })
  .meta({ id: 'FeedReport' });
export type FeedReport = z.infer<typeof feedReport>;

const feedImport = z.strictObject({
  id,
  kind: feedKind,
  origin: z
    .enum(feedOrigins)
    .meta({ description: 'How the file arrived: uploaded, imported by command, or pulled by the service' }),
  sourceName: z.string().nullable().meta({ description: 'Source of a feed that is pulled; otherwise null' }),
  startedAt: instant,
  bytes: z.int().min(0).meta({ description: 'Bytes received so far; updated every few seconds' }),
  announcedBytes: z.int().min(0).nullable(),
  rows: z.int().min(0),
  additionalColumns,
  state: z.enum(feedImportStates),
  endedAt: instant
    .nullable()
    .meta({ description: 'When the import ended; if its process died, when it last reported progress' }),
  figures: z
    .strictObject(figures)
    .nullable()
    .meta({ description: 'Counts of a completed import; otherwise null' }),
  refusal: z
    .strictObject({ type: z.enum(feedRefusals), sentence: z.string(), detail: z.string() })
    .nullable()
    .meta({ description: 'Why the file was refused; `detail` was sent to the uploader' }),
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
          modified: z.string().meta({ description: 'Date of the last change, as the catalog writes it' }),
          endedAs: z.enum(['imported', 'refused']),
          lookedAt: instant.meta({
            description: 'When the service last found no newer release in the catalog',
          }),
        }),
      )
      .meta({ description: 'The last release of each dataset of the data catalog' }),
  })
  .meta({ id: 'FeedBoard', description: 'Imports and releases of feeds, without their content' });
export type FeedBoard = z.infer<typeof feedBoard>;
