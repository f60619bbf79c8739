import { Button } from '../../../form/button.tsx';
import { Loaded } from '../../../layout/loaded.tsx';
import { useText } from '../../../portal-context.tsx';
import { ReferralCard } from './referral-card.tsx';
import { useMyReferrals } from './use-my-referrals.ts';

/** Lists the referrals that the agent accepted, newest first. */
export function MyReferrals() {
  const text = useText().words.inbox;
  const query = useMyReferrals();
  return (
    <section aria-labelledby="mine">
      <h2 id="mine" className="ds-text-heading--lg">
        {text.mine}
      </h2>
      <Loaded query={query}>
        {({ pages }) => {
          const referrals = pages.flatMap((page) => page.referrals);
          if (referrals.length === 0) return <p>{text.noneMine}</p>;
          return (
            <ul className="hod-checklist">
              {referrals.map((referral) => (
                <ReferralCard key={referral.offerId} referral={referral} />
              ))}
            </ul>
          );
        }}
      </Loaded>
      {query.hasNextPage && (
        <Button isBusy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {text.more}
        </Button>
      )}
    </section>
  );
}
