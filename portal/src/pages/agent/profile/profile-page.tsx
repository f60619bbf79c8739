import { Alert } from '@cmsgov/design-system';
import { useQuery } from '@tanstack/react-query';
import { useLocation } from 'react-router';
import { keys } from '../../../api/queries.ts';
import { Page } from '../../../layout/frame/page.tsx';
import { Loaded } from '../../../layout/loaded.tsx';
import { usePortal, useText } from '../../../portal-context.tsx';
import { PushDevices } from '../app/push-devices.tsx';
import { PhoneCard } from '../phone/phone-card.tsx';
import { Identity } from '../register/identity.tsx';
import { SkipList } from '../skips/skip-list.tsx';
import { ProfileForm } from './profile-form.tsx';

/** Page with the agent's data: the MLMS's data, and the data that the agent can change (docs/guide.md, step 5). */
export function ProfilePage() {
  const { calls } = usePortal();
  const text = useText().words.profile;
  const reviews = asksForReview(useLocation().state);
  const profile = useQuery({ queryKey: keys.profile, queryFn: calls.profile });
  const onboarding = useQuery({ queryKey: keys.onboarding, queryFn: calls.onboarding });
  const hasLeft = onboarding.data?.stage === 'left';
  return (
    <Page title={reviews ? text.reviewTitle : text.title}>
      {reviews && <p>{text.review}</p>}
      {hasLeft && (
        <Alert heading={text.left.heading}>
          <p className="ds-u-margin--0">{text.left.text}</p>
        </Alert>
      )}
      <Loaded query={profile}>
        {(own) => (
          <>
            <Identity invitation={own} />
            {!hasLeft && (
              <>
                <PhoneCard />
                <ProfileForm profile={own} reviews={reviews} />
                <PushDevices preference={own.contactPreference} />
                <SkipList />
              </>
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** True if the page is the last step of the registration. The state comes from the portal's router. */
function asksForReview(state: unknown): boolean {
  return (state as { review?: unknown } | null)?.review === true;
}
