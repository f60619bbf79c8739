import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { AvailabilityView } from '../../../../../api/schemas/agents/availability.ts';
import { keys } from '../../../api/queries.ts';
import { usePortal } from '../../../portal-context.tsx';

/** When the agent can be asked, read anew now and then: it changes by itself. */
export function useAvailability() {
  const { calls } = usePortal();
  return useQuery({ queryKey: keys.availability, queryFn: calls.availability, refetchInterval: 15_000 });
}

/** A change that is answered with the availability as it is then. */
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
