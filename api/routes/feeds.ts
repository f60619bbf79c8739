import { z } from 'zod';
import { importFeed } from '../../store/feeds/import-feed.ts';
import type { Deps } from '../deps.ts';
import { fail } from '../problems.ts';
import { type Route, route } from '../route.ts';
import { feedKind, feedReport } from '../schemas/feeds.ts';

export function feedRoutes({ feedsPool, settings, now }: Deps): Route[] {
  return [
    route({
      key: 'PUT /v1/feeds/:kind',
      summary: 'Deliver a feed: a full snapshot as CSV, taken in as a whole or not at all',
      params: z.strictObject({ kind: feedKind }),
      bodyType: 'text/csv',
      responses: { 200: { description: 'What the file changed', schema: feedReport } },
      problems: ['feed-header-differs', 'feed-truncated', 'feed-removes-too-much', 'feed-holds-ssn'],
      handle: async ({ params: { kind }, request }) => {
        if ((request.get('Content-Encoding') ?? 'identity') !== 'identity') fail('unsupported-media-type');
        const announced = request.get('Content-Length');
        const report = await importFeed({
          pool: feedsPool,
          kind,
          source: request,
          ...(announced ? { announcedBytes: Number(announced) } : {}),
          maxRemovedShare: settings.policy.maxRemovedShare,
          receivedAt: now(),
        });
        const { added, changed, removed, unchanged, bad, badRows } = report;
        return { status: 200, body: { added, changed, removed, unchanged, bad, badRows } };
      },
    }),
  ];
}
