import { Alert } from '@cmsgov/design-system';
import { Link } from 'react-router';
import type { NotServingView } from '../../../../../api/schemas/referrals/offers.ts';
import type { NotServingCause } from '../../../../../domain/agents/not-serving.ts';
import { useNow } from '../../../live/use-now.ts';
import { useText, whenHere } from '../../../portal-context.tsx';
import { ConfirmHours } from '../availability/resting.tsx';

/** Where an agent mends a cause; nowhere if it ends by itself or others decide. */
const pathOf: Readonly<Partial<Record<NotServingCause, string>>> = {
  held: '/onboarding',
  suspended: '/onboarding',
  'not-active': '/onboarding',
  'no-state': '/profile',
  'no-channel': '/profile',
  resting: '/availability',
  away: '/availability',
  'outside-hours': '/availability',
};

/** Causes that the agent has chosen, or that are part of every day. */
const usual: readonly NotServingCause[] = [
  'away',
  'switched-off',
  'outside-hours',
  'at-capacity',
  'intake-paused',
];

/** Says why the agent is offered no referrals now, with what to do about it. */
export function NotServing({
  causes,
  onMended,
}: {
  causes: readonly NotServingView[];
  onMended: () => void;
}) {
  const { sentences, words } = useText();
  const text = words.inbox.notServing;
  const when = whenHere(useNow(30_000));
  return (
    <Alert
      variation={causes.every(({ cause }) => usual.includes(cause)) ? undefined : 'warn'}
      heading={text.heading}
      headingLevel="3"
    >
      {causes.map(({ cause, until, states }) => {
        const path = pathOf[cause];
        return (
          <div key={cause}>
            <p className="ds-u-margin--0">
              {sentences.notServing[cause]({ until: until === null ? null : new Date(until), states, when })}{' '}
              {path && <Link to={path}>{text.link[path]}</Link>}
            </p>
            {cause === 'resting' && <ConfirmHours onConfirmed={onMended} />}
          </div>
        );
      })}
    </Alert>
  );
}
