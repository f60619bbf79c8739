import type { AvailabilityView } from '../../../../../api/schemas/agents/availability.ts';
import { Status } from '../../../layout/status.tsx';
import { usePortal, useText, whenHere } from '../../../portal-context.tsx';
import { Resting } from './resting.tsx';

/**
 * Shows if the agent is available, until when, and why; or, while they rest, what to answer to be offered referrals again.
 * Screen readers read changes.
 */
export function AvailabilityNow({ view }: { view: AvailabilityView }) {
  const { now } = usePortal();
  const { availability } = useText().sentences;
  const changesAt = view.changesAt === null ? null : new Date(view.changesAt);
  return (
    <>
      <Resting resting={view.resting} />
      <Status>{!view.resting && availability.now({ ...view, changesAt, when: whenHere(now()) })}</Status>
    </>
  );
}
