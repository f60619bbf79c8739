import { EventSource } from 'eventsource';

export interface FollowOptions {
  /** Absolute URL of the referral's events: `/v1/referrals/{id}/events`. */
  url: string;
  /** Token of the referral. */
  token: string;
  fetch: typeof fetch;
  /** Called once for the current stage, then for each new stage. */
  onStage: () => void;
  /** Called with true when the stream is connected, with false while it reconnects. */
  onConnection: (connected: boolean) => void;
  /** Milliseconds until a refused stream is requested again. */
  retryMs: number;
}

/** Permanent refusals: the token is wrong, or the referral is gone. */
const final = new Set([401, 403, 404]);

/**
 * Follows a referral's stages over its event stream. The browser's own EventSource cannot send a bearer token, and a token
 * in an address would reach logs. A broken stream continues after the last event. A stream that is refused temporarily is
 * requested again later.
 * @returns a function that ends the stream
 */
export function followStages(options: FollowOptions): () => void {
  const { url, token, fetch, onStage, onConnection, retryMs } = options;
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const open = () => {
    const opened = new EventSource(url, {
      fetch: (address, init) =>
        fetch(address, { ...init, headers: { ...init.headers, Authorization: `Bearer ${token}` } }),
    });
    source = opened;
    opened.addEventListener('open', () => onConnection(true));
    opened.addEventListener('stage', onStage);
    opened.addEventListener('error', ({ code }) => {
      onConnection(false);
      // after an HTTP status the source does not reconnect by itself, as its standard requires
      if (opened.readyState === opened.CLOSED && !final.has(code ?? 0)) retry = setTimeout(open, retryMs);
    });
  };
  open();
  return () => {
    clearTimeout(retry);
    source?.close();
  };
}
