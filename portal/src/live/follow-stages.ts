import { EventSource } from 'eventsource';

export interface FollowOptions {
  /** The referral's events: `/v1/referrals/{id}/events`, absolute. */
  url: string;
  /** The referral's own token. */
  token: string;
  fetch: typeof fetch;
  /** The referral has entered a stage; also called once with the one it is in. */
  onStage: () => void;
  /** The stream is up, or is being made again. */
  onConnection: (connected: boolean) => void;
  /** How soon a stream that was refused is asked for again. */
  retryMs: number;
}

/** Refusals that stay: the token is wrong, or the referral is gone. */
const final = new Set([401, 403, 404]);

/**
 * Follows a referral's stages over its event stream. The browser's own EventSource sends no bearer token, and a
 * token in an address would reach logs. A stream that breaks is taken up again after the last event; one that the
 * service refuses for now is asked for again later. The answer ends it.
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
      // with a status the source has given up by itself, as the standard asks
      if (opened.readyState === opened.CLOSED && !final.has(code ?? 0)) retry = setTimeout(open, retryMs);
    });
  };
  open();
  return () => {
    clearTimeout(retry);
    source?.close();
  };
}
