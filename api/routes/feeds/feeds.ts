import type { Request } from 'express';
import { z } from 'zod';
import { feedRefusals } from '../../../domain/feeds/feed-imports.ts';
import { importFeed } from '../../../store/feeds/import/import-feed.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { type Route, route } from '../../http/route.ts';
import { feedKind, feedReport } from '../../schemas/feeds/feeds.ts';

/** Milliseconds between log lines on the progress of an upload. */
const logEveryMs = 5_000;

/** Route to upload a feed. The file is imported while it is received. */
export function feedRoutes({ feedsPool, db, settings, log, now }: Deps): Route[] {
  return [
    route({
      key: 'PUT /v1/feeds/:kind',
      summary: 'Upload a feed: a full snapshot as CSV, imported as a whole or not at all',
      params: z.strictObject({ kind: feedKind }),
      bodyType: 'text/csv',
      responses: { 200: { description: 'Counts of the changed rows', schema: feedReport } },
      problems: [...feedRefusals],
      handle: async ({ params: { kind }, request }) => {
        if ((request.get('Content-Encoding') ?? 'identity') !== 'identity') fail('unsupported-media-type');
        const announced = request.get('Content-Length');
        let loggedAt = Date.now();
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
              if (Date.now() - loggedAt < logEveryMs) return;
              loggedAt = Date.now();
              log.info({ kind, bytes, rows, announcedBytes: announced }, 'Feed upload in progress');
            },
          }),
        );
        const { releaseId: _, additionalColumns, ...body } = report;
        return { status: 200, body: { ...body, additionalColumns: [...additionalColumns] } };
      },
    }),
  ];
}

/** Aborts the work if the client disconnects, so that an upload that waits for another import frees its connection. */
async function whileConnected<Result>(
  { socket }: Request,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const abort = () => controller.abort(new Error('Client disconnected'));
  socket.once('close', abort);
  try {
    return await work(controller.signal);
  } finally {
    socket.off('close', abort);
  }
}
