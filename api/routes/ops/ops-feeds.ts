import { catalogs } from '../../../domain/text/catalog.ts';
import { readLastPullOfEach } from '../../../store/feeds/feed-pulls.ts';
import { readBadRows } from '../../../store/feeds/import/bad-rows.ts';
import { readFeedImports, readNewestReleases } from '../../../store/feeds/import/import-board.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { type Route, route } from '../../http/route.ts';
import { badRows, badRowsParams, badRowsQuery, feedBoard } from '../../schemas/feeds/feeds.ts';

const badRowsShown = 500;

/** Number of imports on the board: about two weeks of daily feeds. */
const importsShown = 50;

/** Routes for ops to watch feed imports. */
export function opsFeedRoutes({ db }: Deps): Route[] {
  return [
    route({
      key: 'GET /v1/ops/feeds',
      summary: 'List running and recent feed imports, and the newest release of each feed',
      responses: { 200: { description: 'Imports and releases', schema: feedBoard } },
      handle: async (_context) => {
        const [imports, releases, pulls] = await Promise.all([
          readFeedImports(db, importsShown),
          readNewestReleases(db),
          readLastPullOfEach(db),
        ]);
        return {
          status: 200,
          body: {
            imports: imports.map(({ startedAt, endedAt, refusal, ...rest }) => ({
              ...rest,
              startedAt: startedAt.toISOString(),
              endedAt: endedAt?.toISOString() ?? null,
              refusal: refusal && { ...refusal, sentence: catalogs.en.feedRefusal[refusal.type] },
            })),
            releases: releases.map((release) => ({
              ...release,
              receivedAt: release.receivedAt.toISOString(),
            })),
            pulls: pulls.map((pull) => ({ ...pull, lookedAt: pull.lookedAt.toISOString() })),
          },
        };
      },
    }),
    route({
      key: 'GET /v1/ops/feeds/:releaseId/bad-rows',
      summary: 'List the rows of a release that could not be imported, and why',
      params: badRowsParams,
      query: badRowsQuery,
      responses: { 200: { description: 'A page of bad rows', schema: badRows } },
      handle: async ({ params: { releaseId }, query: { page: after = 0 } }) => {
        const found = await readBadRows(db, { releaseId, after, limit: badRowsShown + 1 });
        if (!found) fail('not-found');
        const items = found.slice(0, badRowsShown);
        const last = found.length > badRowsShown ? items.at(-1) : undefined;
        return { status: 200, body: { items, nextPage: last ? `${last.line}` : null } };
      },
    }),
  ];
}
