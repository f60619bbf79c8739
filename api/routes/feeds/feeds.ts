import type { Request } from 'express';
import { z } from 'zod';
import { feedRefusals } from '../../../domain/feeds/feed-imports.ts';
import { importFeed } from '../../../store/feeds/import/import-feed.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { type Route, route } from '../../http/route.ts';
import { feedKind, feedReport } from '../../schemas/feeds/feeds.ts';

/** How often ops are told in the log how far an upload has come. */
const logEveryMs = 5_000;

export function feedRoutes({ feedsPool, db, settings, log, now }: Deps): Route[] {
  return [
    route({
      key: 'PUT /v1/feeds/:kind',
      summary: 'Deliver a feed: a full snapshot as CSV, taken in as a whole or not at all',
      params: z.strictObject({ kind: feedKind }),
      bodyType: 'text/csv',
      responses: { 200: { description: 'What the file changed', schema: feedReport } },
      problems: [...feedRefusals],
      handle: async ({ params: { kind }, request }) => {
        if ((request.get('Content-Encoding') ?? 'identity') !== 'identity') fail('unsupported-media-type');
        const announced = request.get('Content-Length');
        let toldAt = Date.now();
        const report = await whileConnected(request, (signal) =>
          importFeed({
            signal,
            pool: feedsPool,
            db,
            kind,
            origin: 'upload',
            source: request,
            ...(announced ? { announcedBytes: Number(announced) } : {}),
            maxRemovedShare: settings.policy.maxRemovedShare,
            maxBadShare: settings.policy.maxBadShare,
            receivedAt: now(),
            onProgress: ({ bytes, rows }) => {
              if (Date.now() - toldAt < logEveryMs) return;
              toldAt = Date.now();
              log.info({ kind, bytes, rows, announcedBytes: announced }, 'a feed is coming in');
            },
          }),
        );
        const { releaseId: _, additionalColumns, ...body } = report;
        return { status: 200, body: { ...body, additionalColumns: [...additionalColumns] } };
      },
    }),
  ];
}

/** Who goes away while his file waits for another import gives his connection to the next. */
async function whileConnected<Result>(
  { socket }: Request,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const leaving = new AbortController();
  const leave = () => leaving.abort(new Error('the sender went away'));
  socket.once('close', leave);
  try {
    return await work(leaving.signal);
  } finally {
    socket.off('close', leave);
  }
}
