import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useState } from 'react';
import type { ChangeEvent } from '../../../api/schemas/accounts/changes.ts';
import { accountHeader } from '../../../api/schemas/accounts/request-headers.ts';
import { heartbeatMs } from '../../../api/schemas/heartbeat.ts';
import type { EventsPath } from '../account-home.ts';
import { keys } from '../api/queries.ts';
import { usePortal } from '../portal-context.tsx';
import { followStream, refusedRetryMs } from './follow-stream.ts';

/** What the event stream of an account's pages says of itself. */
export interface LiveChanges {
  isConnected: boolean;
  /** A referral has changed while the tab was hidden, or may have, and the page does not show it yet. */
  isBehind: boolean;
}

const LiveContext = createContext<LiveChanges>({ isConnected: false, isBehind: false });
export const LiveProvider = LiveContext.Provider;
export const useLive = (): LiveChanges => useContext(LiveContext);

/** Milliseconds between two reads of a page that its stream does not reach. */
const pollMs = 30_000;

/** The same for what may not be late, although its stream is up: an event of it can be lost. */
const safetyMs = 60_000;

/** Interval at which queries that the stream keeps up to date are repeated: only while it is down. */
export function usePolling(): number | false {
  return useLive().isConnected ? false : pollMs;
}

/** Interval at which offers and accepted referrals are read: as `usePolling`, and slowly while the stream is up. */
export function useSafePolling(): number {
  return useLive().isConnected ? safetyMs : pollMs;
}

/** Queries to read again after a change. `current`: all of them. */
export function queriesOf(change: ChangeEvent | 'current'): (readonly string[])[] {
  if (change === 'current') return [keys.agent, keys.ops];
  const { onboardings, referrals } = change;
  const agents = onboardings.map((id) => keys.opsAgent(id.split('-')[0] ?? ''));
  return [
    ...(referrals.length > 0 ? [keys.offers, keys.referrals, keys.opsProblems] : []),
    ...(onboardings.length > 0
      ? [
          keys.offers,
          keys.onboarding,
          keys.phone,
          keys.profile,
          keys.availability,
          keys.opsSummary,
          keys.opsBoards,
        ]
      : []),
    ...agents,
  ];
}

/**
 * Follows what changes for an account. A visible tab reads it again at once; a hidden one when it is shown.
 * @param path of the account's stream; undefined: it has none
 */
export function useLiveChanges(accountId: string, path: EventsPath | undefined): LiveChanges {
  const { fetch, connection } = usePortal();
  const queries = useQueryClient();
  const [isConnected, setConnected] = useState(false);
  const [isBehind, setBehind] = useState(false);
  useEffect(() => {
    if (path === undefined) return;
    let isFirst = true;
    const refresh = (change: ChangeEvent | 'current') => {
      const isHidden = document.visibilityState === 'hidden';
      // a hidden tab reads what was marked here once it is shown
      for (const queryKey of queriesOf(change))
        void queries.invalidateQueries({ queryKey, refetchType: isHidden ? 'none' : 'active' });
      // after a gap nobody knows what the page has missed
      if (isHidden && (change === 'current' ? !isFirst : change.referrals.length > 0)) setBehind(true);
      isFirst = false;
    };
    const onVisibility = () => setBehind(false);
    document.addEventListener('visibilitychange', onVisibility);
    const stop = followStream({
      url: new URL(path, window.location.origin).href,
      headers: { [accountHeader]: accountId },
      fetch,
      on: {
        current: () => refresh('current'),
        change: (data) => refresh(JSON.parse(data) as ChangeEvent),
      },
      onConnection: setConnected,
      // the session has ended, or is another account's
      onRefused: () => void queries.refetchQueries({ queryKey: keys.session }),
      retryMs: refusedRetryMs,
      connection,
      beatMs: heartbeatMs,
    });
    return () => {
      document.removeEventListener('visibilitychange', onVisibility);
      stop();
    };
  }, [accountId, path, fetch, connection, queries]);
  return { isConnected, isBehind };
}
