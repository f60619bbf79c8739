import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import type {
  AgentReferral,
  AgentReferralList,
  Offer,
  OfferAccepted,
} from '../../../../../api/schemas/referrals/offers.ts';
import { keys } from '../../../api/queries.ts';
import { useSafePolling } from '../../../live/live-changes.ts';
import { useIsVisible } from '../../../live/use-is-visible.ts';
import { usePortal } from '../../../portal-context.tsx';

type Pages = InfiniteData<AgentReferralList, string | null>;

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

/**
 * Puts an offer that was accepted just now into the list of referrals, so that the consumer is on the page in the moment in
 * which the offer leaves it. Deadlines follow when the list is read again.
 */
export function useAddAccepted() {
  const queries = useQueryClient();
  const { now } = usePortal();
  return async (offer: Offer, accepted: OfferAccepted) => {
    // a read that began before the acceptance would take the referral off the page again
    await queries.cancelQueries({ queryKey: keys.referrals });
    const added = toReferral(offer, accepted, now());
    queries.setQueryData<Pages>(keys.referrals, (before) => withFirst(added, before));
  };
}

function withFirst(added: AgentReferral, before: Pages | undefined): Pages {
  const [first = { referrals: [], nextPage: null }, ...others] = before?.pages ?? [];
  const isKnown = first.referrals.some(({ offerId }) => offerId === added.offerId);
  const referrals = isKnown ? first.referrals : [added, ...first.referrals];
  return { pages: [{ ...first, referrals }, ...others], pageParams: before?.pageParams ?? [null] };
}

function toReferral(offer: Offer, { consumer }: OfferAccepted, acceptedAt: Date): AgentReferral {
  return {
    ...offer,
    id: offer.referralId,
    offerId: offer.id,
    stage: 'accepted',
    acceptedAt: acceptedAt.toISOString(),
    consumer,
    attempts: 0,
    contactDueAt: null,
    nextTryAt: null,
    nextTry: null,
    contactedAt: null,
    closesAt: null,
    endedAt: null,
    end: null,
  };
}
