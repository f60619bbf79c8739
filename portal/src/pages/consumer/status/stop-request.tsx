import type { ReferralKey } from '../../../api/calls.ts';
import { usePortal, useText } from '../../../portal-context.tsx';
import { ConfirmedAction } from './confirmed-action.tsx';
import { useConsumerAction } from './use-consumer-action.ts';

/** The two ways to stop a request, each with what it does: to withdraw it, or to take the consent back. */
export function StopRequest({ referralKey }: { referralKey: ReferralKey }) {
  const { calls } = usePortal();
  const { stop } = useText().words.status;
  const withdraw = useConsumerAction(referralKey, () => calls.withdraw(referralKey));
  const rescind = useConsumerAction(referralKey, () => calls.rescindConsent(referralKey));
  return (
    <section aria-labelledby="stop" className="hod-card">
      <h2 id="stop" className="ds-text-heading--md">
        {stop.heading}
      </h2>
      <ConfirmedAction
        words={stop.withdraw}
        isBusy={withdraw.isPending}
        error={withdraw.error}
        onConfirm={() => withdraw.mutate()}
      />
      <ConfirmedAction
        words={stop.rescind}
        isBusy={rescind.isPending}
        error={rescind.error}
        onConfirm={() => rescind.mutate()}
      />
    </section>
  );
}
