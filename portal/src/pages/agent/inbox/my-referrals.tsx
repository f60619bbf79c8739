import { Button } from '../../../form/button.tsx';
import { Loaded } from '../../../layout/loaded.tsx';
import { useText } from '../../../portal-context.tsx';
import { ReferralCard } from './referral-card.tsx';
import { useMyReferrals } from './use-my-referrals.ts';

/** Lists the referrals that the agent accepted, newest first. @param accepted the offer that was accepted last on this page */
export function MyReferrals({ accepted }: { accepted: string | undefined }) {
  const text = useText().words.inbox;
  const query = useMyReferrals();
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
                  takesFocus={referral.offerId === accepted}
                />
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
