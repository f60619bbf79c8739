import { EventSource } from 'eventsource';

export interface FollowOptions {
  /** Path of the stream. */
  url: string;
  headers: Readonly<Record<string, string>>;
  fetch: typeof fetch;
  /** What to do with an event, by its name; gets the data. */
  on: Readonly<Record<string, (data: string) => void>>;
  /** Called with true when the stream is connected, with false while it reconnects. */
  onConnection: (connected: boolean) => void;
  /** Called when the stream is refused for good: the caller may not read it, or it is gone. */
  onRefused: () => void;
  /** Milliseconds until a stream is requested again that was refused for a while, by the status. */
  retryMs: (status: number | undefined) => number;
}

/** Permanent refusals: no session or a wrong token, another account, nothing there. */
const final = new Set([401, 403, 404, 409]);
/** Too many requests or streams, and a service that has no stream to offer. */
const busy = new Set([429, 503]);

/**
 * Milliseconds until a refused stream is requested again: 60 to 90 seconds where requests are too many already, otherwise 5 to
 * 7.5. It varies, so that the pages of one network do not all ask at once.
 */
export function refusedRetryMs(status: number | undefined): number {
  return (busy.has(status ?? 0) ? 60_000 : 5_000) * (1 + Math.random() / 2);
}

/**
 * Follows an event stream. The browser's own EventSource cannot send headers, and a token in an address would reach logs. A
 * broken stream continues after the last event. A stream that is refused temporarily is requested again later.
 * @returns a function that ends the stream
 */
export function followStream(options: FollowOptions): () => void {
  const { url, headers, fetch, on, onConnection, onRefused, retryMs } = options;
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const open = () => {
    const opened = new EventSource(url, {
      fetch: (address, init) => fetch(address, { ...init, headers: { ...init.headers, ...headers } }),
    });
    source = opened;
    opened.addEventListener('open', () => onConnection(true));
    for (const [name, handle] of Object.entries(on))
      opened.addEventListener(name, ({ data }) => handle(String(data)));
    opened.addEventListener('error', ({ code }) => {
      onConnection(false);
      // after an HTTP status the source does not reconnect by itself, as its standard requires
      if (opened.readyState !== opened.CLOSED) return;
      if (final.has(code ?? 0)) onRefused();
      else retry = setTimeout(open, retryMs(code));
    });
  };
  open();
  return () => {
    clearTimeout(retry);
    source?.close();
  };
}
