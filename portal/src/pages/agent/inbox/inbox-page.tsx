import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { Offer } from '../../../../../api/schemas/referrals/offers.ts';
import { keys } from '../../../api/queries.ts';
import { Page } from '../../../layout/frame/page.tsx';
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
import { Offers } from './offers.tsx';
import { useAddAccepted } from './use-my-referrals.ts';
import { useOffers } from './use-offers.ts';

/** An agent's inbox: open offers first, then whether more can come, and the referrals that the agent accepted. */
export function InboxPage() {
  const { calls, now } = usePortal();
  const { sentences, words } = useText();
  const text = words.inbox;
  const queries = useQueryClient();
  const { isBehind } = useLive();
  const heading = useRef<HTMLHeadingElement>(null);
  const [accepted, setAccepted] = useState<string>();
  const [news, setNews] = useState<(News & { takesFocus: boolean })[]>([]);
  const placeOf = ({ city, state, zip }: About) => text.offerHeading(city, state, zip);
  const addGone = async (offer: Offer, wasAnswered: (offerId: string) => boolean) => {
    const became = await calls.offer(offer.id).catch(() => undefined);
    const known = goneText(offer, became, { sentences, when: whenHere(now()) });
    const item = { offerId: offer.id, place: placeOf(offer), text: known ?? text.gone, takesFocus: false };
    // the answer to this page may come while it reads what became of the offer, and stands
    if (wasAnswered(offer.id)) return;
    setNews((before) => (before.some(({ offerId }) => offerId === offer.id) ? before : [item, ...before]));
  };
  const { query, arrived, answer } = useOffers((gone, wasAnswered) => {
    for (const offer of gone) void addGone(offer, wasAnswered);
  });
  const addAccepted = useAddAccepted();
  const answered = (offer: Offer) => {
    answer(offer.id);
    void queries.invalidateQueries({ queryKey: keys.agent });
  };
  const tell = (offer: Offer, said: string) => {
    setNews((before) => [
      { offerId: offer.id, place: placeOf(offer), text: said, takesFocus: true },
      ...before.filter(({ offerId }) => offerId !== offer.id),
    ]);
    answered(offer);
  };
  const dismiss = (item: News) => {
    setNews((before) => before.filter(({ offerId }) => offerId !== item.offerId));
    heading.current?.focus();
  };

  return (
    <Page title={text.title} tabTitle={tabTitle(text.title, query.data?.offers.length ?? 0, isBehind)} wide>
      <Status hidden>{arrived.map((offer) => text.arrived(placeOf(offer))).join(' ')}</Status>
      <div className="hod-inbox">
        <div className="hod-inbox-offers">
          <Offers
            query={query}
            heading={heading}
            news={news.map((item) => (
              <NewsItem
                key={item.offerId}
                news={item}
                takesFocus={item.takesFocus}
                onClose={() => dismiss(item)}
              />
            ))}
            onAccepted={async (offer, result) => {
              await addAccepted(offer, result);
              setAccepted(offer.id);
              setNews((before) => before.filter(({ offerId }) => offerId !== offer.id));
              answered(offer);
            }}
            onDeclined={(offer, endedAt) =>
              tell(offer, sentences.offerEnd.declined.agent({ endedAt, when: whenHere(now()) }))
            }
            onRefused={(offer, problem) => {
              const late = lateAnswerText(problem, sentences, whenHere(now()));
              if (late !== undefined) tell(offer, late);
              return late !== undefined;
            }}
          />
          <AvailabilitySwitch />
        </div>
        <MyReferrals accepted={accepted} />
        <div className="hod-inbox-more">
          <PhoneCard />
          <SkipSuggestions />
        </div>
      </div>
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
