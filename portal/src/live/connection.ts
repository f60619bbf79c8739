/**
 * `good`: the service answers. `slow`: a request has waited long for its answer. `lost`: the service does not answer.
 * `offline`: the same, and the browser says that it has no network.
 */
export type ConnectionState = 'good' | 'slow' | 'lost' | 'offline';

/** What the pages know of their connection to the service. */
export interface Connection {
  state: () => ConnectionState;
  /** Whether the service does not answer. */
  isLost: () => boolean;
  /** When anything last came from the service: an answer, or a part of a stream. */
  heardAt: () => Date;
  heard: () => void;
  /** Asks the service for a sign, unless that is under way: nobody knows whether it can be reached. */
  check: () => void;
  /** Waits for something else of the service, such as files of a page: its delay and its failure are doubts. */
  awaited: <Result>(loading: Promise<Result>) => Promise<Result>;
  /** Makes a fetch whose answers are signs, and whose failures and delays are doubts. */
  watched: (fetch: typeof globalThis.fetch) => typeof globalThis.fetch;
  /** Calls back when the state changes. @returns a function that ends this */
  subscribe: (onChange: () => void) => () => void;
}

export interface ConnectionOptions {
  /** Asks for any answer of the service. Rejects after `signLimitMs`. */
  askForSign: () => Promise<Response>;
  /** Time of this device's clock, in milliseconds. */
  clock: () => number;
  /** The browser, which says when its network goes and comes, and is often wrong. */
  network: Pick<EventTarget, 'addEventListener'> & { isOnline: () => boolean };
}

/** Milliseconds after which a request is slow. */
export const slowMs = 5_000;
/** Milliseconds within which the service gives a sign, or is taken for lost. */
export const signLimitMs = 4_000;

/**
 * Milliseconds until a lost service is asked again: 5 to 7.5 seconds at first, 20 to 30 in the end. It varies, so that the
 * pages of all people do not ask at once when the service is back.
 */
const signRetryMs = (misses: number) => Math.min(20_000, 5_000 * 1.5 ** misses) * (1 + Math.random() / 2);

/** Creates the connection of this tab. Only a missing sign makes it lost: one failed request alone can be chance. */
export function createConnection({ askForSign, clock, network }: ConnectionOptions): Connection {
  const listeners = new Set<() => void>();
  let heardMs = clock();
  let isLost = false;
  let isChecking = false;
  let misses = 0;
  let slow = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const heard = () => {
    heardMs = clock();
    misses = 0;
    clearTimeout(retry);
    if (!isLost) return;
    isLost = false;
    tell();
  };
  const missed = () => {
    isLost = true;
    clearTimeout(retry);
    retry = setTimeout(check, signRetryMs(misses));
    misses += 1;
    tell();
  };
  function check(): void {
    if (isChecking) return;
    isChecking = true;
    const askedMs = clock();
    void askForSign()
      .then(isSign, () => false)
      .then((isThere) => {
        isChecking = false;
        if (isThere) heard();
        // something may have come by another way meanwhile
        else if (heardMs <= askedMs) missed();
      });
  }
  network.addEventListener('offline', () => {
    isLost = true;
    tell();
    check();
  });
  network.addEventListener('online', () => {
    tell();
    check();
  });
  const count = (change: 1 | -1) => {
    slow += change;
    tell();
  };

  const awaited = async <Result>(loading: Promise<Result>): Promise<Result> => {
    let isSlow = false;
    const timer = setTimeout(() => {
      isSlow = true;
      count(1);
      check();
    }, slowMs);
    try {
      return await loading;
    } catch (error) {
      check();
      throw error;
    } finally {
      clearTimeout(timer);
      if (isSlow) count(-1);
    }
  };

  return {
    state: () => (isLost ? (network.isOnline() ? 'lost' : 'offline') : slow > 0 ? 'slow' : 'good'),
    isLost: () => isLost,
    heardAt: () => new Date(heardMs),
    heard,
    check,
    awaited,
    watched: (fetch) => async (input, init) => {
      const response = await awaited(fetch(input, init));
      if (isSign(response)) heard();
      else check();
      return response;
    },
    subscribe(onChange) {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
  };
}

/** Whether a response is from the service, and not from a proxy that could not reach it: ours are problems. */
function isSign({ status, headers }: Response): boolean {
  return status < 502 || headers.get('Content-Type')?.startsWith('application/problem+json') === true;
}
