import type { Request, Response } from 'express';
import type { LiveEvents } from './live-events.ts';
import type { OpenStreams } from './open-streams.ts';
import { networkOf } from './request-origin.ts';

/** One event of a stream: its id counts up per subject. */
export interface StreamedEvent {
  id: number;
  event: string;
  data: unknown;
}

export interface StreamOptions {
  request: Request;
  response: Response;
  events: LiveEvents;
  streams: OpenStreams;
  subject: { kind: 'onboarding' | 'referral'; id: string };
  /** The events after an id, oldest first; undefined asks for the current one. */
  read: (after: number | undefined) => Promise<StreamedEvent[]>;
  log: { warn: (values: object, message: string) => void };
}

/** How soon somebody whose stream made way for a newer one may ask again, in milliseconds; usually it is 2 seconds. */
const evictedRetryMs = 60_000;
/** As many bytes wait for a listener who does not read; then it is none. */
const maxUnreadBytes = 64 * 1024;

/**
 * A `text/event-stream`: the current event first, or with `Last-Event-ID` what came after that one; then each as
 * it happens. What cannot be read now is read with the next hint, so that an outage loses nothing.
 */
export async function streamEvents(options: StreamOptions): Promise<void> {
  const { request, response, events, subject, read, log } = options;
  let last = lastEventId(request);
  const leave =
    request.method === 'HEAD'
      ? () => undefined
      : options.streams.enter({
          subject: `${subject.kind} ${subject.id}`,
          network: networkOf(request),
          evict: () => response.end(`retry: ${evictedRetryMs}\n\n`),
        });
  response.on('close', leave);
  const first = await read(last).catch((error: unknown) => {
    leave();
    throw error;
  });
  // it made way meanwhile, or nobody listens any more
  if (response.writableEnded || response.destroyed) return;
  response.status(200).set({
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store, no-transform',
    // proxies that gather answers would hold events back
    'X-Accel-Buffering': 'no',
  });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const write = (news: readonly StreamedEvent[]) => {
    for (const { id, event, data } of news) {
      response.write(`event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`);
      last = id;
    }
    // an empty line keeps proxies from closing a quiet stream and finds listeners who have left
    if (news.length === 0) response.write(':\n\n');
    if (response.writableLength > maxUnreadBytes) response.destroy();
  };
  response.write('retry: 2000\n\n');
  write(first);

  let reading = false;
  let again = false;
  const look = async () => {
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    try {
      do {
        again = false;
        const news = await read(last);
        if (response.writable) write(news);
      } while (again);
    } catch (error) {
      log.warn({ err: error }, 'an event stream could not be read on');
    } finally {
      reading = false;
    }
  };
  const stop = events.watch(subject, { onChange: () => void look(), onStop: () => response.end() });
  response.on('close', stop);
  // what happened between the first reading and the watch
  void look();
}

function lastEventId(request: Request): number | undefined {
  const given = request.get('Last-Event-ID') ?? '';
  return /^\d{1,9}$/.test(given) ? Number(given) : undefined;
}
