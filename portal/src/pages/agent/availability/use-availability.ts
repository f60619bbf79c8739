import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { AvailabilityView } from '../../../../../api/schemas/agents/availability.ts';
import { keys } from '../../../api/queries.ts';
import { usePolling } from '../../../live/live-changes.ts';
import { usePortal } from '../../../portal-context.tsx';

/** Longest time between two reads; a timer of a browser cannot be set to months. */
const day = 24 * 60 * 60_000;

/** Reads the agent's availability, and again when it changes with time. */
export function useAvailability() {
  const { calls, now } = usePortal();
  const polling = usePolling();
  return useQuery({
    queryKey: keys.availability,
    queryFn: calls.availability,
    refetchInterval: ({ state }) => {
      const changesAt = state.data?.changesAt;
      if (!changesAt) return polling;
      const leftMs = Math.max(1_000, Date.parse(changesAt) - now().getTime());
      return Math.min(leftMs, polling || day);
    },
  });
}

/** Changes the availability. The API answers with the new state. */
export function useAvailabilityChange<Body>(
  change: (body: Body) => Promise<AvailabilityView>,
  onDone?: (view: AvailabilityView) => void,
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (view) => {
      queries.setQueryData(keys.availability, view);
      // they say whether the agent is offered anything
      void queries.invalidateQueries({ queryKey: keys.offers });
      onDone?.(view);
    },
  });
}
