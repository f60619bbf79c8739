import { useEffect } from 'react';
import { useLocation } from 'react-router';
import type { AgentReferral } from '../../../../../api/schemas/referrals/offers.ts';
import { Button } from '../../../form/button.tsx';
import { Loaded } from '../../../layout/loaded.tsx';
import { useText } from '../../../portal-context.tsx';
import { ReferralCard } from './referral-card.tsx';
import { useMyReferrals } from './use-my-referrals.ts';

/**
 * Lists the referrals that the agent accepted, newest first. The one that the address names, as in the links of the history, is
 * looked for on older pages too, and gets the focus.
 * @param accepted the offer that was accepted last on this page
 */
export function MyReferrals({ accepted }: { accepted: string | undefined }) {
  const text = useText().words.inbox;
  const query = useMyReferrals();
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const named = useLocation().hash.replace(/^#referral-/, '');
  const isMissing = named !== '' && data?.pages.every(({ referrals }) => !referrals.some(isOffer(named)));
  useEffect(() => {
    if (isMissing && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [isMissing, hasNextPage, isFetchingNextPage, fetchNextPage]);
  return (
    <section aria-labelledby="mine" className="hod-inbox-mine">
      <h2 id="mine" tabIndex={-1} className="ds-text-heading--lg hod-quiet-focus">
        {text.mine}
      </h2>
      <Loaded query={query}>
        {({ pages }) => {
          const referrals = pages.flatMap((page) => page.referrals);
          if (referrals.length === 0) return <p>{text.noneMine}</p>;
          return (
            <ul className="hod-checklist">
              {referrals.map((referral) => (
                <ReferralCard
                  key={referral.offerId}
                  referral={referral}
                  takesFocus={[accepted, named].some((id) => id === referral.offerId)}
                />
              ))}
            </ul>
          );
        }}
      </Loaded>
      {hasNextPage && (
        <Button isBusy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {text.more}
        </Button>
      )}
    </section>
  );
}

const isOffer = (id: string) => (referral: AgentReferral) => referral.offerId === id;
