import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { AvailabilityView } from '../../../../../api/schemas/agents/availability.ts';
import { keys } from '../../../api/queries.ts';
import { usePortal } from '../../../portal-context.tsx';

/** Reads the agent's availability. Repeats it regularly, because it changes with time. */
export function useAvailability() {
  const { calls } = usePortal();
  return useQuery({ queryKey: keys.availability, queryFn: calls.availability, refetchInterval: 15_000 });
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
      onDone?.(view);
    },
  });
}
