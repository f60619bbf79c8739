import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { heartbeatMs } from '../../../../../api/schemas/heartbeat.ts';
import { finalStages } from '../../../../../domain/stages.ts';
import type { ReferralKey } from '../../../api/calls.ts';
import { keys } from '../../../api/queries.ts';
import { followStream, refusedRetryMs } from '../../../live/follow-stream.ts';
import { usePortal } from '../../../portal-context.tsx';

/** Reads a referral: again with every event of its stream, and regularly in case an event is lost. */
export function useLiveReferral({ id, token }: ReferralKey) {
  const { calls, fetch, connection } = usePortal();
  const queries = useQueryClient();
  const [isConnected, setConnected] = useState(true);
  const query = useQuery({
    queryKey: keys.referral(id),
    queryFn: () => calls.referral({ id, token }),
    refetchInterval: ({ state }) => (state.data && finalStages.has(state.data.stage) ? false : 30_000),
  });
  const isOver = query.data !== undefined && finalStages.has(query.data.stage);
  const isKnown = query.data !== undefined;
  useEffect(() => {
    if (isOver || !isKnown) return undefined;
    const refresh = () => void queries.invalidateQueries({ queryKey: keys.referral(id) });
    return followStream({
      retryMs: refusedRetryMs,
      connection,
      beatMs: heartbeatMs,
      url: new URL(`/v1/referrals/${encodeURIComponent(id)}/events`, window.location.origin).href,
      headers: { Authorization: `Bearer ${token}` },
      fetch,
      on: { stage: refresh },
      onRefused: refresh,
      onConnection: setConnected,
    });
  }, [id, token, isOver, isKnown, fetch, connection, queries]);
  return { query, isConnected, isOver };
}
