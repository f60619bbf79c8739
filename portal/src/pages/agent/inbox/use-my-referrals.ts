import { useInfiniteQuery } from '@tanstack/react-query';
import { keys } from '../../../api/queries.ts';
import { usePortal } from '../../../portal-context.tsx';

/** Reads the referrals that the agent accepted, newest first and page by page. Repeats it regularly. */
export function useMyReferrals() {
  const { calls } = usePortal();
  return useInfiniteQuery({
    queryKey: keys.referrals,
    queryFn: ({ pageParam }) => calls.referrals(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextPage }) => nextPage,
    refetchInterval: 15_000,
  });
}
