import { setHandler } from '@temporalio/workflow';
import { refuse, rethrowRefusal } from '../domain/failures.ts';
import { invitationStatus } from '../domain/onboarding/invitation.ts';
import { factsChanged, register } from './messages.ts';
import { apply, type OnboardingRun, registrations } from './onboarding-run.ts';
import { now } from './wait.ts';

/** Registers the handlers of all updates and signals to an onboarding. */
export function setMessageHandlers(run: OnboardingRun): void {
  setHandler(factsChanged, () => {
    run.stale = true;
  });
  setHandler(register, ({ registrationRequestId }) => completeRegistration(run, registrationRequestId), {
    validator: (_registration) => mustBeOpenForRegistration(run),
  });
}

async function completeRegistration(run: OnboardingRun, registrationRequestId: string) {
  run.busy = true;
  try {
    const registration = { ...run.id, registrationRequestId, at: now() };
    const { stage } = await apply(
      run,
      registrations.completeRegistration(registration).catch(rethrowRefusal),
    );
    return { stage };
  } finally {
    run.busy = false;
  }
}

/** Refuses a late registration before the update enters the history (docs/architecture.md, rule 2). */
function mustBeOpenForRegistration(run: OnboardingRun): void {
  if (run.busy) refuse('registration-busy', 'Another registration with this link is being completed.', {});
  // before the first review of this run the activity itself decides
  if (!run.standing) return;
  const expiresAt = run.standing.linkExpiresAt;
  if (!expiresAt) refuse('invitation-ended', 'There is no invitation to register with.', { ...run.id });
  // live when it was reviewed: an end or a new address wakes this workflow, the clock is asked here
  const link = { endedAs: null, expiresAt: new Date(expiresAt) };
  if (invitationStatus(link, new Date()) !== 'live')
    refuse('invitation-expired', 'The invitation has expired.', { at: expiresAt });
}
