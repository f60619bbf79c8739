import { useInfiniteQuery } from '@tanstack/react-query';
import { keys } from '../../../api/queries.ts';
import { useSafePolling } from '../../../live/live-changes.ts';
import { useIsVisible } from '../../../live/use-is-visible.ts';
import { usePortal } from '../../../portal-context.tsx';

/** Reads the referrals that the agent accepted, newest first and page by page, as `useOffers` reads the offers. */
export function useMyReferrals() {
  const { calls } = usePortal();
  return useInfiniteQuery({
    queryKey: keys.referrals,
    queryFn: ({ pageParam }) => calls.referrals(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextPage }) => nextPage,
    enabled: useIsVisible(),
    refetchInterval: useSafePolling(),
  });
}
