import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { Offer, OfferList } from '../../../../../api/schemas/referrals/offers.ts';
import { keys } from '../../../api/queries.ts';
import { useSafePolling } from '../../../live/live-changes.ts';
import { useIsVisible } from '../../../live/use-is-visible.ts';
import { usePortal } from '../../../portal-context.tsx';

const none: readonly Offer[] = [];

export interface OfferChanges {
  arrived: readonly Offer[];
  /** Offers that ended without an answer from this page. */
  gone: readonly Offer[];
}

/** Compares two lists of open offers. */
export function changesOf(
  before: readonly Offer[],
  after: readonly Offer[],
  answered: ReadonlySet<string>,
): OfferChanges {
  return {
    arrived: without(after, before),
    gone: without(before, after).filter(({ id }) => !answered.has(id)),
  };
}

function without(those: readonly Offer[], others: readonly Offer[]): readonly Offer[] {
  return those.filter(({ id }) => !others.some((other) => other.id === id));
}

/**
 * Reads the open offers, again with every change and once a minute, while the tab is visible. An open inbox is one of the channels by which an
 * offer reaches its agent, and the API records each read as one: so nothing is read that nobody sees.
 * @param onGone gets offers that ended without this page, and whether this page has answered one meanwhile
 */
export function useOffers(
  onGone: (offers: readonly Offer[], wasAnswered: (offerId: string) => boolean) => void,
) {
  const { calls, device, now } = usePortal();
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: keys.offers,
    queryFn: async () => {
      const askedAt = now();
      const list = await calls.offers();
      const open = list.offers.map(({ id }) => id);
      device.showOffers(open, askedAt).catch(() => undefined);
      return list;
    },
    enabled: useIsVisible(),
    refetchInterval: useSafePolling(),
  });
  const answered = useRef(new Set<string>());
  const before = useRef<readonly Offer[]>(undefined);
  const [arrived, setArrived] = useState<readonly Offer[]>(none);
  const onGoneRef = useRef(onGone);
  useEffect(() => {
    onGoneRef.current = onGone;
  });
  const offers = query.data?.offers;
  useEffect(() => {
    if (!offers) return;
    const changes = changesOf(before.current ?? none, offers, answered.current);
    before.current = offers;
    if (changes.arrived.length > 0) setArrived(changes.arrived);
    const wasAnswered = (offerId: string) => answered.current.has(offerId);
    if (changes.gone.length > 0) onGoneRef.current(changes.gone, wasAnswered);
  }, [offers]);
  return {
    query,
    /** The newest offers, to be announced. */
    arrived,
    /** Takes an offer off the page that was answered on it, so that its end is not reported as news. */
    answer: (offerId: string) => {
      answered.current.add(offerId);
      queries.setQueryData<OfferList>(
        keys.offers,
        (list) => list && { ...list, offers: list.offers.filter(({ id }) => id !== offerId) },
      );
    },
  };
}
