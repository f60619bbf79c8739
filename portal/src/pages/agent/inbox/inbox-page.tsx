import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Offer } from '../../../../../api/schemas/referrals/offers.ts';
import { keys } from '../../../api/queries.ts';
import { Loaded } from '../../../layout/loaded.tsx';
import { Page } from '../../../layout/page.tsx';
import { Status } from '../../../layout/status.tsx';
import { useLive } from '../../../live/live-changes.ts';
import { usePortal, useText, whenHere } from '../../../portal-context.tsx';
import { AvailabilitySwitch } from '../availability/availability-switch.tsx';
import { PhoneCard } from '../phone/phone-card.tsx';
import { SkipSuggestions } from '../skips/skip-suggestions.tsx';
import type { About } from './about-referral.tsx';
import { goneText, lateAnswerText } from './late-answer.ts';
import { MyReferrals } from './my-referrals.tsx';
import { type News, NewsItem } from './news.tsx';
import { OfferCard } from './offer-card.tsx';
import { useMyReferrals } from './use-my-referrals.ts';
import { useOffers } from './use-offers.ts';

/** An agent's inbox: open offers, and the referrals that the agent accepted. */
export function InboxPage() {
  const { calls, now } = usePortal();
  const { sentences, words } = useText();
  const text = words.inbox;
  const queries = useQueryClient();
  const { isBehind } = useLive();
  const [news, setNews] = useState<(News & { takesFocus: boolean })[]>([]);
  const placeOf = ({ city, state, zip }: About) => text.offerHeading(city, state, zip);
  const addGone = async (offer: Offer) => {
    const became = await calls.offer(offer.id).catch(() => undefined);
    const known = goneText(offer, became, { sentences, when: whenHere(now()) });
    const item = { offerId: offer.id, place: placeOf(offer), text: known ?? text.gone, takesFocus: false };
    // the answer to this page may come while it reads what became of the offer, and stands
    setNews((before) => (before.some(({ offerId }) => offerId === offer.id) ? before : [item, ...before]));
  };
  const { query, arrived, answer } = useOffers((gone) => {
    for (const offer of gone) void addGone(offer);
  });
  // when a referral has ended, its contact data is removed from the news too
  const over = new Set(
    useMyReferrals()
      .data?.pages.flatMap(({ referrals }) => referrals)
      .filter(({ consumer }) => consumer === null)
      .map(({ offerId }) => offerId),
  );
  const isShown = ({ offerId, consumer }: News) => !consumer || !over.has(offerId);
  const refresh = () => void queries.invalidateQueries({ queryKey: keys.agent });
  const ended = (offer: Offer, item: Pick<News, 'text' | 'consumer'>) => {
    answer(offer.id);
    setNews((before) => [
      { offerId: offer.id, place: placeOf(offer), ...item, takesFocus: true },
      ...before.filter(({ offerId }) => offerId !== offer.id),
    ]);
    refresh();
  };

  return (
    <Page title={text.title} tabTitle={tabTitle(text.title, query.data?.offers.length ?? 0, isBehind)}>
      <Status hidden>{arrived.map((offer) => text.arrived(placeOf(offer))).join(' ')}</Status>
      {news.filter(isShown).map((item) => (
        <NewsItem
          key={item.offerId}
          news={item}
          takesFocus={item.takesFocus}
          onClose={() => setNews((before) => before.filter(({ offerId }) => offerId !== item.offerId))}
        />
      ))}
      <AvailabilitySwitch />
      <PhoneCard />
      <SkipSuggestions />
      <section aria-labelledby="offers">
        <h2 id="offers" className="ds-text-heading--lg">
          {text.offers}
        </h2>
        <Loaded query={query}>
          {({ offers }) =>
            offers.length === 0 ? (
              <p>{text.noOffers}</p>
            ) : (
              <ul className="hod-checklist">
                {offers.map((offer) => (
                  <OfferCard
                    key={offer.id}
                    offer={offer}
                    onAccepted={({ consumer }) => ended(offer, { consumer })}
                    onDeclined={(endedAt) =>
                      ended(offer, {
                        text: sentences.offerEnd.declined.agent({ endedAt, when: whenHere(now()) }),
                      })
                    }
                    onRefused={(problem) => {
                      const late = lateAnswerText(problem, sentences, whenHere(now()));
                      if (late !== undefined) ended(offer, { text: late });
                      return late !== undefined;
                    }}
                  />
                ))}
              </ul>
            )
          }
        </Loaded>
      </section>
      <MyReferrals />
    </Page>
  );
}

/**
 * Title of the tab, such as `(2) Inbox`, so that the number of open offers is visible from another tab, or `(•) Inbox` for news
 * that the hidden tab has not read.
 */
function tabTitle(title: string, count: number, isBehind: boolean): string {
  if (isBehind) return `(•) ${title}`;
  return count === 0 ? title : `(${count}) ${title}`;
}
