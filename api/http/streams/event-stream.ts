import type { Request, Response } from 'express';
import { networkOf } from '../requests/request-origin.ts';
import type { OpenStreams } from './open-streams.ts';

/** One event of a stream. Its id increases by subject. */
export interface StreamedEvent {
  id: number;
  event: string;
  data: unknown;
}

/** An open `text/event-stream`. Calls after its end have no effect. */
export interface EventStream {
  send: (events: readonly StreamedEvent[]) => void;
  /** Sends a comment, which keeps proxies from closing an idle stream and detects clients that have left. */
  beat: () => void;
  /** Ends it. @param retryMs milliseconds until the client reconnects, if not those of its start */
  end: (retryMs?: number) => void;
  /** Calls back once the stream is over. */
  onClose: (callback: () => void) => void;
}

export interface StreamOptions {
  request: Request;
  response: Response;
  streams: OpenStreams;
  /** What the number of streams is limited by, such as one referral. */
  subject: string;
  /** Milliseconds until a client reconnects whose stream broke. */
  retryMs: number;
  /** Reads the events that the stream starts with. */
  readFirst: () => Promise<readonly StreamedEvent[]>;
}

/** Milliseconds until a client whose stream was evicted may reconnect. */
const evictedRetryMs = 60_000;
/** Maximum of unread bytes; a client that falls behind further is disconnected. */
const maxUnreadBytes = 64 * 1024;

/**
 * Opens an event stream and sends its first events.
 * @returns undefined if nothing can follow them: the request was HEAD, or the client has left
 * @throws what `readFirst` throws, and a problem if too many streams are open
 */
export async function openEventStream(options: StreamOptions): Promise<EventStream | undefined> {
  const { request, response, retryMs, readFirst } = options;
  const leave = request.method === 'HEAD' ? () => undefined : enterStreams(options);
  response.on('close', leave);
  const first = await readFirst().catch((error: unknown) => {
    leave();
    throw error;
  });
  // the stream was evicted meanwhile, or the client has left
  if (response.writableEnded || response.destroyed) return undefined;
  response.status(200).set({
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store, no-transform',
    // keeps nginx from buffering events
    'X-Accel-Buffering': 'no',
  });
  if (request.method === 'HEAD') {
    response.end();
    return undefined;
  }
  const stream = streamOver(response);
  response.write(`retry: ${retryMs}\n\n`);
  stream.send(first);
  return stream;
}

function enterStreams({ request, response, streams, subject }: StreamOptions): () => void {
  const evict = () => response.end(`retry: ${evictedRetryMs}\n\n`);
  return streams.enter({ subject, network: networkOf(request), evict });
}

function streamOver(response: Response): EventStream {
  const write = (text: string) => {
    if (!response.writable) return;
    response.write(text);
    if (response.writableLength > maxUnreadBytes) response.destroy();
  };
  return {
    send(events) {
      for (const { id, event, data } of events)
        write(`event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    beat: () => write(':\n\n'),
    end: (retryMs) => response.end(retryMs === undefined ? undefined : `retry: ${retryMs}\n\n`),
    onClose: (callback) => response.on('close', callback),
  };
}
