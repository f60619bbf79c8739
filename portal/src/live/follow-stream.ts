import { EventSource } from 'eventsource';
import type { Connection } from './connection.ts';

export interface FollowOptions {
  /** Path of the stream. */
  url: string;
  headers: Readonly<Record<string, string>>;
  fetch: typeof fetch;
  /** What to do with an event, by its name; gets the data. */
  on: Readonly<Record<string, (data: string) => void>>;
  /**
   * Called with true for each part of the stream, with false while it reconnects. That it was answered says nothing: a proxy can
   * hold back all of its parts.
   */
  onConnection: (connected: boolean) => void;
  /** Called when the stream is refused for good: the caller may not read it, or it is gone. */
  onRefused: () => void;
  /** Milliseconds until a stream is requested again that was refused for a while, by the status. */
  retryMs: (status: number | undefined) => number;
  /** Hears of each part of the stream, and is asked to check when a part is missing. */
  connection: Pick<Connection, 'heard' | 'check' | 'isLost' | 'subscribe'>;
  /** Milliseconds between two heartbeats of the stream. */
  beatMs: number;
}

/** Permanent refusals: no session or a wrong token, another account, nothing there. */
const final = new Set([401, 403, 404, 409]);
/** Too many requests or streams, and a service that has no stream to offer. */
const busy = new Set([429, 503]);

/** Milliseconds that a sign of a stream may be late on its way. */
const delayMs = 1_000;

/**
 * Milliseconds until a refused stream is requested again: 60 to 90 seconds where requests are too many already, otherwise 5 to
 * 7.5. It varies, so that the pages of one network do not all ask at once.
 */
export function refusedRetryMs(status: number | undefined): number {
  return (busy.has(status ?? 0) ? 60_000 : 5_000) * (1 + Math.random() / 2);
}

/**
 * Follows an event stream. The browser's own EventSource cannot send headers, and a token in an address would reach logs. A
 * broken stream continues after the last event, or begins anew once the service is reached again. One that is silent for two
 * heartbeats is dead, although it looks open, and begins anew. One that is refused temporarily is requested again later.
 * @returns a function that ends the stream
 */
export function followStream(options: FollowOptions): () => void {
  const { url, headers, fetch, on, onConnection, onRefused, retryMs, connection, beatMs } = options;
  let source: EventSource | undefined;
  let timers: ReturnType<typeof setTimeout>[] = [];
  /** Number of the current source: what an older one still says is ignored. */
  let current = 0;
  /** Whether it ended without an answer that says why. */
  let isBroken = false;

  const waitFor = (...waits: [ms: number, then: () => void][]) => {
    for (const timer of timers) clearTimeout(timer);
    timers = waits.map(([ms, then]) => setTimeout(then, ms));
  };
  const close = () => {
    current += 1;
    waitFor();
    source?.close();
  };
  const giveUp = () => {
    close();
    isBroken = true;
    onConnection(false);
    waitFor([retryMs(undefined), open]);
  };
  const waitForPart = () => waitFor([beatMs + delayMs, connection.check], [2 * beatMs + delayMs, giveUp]);
  function open(): void {
    close();
    const number = current;
    const opened = new EventSource(url, {
      async fetch(address, init) {
        isBroken = false;
        waitForPart();
        const response = await fetch(address, { ...init, headers: { ...init.headers, ...headers } });
        if (!response.ok) return response;
        return withParts(response, () => {
          if (number !== current) return;
          connection.heard();
          onConnection(true);
          waitForPart();
        });
      },
    });
    source = opened;
    for (const [name, handle] of Object.entries(on))
      opened.addEventListener(name, ({ data }) => handle(String(data)));
    opened.addEventListener('error', ({ code }) => {
      if (number !== current) return;
      onConnection(false);
      // after an HTTP status the source does not reconnect by itself, as its standard requires
      isBroken = opened.readyState !== opened.CLOSED;
      // not at once: a stop of the service breaks the streams of all people
      if (isBroken) return waitFor([beatMs * Math.random(), connection.check]);
      if (!final.has(code ?? 0)) return waitFor([retryMs(code), open]);
      waitFor();
      onRefused();
    });
  }
  open();
  let wasLost = connection.isLost();
  const unsubscribe = connection.subscribe(() => {
    const isLost = connection.isLost();
    if (wasLost && !isLost && isBroken) open();
    wasLost = isLost;
  });
  return () => {
    unsubscribe();
    close();
  };
}

/** Calls back for each part of a response's body: comments of a stream are signs too, and no events. */
function withParts(response: Response, onPart: () => void): Response {
  const { body, status, headers } = response;
  const parts = new TransformStream<Uint8Array, Uint8Array>({
    transform(part, controller) {
      onPart();
      controller.enqueue(part);
    },
  });
  return new Response(body?.pipeThrough(parts) ?? null, { status, headers });
}
