import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { type DepartureReason, departureReasons } from '../../../../../domain/agents/departures.ts';
import { keys } from '../../../api/queries.ts';
import { Button } from '../../../form/button.tsx';
import { DraftNotice } from '../../../form/draft-notice.tsx';
import { ReasonList } from '../../../form/reason-list.tsx';
import { useDraftState } from '../../../form/use-draft.ts';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { usePortal, useText } from '../../../portal-context.tsx';

/** Form to leave Help On Demand, with a confirmation. A reason is optional. */
export function DepartureForm() {
  const { calls } = usePortal();
  const { sentences, words } = useText();
  const text = words.profile.leave;
  const queries = useQueryClient();
  const [confirmation, setConfirmation, draft] = useDraftState<{ reason?: DepartureReason } | null>(
    { kept: 'leaving' },
    null,
  );
  const isConfirming = confirmation !== null;
  const reason = confirmation?.reason;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (isConfirming) heading.current?.focus();
  }, [isConfirming]);
  const leave = useMutation({
    mutationFn: () => calls.leave(reason ? { reason } : {}),
    onSuccess: (view) => {
      draft.clear();
      queries.setQueryData(keys.onboarding, view);
    },
  });
  const stay = () => {
    setConfirmation(null);
    draft.clear();
  };
  if (!isConfirming)
    return (
      <section aria-labelledby="leave">
        <h2 id="leave" className="ds-text-heading--lg">
          {text.heading}
        </h2>
        <p>{text.text}</p>
        <div className="hod-buttons">
          <Button onClick={() => setConfirmation({})}>{text.ask}</Button>
        </div>
      </section>
    );
  return (
    <section aria-labelledby="leave" className="hod-card">
      <h2 id="leave" ref={heading} tabIndex={-1} className="ds-text-heading--md hod-quiet-focus">
        {text.confirmHeading}
      </h2>
      <DraftNotice draft={draft} onDiscard={stay} />
      <p>{text.confirmText}</p>
      <ReasonList
        name="departure-reason"
        label={text.reason}
        options={departureReasons}
        labelOf={(option) => sentences.departureReason[option]}
        value={reason}
        onChange={(chosen) => setConfirmation({ reason: chosen })}
      />
      {leave.error && <ProblemAlert error={leave.error} />}
      <div className="hod-buttons">
        <Button variation="solid" isBusy={leave.isPending} onClick={() => leave.mutate()}>
          {leave.isPending ? text.leaving : text.yes}
        </Button>
        <Button isBusy={leave.isPending} onClick={stay}>
          {text.no}
        </Button>
      </div>
    </section>
  );
}
