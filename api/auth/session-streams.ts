import { readLiveSessions } from '../../store/accounts/sessions.ts';
import type { Deps } from '../deps.ts';

/** Open event streams of logged-in accounts. */
export interface SessionStreams {
  /** Calls `end` once the session has ended, or its account can no longer be used or may only read why. @returns a function that ends this */
  follow(tokenSha256: string, end: () => void): () => void;
}

/** Milliseconds between two checks, and so the longest time that a stream outlives its session. */
const checkEveryMs = 5_000;

/**
 * Checks the sessions of all open streams of this process again and again, in one query: the guard has checked each only
 * when it was opened.
 */
export function createSessionStreams({ db, now, log }: Pick<Deps, 'db' | 'now' | 'log'>): SessionStreams {
  const streams = new Map<string, Set<() => void>>();
  let timer: NodeJS.Timeout | undefined;

  const check = async () => {
    const tokens = [...streams.keys()];
    const live = await readLiveSessions(db, { tokens, at: now() });
    for (const token of tokens) if (!live.has(token)) for (const end of streams.get(token) ?? []) end();
  };
  const checkLater = () => {
    timer = setTimeout(() => {
      void check()
        .catch((error: unknown) => log.warn({ err: error }, 'Sessions of streams not readable, will retry'))
        .finally(() => {
          timer = undefined;
          if (streams.size > 0) checkLater();
        });
    }, checkEveryMs).unref();
  };

  return {
    follow(tokenSha256, end) {
      const group = streams.get(tokenSha256) ?? new Set();
      streams.set(tokenSha256, group.add(end));
      if (!timer) checkLater();
      return () => {
        group.delete(end);
        if (group.size === 0 && streams.get(tokenSha256) === group) streams.delete(tokenSha256);
      };
    },
  };
}
