import { Button } from '@cmsgov/design-system';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { ReferralKey } from '../../api/calls.ts';
import { keys } from '../../api/queries.ts';
import { ProblemAlert } from '../../layout/problem-alert.tsx';
import { usePortal, useText } from '../../portal-context.tsx';

/** Takes a request back, once asked whether that is meant. */
export function Withdrawal({ referralKey }: { referralKey: ReferralKey }) {
  const { calls } = usePortal();
  const text = useText().words.status;
  const queries = useQueryClient();
  const [asks, setAsks] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (asks) heading.current?.focus();
  }, [asks]);
  const withdraw = useMutation({
    mutationFn: () => calls.withdraw(referralKey),
    onSettled: () => queries.invalidateQueries({ queryKey: keys.referral(referralKey.id) }),
  });
  if (!asks)
    return (
      <div className="hod-buttons">
        <Button onClick={() => setAsks(true)}>{text.withdraw}</Button>
      </div>
    );
  return (
    <section aria-labelledby="withdraw" className="hod-card">
      <h2 id="withdraw" ref={heading} tabIndex={-1} className="ds-text-heading--md hod-quiet-focus">
        {text.withdrawHeading}
      </h2>
      <p>{text.withdrawText}</p>
      {withdraw.error && <ProblemAlert error={withdraw.error} />}
      <div className="hod-buttons">
        <Button variation="solid" disabled={withdraw.isPending} onClick={() => withdraw.mutate()}>
          {withdraw.isPending ? text.withdrawing : text.withdrawYes}
        </Button>
        <Button disabled={withdraw.isPending} onClick={() => setAsks(false)}>
          {text.withdrawNo}
        </Button>
      </div>
    </section>
  );
}
