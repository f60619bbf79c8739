import { Alert } from '@cmsgov/design-system';
import type { AvailabilityView } from '../../../../../api/schemas/agents/availability.ts';
import { Button } from '../../../form/button.tsx';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { usePortal, useText, whenHere } from '../../../portal-context.tsx';
import { useAvailabilityChange } from './use-availability.ts';

/** Tells an agent that they are offered nothing and why, and takes their word that the hours hold. */
export function Resting({ resting }: { resting: AvailabilityView['resting'] }) {
  const { now } = usePortal();
  const text = useText().sentences.availability.rest;
  if (!resting) return null;
  const { since, unseenOffers } = resting;
  return (
    <Alert variation="warn" heading={text.heading}>
      <p>{text.because({ since: new Date(since), unseenOffers, when: whenHere(now()) })}</p>
      <ConfirmHours />
    </Alert>
  );
}

/** Takes an agent's word that their hours hold, which ends their rest. @param onConfirmed moves the focus: the button goes */
export function ConfirmHours({ onConfirmed }: { onConfirmed?: () => void }) {
  const { calls } = usePortal();
  const text = useText().sentences.availability.rest;
  const confirm = useAvailabilityChange<void>(calls.confirmHours, onConfirmed);
  return (
    <>
      {confirm.error && <ProblemAlert error={confirm.error} />}
      <Button isBusy={confirm.isPending} onClick={() => confirm.mutate()}>
        {text.confirm}
      </Button>
    </>
  );
}
