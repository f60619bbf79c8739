import { catalogs } from '../../domain/catalog/catalog.ts';
import { readFeedImports, readNewestReleases } from '../../store/feeds/import-board.ts';
import type { Deps } from '../deps.ts';
import { type Route, route } from '../route.ts';
import { feedBoard } from '../schemas/feeds.ts';

/** A feed comes about once a day: some two weeks of them. */
const importsShown = 50;

/** How feeds come in. */
export function opsFeedRoutes({ db }: Deps): Route[] {
  return [
    route({
      key: 'GET /v1/ops/feeds',
      summary: 'How far imports of feeds are, how the last ones ended, and how old the newest releases are',
      responses: { 200: { description: 'Imports and releases', schema: feedBoard } },
      handle: async (_context) => {
        const [imports, releases] = await Promise.all([
          readFeedImports(db, importsShown),
          readNewestReleases(db),
        ]);
        return {
          status: 200,
          body: {
            imports: imports.map(({ startedAt, endedAt, refusal, ...one }) => ({
              ...one,
              startedAt: startedAt.toISOString(),
              endedAt: endedAt?.toISOString() ?? null,
              refusal: refusal && { ...refusal, sentence: catalogs.en.feedRefusal[refusal.type] },
            })),
            releases: releases.map((release) => ({
              ...release,
              receivedAt: release.receivedAt.toISOString(),
            })),
          },
        };
      },
    }),
  ];
}
