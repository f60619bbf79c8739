import { useEffect, useRef, useState } from 'react';
import type { ReferralKey } from '../../../api/calls.ts';
import { Button } from '../../../form/button.tsx';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { usePortal, useText } from '../../../portal-context.tsx';
import { useConsumerAction } from './use-consumer-action.ts';

/** Buttons to withdraw the request or the consent, with a confirmation. */
export function WithdrawRequest({ referralKey }: { referralKey: ReferralKey }) {
  const { calls } = usePortal();
  const text = useText().words.status;
  const [asks, setAsks] = useState<'withdraw' | 'rescind'>();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (asks) heading.current?.focus();
  }, [asks]);
  const takeBack = useConsumerAction(referralKey, (what: 'withdraw' | 'rescind') =>
    what === 'withdraw' ? calls.withdraw(referralKey) : calls.rescindConsent(referralKey),
  );
  if (!asks)
    return (
      <div className="hod-buttons">
        <Button onClick={() => setAsks('withdraw')}>{text.withdraw}</Button>
        <Button variation="ghost" onClick={() => setAsks('rescind')}>
          {text.rescind}
        </Button>
      </div>
    );
  const isWithdrawal = asks === 'withdraw';
  return (
    <section aria-labelledby="withdraw" className="hod-card">
      <h2 id="withdraw" ref={heading} tabIndex={-1} className="ds-text-heading--md hod-quiet-focus">
        {isWithdrawal ? text.withdrawHeading : text.rescindHeading}
      </h2>
      <p>{isWithdrawal ? text.withdrawText : text.rescindText}</p>
      {takeBack.error && <ProblemAlert error={takeBack.error} />}
      <div className="hod-buttons">
        <Button variation="solid" isBusy={takeBack.isPending} onClick={() => takeBack.mutate(asks)}>
          {takeBack.isPending ? text.withdrawing : isWithdrawal ? text.withdrawYes : text.rescindYes}
        </Button>
        <Button isBusy={takeBack.isPending} onClick={() => setAsks(undefined)}>
          {text.withdrawNo}
        </Button>
      </div>
    </section>
  );
}
