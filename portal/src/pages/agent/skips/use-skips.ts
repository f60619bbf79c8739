import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Skip } from '../../../../../domain/matching/skips.ts';
import { keys } from '../../../api/queries.ts';
import { usePortal } from '../../../portal-context.tsx';

/** Reads what the agent skips and could skip, and changes it. */
export function useSkips() {
  const { calls } = usePortal();
  const queries = useQueryClient();
  const query = useQuery({ queryKey: keys.suggestions, queryFn: calls.suggestions });
  const change = useMutation({
    mutationFn: ({ skip, isSkipped }: { skip: Skip; isSkipped: boolean }) =>
      isSkipped ? calls.beginSkip(skip) : calls.endSkip(skip),
    onSuccess: (now) => void queries.setQueryData(keys.suggestions, now),
  });
  return { found: query.data ?? { suggestions: [], skips: [] }, change };
}
