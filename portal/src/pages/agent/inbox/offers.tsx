import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode, RefObject } from 'react';
import type { Offer, OfferAccepted, OfferList } from '../../../../../api/schemas/referrals/offers.ts';
import type { ApiProblem } from '../../../api/problem.ts';
import { Loaded } from '../../../layout/loaded.tsx';
import { useText } from '../../../portal-context.tsx';
import { NotServing } from './not-serving.tsx';
import { OfferCard } from './offer-card.tsx';

export interface OffersProps {
  query: UseQueryResult<OfferList>;
  /** Gets the focus when what had it is gone. */
  heading: RefObject<HTMLHeadingElement | null>;
  /** What became of offers that were here. */
  news: ReactNode;
  onAccepted: (offer: Offer, accepted: OfferAccepted) => Promise<void>;
  onDeclined: (offer: Offer, endedAt: Date) => void;
  /** Called when an answer was refused. @returns true if the refusal is shown elsewhere */
  onRefused: (offer: Offer, problem: ApiProblem) => boolean;
}

/** The offers that wait for an answer, what became of others, and why no more of them come. */
export function Offers({ query, heading, news, onAccepted, onDeclined, onRefused }: OffersProps) {
  const text = useText().words.inbox;
  return (
    <section aria-labelledby="offers">
      <h2 id="offers" ref={heading} tabIndex={-1} className="ds-text-heading--lg hod-quiet-focus">
        {text.offers}
      </h2>
      <Loaded query={query}>
        {({ offers, notServing }) => (
          <>
            {offers.length > 0 && (
              <ul className="hod-checklist">
                {offers.map((offer) => (
                  <OfferCard
                    key={offer.id}
                    offer={offer}
                    onAccepted={(accepted) => onAccepted(offer, accepted)}
                    onDeclined={(endedAt) => onDeclined(offer, endedAt)}
                    onRefused={(problem) => onRefused(offer, problem)}
                  />
                ))}
              </ul>
            )}
            {news}
            <WhyNone
              hasOffers={offers.length > 0}
              causes={notServing}
              onMended={() => heading.current?.focus()}
            />
          </>
        )}
      </Loaded>
    </section>
  );
}

function WhyNone({
  hasOffers,
  causes,
  onMended,
}: {
  hasOffers: boolean;
  causes: OfferList['notServing'];
  onMended: () => void;
}) {
  const text = useText().words.inbox;
  // the offer itself is what fills the capacity
  const shown = hasOffers ? causes.filter(({ cause }) => cause !== 'at-capacity') : causes;
  if (shown.length > 0) return <NotServing causes={shown} onMended={onMended} />;
  return hasOffers ? null : <p>{text.noOffers}</p>;
}
