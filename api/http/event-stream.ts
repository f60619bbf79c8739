import type { Request, Response } from 'express';
import type { LiveEvents } from './live-events.ts';
import type { OpenStreams } from './open-streams.ts';
import { networkOf } from './request-origin.ts';

/** One event of a stream. Its id increases by subject. */
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
  /** Reads the events after an id, oldest first; with undefined, the current one. */
  read: (after: number | undefined) => Promise<StreamedEvent[]>;
  log: { warn: (values: object, message: string) => void };
}

/** Milliseconds until a client whose stream was evicted may reconnect; the usual delay is 2 seconds. */
const evictedRetryMs = 60_000;
/** Maximum of unread bytes; a client that falls behind further is disconnected. */
const maxUnreadBytes = 64 * 1024;

/**
 * Streams events as `text/event-stream`: first the current event, or with `Last-Event-ID` every event after that one;
 * then each new event. Events that cannot be read during an outage are read after the next notification, so none is lost.
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
  // the stream was evicted meanwhile, or the client has left
  if (response.writableEnded || response.destroyed) return;
  response.status(200).set({
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store, no-transform',
    // keeps nginx from buffering events
    'X-Accel-Buffering': 'no',
  });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const write = (newEvents: readonly StreamedEvent[]) => {
    for (const { id, event, data } of newEvents) {
      response.write(`event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`);
      last = id;
    }
    // a comment line keeps proxies from closing an idle stream and detects clients that have left
    if (newEvents.length === 0) response.write(':\n\n');
    if (response.writableLength > maxUnreadBytes) response.destroy();
  };
  response.write('retry: 2000\n\n');
  write(first);

  let reading = false;
  let readAgain = false;
  const sendNew = async () => {
    if (reading) {
      readAgain = true;
      return;
    }
    reading = true;
    try {
      do {
        readAgain = false;
        const newEvents = await read(last);
        if (response.writable) write(newEvents);
      } while (readAgain);
    } catch (error) {
      log.warn({ err: error }, 'Event stream read failed, will retry at the next notification');
    } finally {
      reading = false;
    }
  };
  const stop = events.watch(subject, { onChange: () => void sendNew(), onStop: () => response.end() });
  response.on('close', stop);
  // events between the first read and the start of the watch
  void sendNew();
}

function lastEventId(request: Request): number | undefined {
  const header = request.get('Last-Event-ID') ?? '';
  return /^\d{1,9}$/.test(header) ? Number(header) : undefined;
}
