import { Alert } from '@cmsgov/design-system';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { type DepartureReason, departureReasons } from '../../../../domain/agents/departures.ts';
import { keys } from '../../api/queries.ts';
import { Button } from '../../form/button.tsx';
import { DraftNotice } from '../../form/draft-notice.tsx';
import { ReasonList } from '../../form/reason-list.tsx';
import { useDraftState } from '../../form/use-draft.ts';
import { ProblemAlert } from '../../layout/problem-alert.tsx';
import { usePortal, useText } from '../../portal-context.tsx';

/** Section to leave Help On Demand, with a confirmation. A reason is optional. */
export function Departure() {
  const { calls } = usePortal();
  const text = useText().words.profile.leave;
  const queries = useQueryClient();
  const onboarding = useQuery({ queryKey: keys.onboarding, queryFn: calls.onboarding });
  const [confirmation, setConfirmation, draft] = useDraftState<{ reason?: DepartureReason } | null>(
    { kept: 'leaving' },
    null,
  );
  const leave = useMutation({
    mutationFn: () => calls.leave(confirmation?.reason ? { reason: confirmation.reason } : {}),
    onSuccess: (view) => {
      draft.clear();
      queries.setQueryData(keys.onboarding, view);
    },
  });
  const asked = confirmation ? 'confirm' : 'ask';
  const step = onboarding.data?.stage === 'left' ? 'left' : asked;
  const heading = useFocusOnChange(onboarding.isPending ? undefined : step);
  const stay = () => {
    setConfirmation(null);
    draft.clear();
  };
  if (onboarding.isPending) return null;
  return (
    <section aria-labelledby="leave">
      <h2 id="leave" ref={heading} tabIndex={-1} className="ds-text-heading--lg hod-quiet-focus">
        {text.heading[step]}
      </h2>
      {step === 'left' && (
        <Alert>
          <p className="ds-u-margin--0">{text.left}</p>
        </Alert>
      )}
      {step === 'ask' && (
        <>
          <p>{text.text}</p>
          <div className="hod-buttons">
            <Button onClick={() => setConfirmation({})}>{text.ask}</Button>
          </div>
        </>
      )}
      {step === 'confirm' && (
        <>
          <DraftNotice draft={draft} onDiscard={stay} />
          <p>{text.confirmText}</p>
          <Reason value={confirmation?.reason} onChange={(reason) => setConfirmation({ reason })} />
          {leave.error && <ProblemAlert error={leave.error} />}
          <div className="hod-buttons">
            <Button variation="solid" isBusy={leave.isPending} onClick={() => leave.mutate()}>
              {leave.isPending ? text.leaving : text.yes}
            </Button>
            <Button isBusy={leave.isPending} onClick={stay}>
              {text.no}
            </Button>
          </div>
        </>
      )}
    </section>
  );
}

interface ReasonProps {
  value: DepartureReason | undefined;
  onChange: (reason: DepartureReason) => void;
}

function Reason({ value, onChange }: ReasonProps) {
  const { sentences, words } = useText();
  return (
    <ReasonList
      name="departure-reason"
      label={words.profile.leave.reason}
      options={departureReasons}
      labelOf={(option) => sentences.departureReason[option]}
      value={value}
      onChange={onChange}
    />
  );
}

/** Moves the focus to a heading when its section becomes another: the button that was pressed is gone then. */
function useFocusOnChange(step: string | undefined) {
  const heading = useRef<HTMLHeadingElement>(null);
  const last = useRef(step);
  useEffect(() => {
    if (last.current !== undefined && last.current !== step) heading.current?.focus();
    last.current = step;
  }, [step]);
  return heading;
}
