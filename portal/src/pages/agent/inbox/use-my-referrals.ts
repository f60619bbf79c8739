import { useInfiniteQuery } from '@tanstack/react-query';
import { keys } from '../../../api/queries.ts';
import { usePortal } from '../../../portal-context.tsx';

/** The referrals that the agent accepted, newest first, page by page, and read anew now and then. */
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
