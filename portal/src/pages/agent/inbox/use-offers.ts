import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { Offer } from '../../../../../api/schemas/referrals/offers.ts';
import { keys } from '../../../api/queries.ts';
import { usePortal } from '../../../portal-context.tsx';

const none: readonly Offer[] = [];

export interface OfferChanges {
  arrived: readonly Offer[];
  /** Gone without an answer of this page's. */
  gone: readonly Offer[];
}

/** What changed from one list of open offers to the next. */
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
 * The open offers, read anew every few seconds, also while the page is in the background: an open inbox is one of
 * the ways in which an offer reaches its agent.
 */
export function useOffers(onGone: (offers: readonly Offer[]) => void) {
  const { calls } = usePortal();
  const query = useQuery({
    queryKey: keys.offers,
    queryFn: calls.offers,
    refetchInterval: 5_000,
    refetchIntervalInBackground: true,
  });
  const answered = useRef(new Set<string>());
  const before = useRef<readonly Offer[]>(undefined);
  const [arrived, setArrived] = useState<readonly Offer[]>(none);
  const tell = useRef(onGone);
  useEffect(() => {
    tell.current = onGone;
  });
  const offers = query.data?.offers;
  useEffect(() => {
    if (!offers) return;
    const changes = changesOf(before.current ?? none, offers, answered.current);
    before.current = offers;
    if (changes.arrived.length > 0) setArrived(changes.arrived);
    if (changes.gone.length > 0) tell.current(changes.gone);
  }, [offers]);
  return {
    query,
    /** The offers that came last, to be announced. */
    arrived,
    /** This page has answered the offer: its going is no news. */
    answer: (offerId: string) => void answered.current.add(offerId),
  };
}
