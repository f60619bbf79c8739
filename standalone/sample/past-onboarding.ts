import type { OnboardingActivities } from '../../activities/onboarding/onboarding.ts';
import type { OnboardingState } from '../../activities/onboarding/review-onboarding.ts';
import { cleanUsername } from '../../domain/accounts/username.ts';
import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import type { PendingStep } from '../../domain/onboarding/pending-step.ts';
import { accountIdOf } from '../../store/accounts/accounts.ts';
import { readLiveInvitation } from '../../store/onboarding/invitations.ts';
import { saveRegistrationRequest } from '../../store/onboarding/registration-requests.ts';
import { acceptTerms, findTerms } from '../../store/onboarding/terms.ts';
import type { PastContext } from './past-context.ts';
import type { SamplePerson } from './sample-agents.ts';

type Step = 'inviteAgent' | 'explainDelay' | 'remindOfInvitation' | 'remindOfTerms' | 'warnOfExpiration';

/** The activity of each step that the service takes by itself. The others ask a registry or a provider, and wait for a worker. */
const activityOf: Partial<Record<PendingStep, Step>> = {
  invite: 'inviteAgent',
  'remind-of-invitation': 'remindOfInvitation',
  'remind-of-terms': 'remindOfTerms',
  'explain-delay': 'explainDelay',
  'warn-of-expiration': 'warnOfExpiration',
};

export type PastOnboarding = ReturnType<typeof createPastOnboarding>;

/**
 * Plays onboardings as their workflow does (`workflows/onboarding.ts`): at each instant at which something is due, the activity
 * that the service calls.
 */
export function createPastOnboarding(context: PastContext, activities: OnboardingActivities) {
  const { db, clock, deliver, until } = context;
  const where = { ipAddress: '127.0.0.1', userAgent: 'Sample data' };
  const now = () => clock.now().toISOString();

  /** Takes every step that is due, and comes back when the next one is. */
  async function follow(key: OnboardingId): Promise<OnboardingState> {
    let state = await activities.reviewOnboarding({ ...key, at: now() });
    for (let step = nextStep(state); step; step = nextStep(state))
      state = await activities[step]({ ...key, at: now() });
    await deliver(state.notices);
    const nextAt = state.nextChangeAt && new Date(state.nextChangeAt);
    if (nextAt && nextAt > clock.now() && nextAt < until)
      clock.at(nextAt, async () => void (await follow(key)));
    return state;
  }

  const nextStep = ({ pendingStep }: OnboardingState) => pendingStep && activityOf[pendingStep];

  /** Registers an agent with their link. */
  async function register(
    person: Pick<SamplePerson, 'npn' | 'username' | 'phone' | 'zip' | 'contactPreference'>,
    { planYear, passwordHash }: { planYear: number; passwordHash: string },
  ): Promise<void> {
    const { npn, username, phone, zip, contactPreference } = person;
    const at = clock.now();
    const invitation = await readLiveInvitation(db, { npn, at });
    const terms = await findTerms(db, 'terms-of-use');
    if (!invitation || !terms) throw new Error(`${username} has no invitation in the past`);
    const registrationRequestId = await saveRegistrationRequest(db, {
      ...where,
      invitationId: invitation.id,
      username: cleanUsername(username),
      passwordHash,
      phone,
      phoneLineType: 'mobile',
      contactPreference,
      zip,
      termsVersion: terms.version,
      at,
    });
    const state = await activities.completeRegistration({ npn, planYear, at: now(), registrationRequestId });
    await deliver(state.notices);
  }

  /** Accepts the terms of agents. */
  async function accept(npn: string): Promise<void> {
    const kind = 'agents-and-brokers-terms-of-use';
    const [accountId, terms] = [await accountIdOf(db, npn), await findTerms(db, kind)];
    if (!accountId || !terms) throw new Error(`${npn} has no account in the past`);
    const { version, sha256 } = terms;
    await acceptTerms(db, { ...where, npn, accountId, kind, version, sha256, at: clock.now() });
  }

  return { follow, register, accept };
}
