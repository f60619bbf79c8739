import { refuse } from '../../domain/failures.ts';
import { dueExpirationWarnings, expirationRecordedAt } from '../../domain/onboarding/expirations.ts';
import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import type { Policy } from '../../domain/policy.ts';
import { type NoticeContents, unmetConditions } from '../../domain/text/notice-data.ts';
import type { Database, Tx } from '../../store/database/connection.ts';
import { recordEvent } from '../../store/events.ts';
import { createNotice } from '../../store/notifications/notices.ts';
import {
  issueInvitation,
  type LiveInvitation,
  markInvitationReminded,
  readLiveInvitation,
} from '../../store/onboarding/invitations.ts';
import { saveExpirationWarnings } from '../../store/onboarding/onboardings.ts';
import { registerAgent } from './registration.ts';
import { type OnboardingState, type ReviewResult, reviewOnboarding } from './review-onboarding.ts';

/** Dependencies of the onboarding activities. */
export interface OnboardingDeps {
  db: Database;
  policy: Policy;
  linkSecret: string;
}

/**
 * Key and instant of an activity. `at` is the workflow's own time (ISO text), so that a retry decides as the first try.
 */
export type OnboardingInput = OnboardingId & { at: string };

export type OnboardingActivities = ReturnType<typeof createOnboardingActivities>;

/**
 * Creates the activities of onboarding. Each is one idempotent transaction of change, event and notice, followed by a
 * review. An activity that is retried after its commit finds nothing due and changes nothing; its notice is among the
 * pending notices of the review either way.
 */
export function createOnboardingActivities({ db, policy, linkSecret }: OnboardingDeps) {
  const changeAndReview = (
    key: OnboardingInput,
    change?: (tx: Tx, at: Date, before: ReviewResult) => Promise<void>,
  ): Promise<OnboardingState> =>
    db.transaction().execute(async (tx) => {
      const at = new Date(key.at);
      const before = await reviewOnboarding(tx, { key, at, policy });
      if (!before)
        refuse('not-found', 'There is no such onboarding.', { npn: key.npn, planYear: key.planYear });
      if (!change) return before.state;
      await change(tx, at, before);
      return ((await reviewOnboarding(tx, { key, at, policy })) ?? before).state;
    });

  return {
    /** Computes the standing from the facts and saves it. */
    reviewOnboarding: (key: OnboardingInput): Promise<OnboardingState> => changeAndReview(key),

    /** Issues an invitation, which replaces a live one, and has it mailed (docs/guide.md, step 1). */
    inviteAgent: (key: OnboardingInput): Promise<OnboardingState> =>
      changeAndReview(key, async (tx, at, { state }) => {
        if (state.due !== 'invite') return;
        const invitation = await issueInvitation(tx, { ...key, at, policy, linkSecret });
        await createLinkNotice(tx, 'invitation', key, at, invitation);
      }),

    /** Reminds an agent of an unused invitation before it expires. */
    remindOfLink: (key: OnboardingInput): Promise<OnboardingState> =>
      changeAndReview(key, async (tx, at, { state }) => {
        const invitation = await readLiveInvitation(tx, { npn: key.npn, at });
        if (state.due !== 'remind-of-link' || !invitation) return;
        await markInvitationReminded(tx, invitation.id, at);
        await recordOnboardingEvent(tx, key, 'reminded-of-link', at, { invitationId: invitation.id });
        await createLinkNotice(tx, 'invitation-reminder', key, at, invitation);
      }),

    /** Reminds a registered agent of the terms that they have not accepted yet. */
    remindOfTerms: (key: OnboardingInput): Promise<OnboardingState> =>
      changeAndReview(key, async (tx, at, { state, otherYears }) => {
        if (state.due !== 'remind-of-terms') return;
        const { termsRemindersSent: number } = await tx
          .updateTable('onboardings')
          .set((row) => ({ termsRemindersSent: row('termsRemindersSent', '+', 1) }))
          .where('npn', '=', key.npn)
          .where('planYear', '=', key.planYear)
          .returning('termsRemindersSent')
          .executeTakeFirstOrThrow();
        // the same documents are missing for every plan year, and one reminder is enough
        const isReminded = otherYears.some(
          ({ stage, termsRemindersSent }) => stage === 'awaiting-terms' && termsRemindersSent >= number,
        );
        if (isReminded) return;
        await recordOnboardingEvent(tx, key, 'reminded-of-terms', at, { number });
        await createOnboardingNotice(tx, 'terms-reminder', key, at, key.at);
      }),

    /**
     * Explains to an agent why the invitation has not come two business days after training (docs/guide.md,
     * step 1).
     */
    explainLateness: (key: OnboardingInput): Promise<OnboardingState> =>
      changeAndReview(key, async (tx, at, { state, standing }) => {
        if (state.due !== 'explain-lateness') return;
        await tx
          .updateTable('onboardings')
          .set({ lateNotifiedAt: at })
          .where('npn', '=', key.npn)
          .where('planYear', '=', key.planYear)
          .execute();
        await recordOnboardingEvent(tx, key, 'lateness-explained', at, { causes: state.causes });
        await createOnboardingNotice(tx, 'invitation-late', key, at, key.at, {
          unmet: unmetConditions(standing.conditions),
        });
      }),

    /** Warns an active agent of a registration or a license that expires soon. */
    warnOfEnd: (key: OnboardingInput): Promise<OnboardingState> =>
      changeAndReview(key, async (tx, at, { state, facts }) => {
        if (state.due !== 'warn-of-end') return;
        const endings = dueExpirationWarnings(at, facts);
        await saveExpirationWarnings(tx, { ...key, expirations: endings, at });
        await recordOnboardingEvent(tx, key, 'warned-of-end', at, { endings });
        const warnings = endings.map((ending) => ({
          ...ending,
          asOf: expirationRecordedAt(ending, facts)?.toISOString() ?? null,
        }));
        await createOnboardingNotice(tx, 'ending-soon', key, at, key.at, { endings: warnings });
      }),

    /**
     * Completes a registration in one transaction: account, profile, Terms of Use, end of the invitation, confirmation.
     * Called again with the same request it returns the same result.
     * @throws the permanent refusals `invitation-expired`, `invitation-ended`, `not-eligible` and `username-taken`
     */
    completeRegistration: (
      key: OnboardingInput & { registrationRequestId: string },
    ): Promise<OnboardingState> =>
      changeAndReview(key, async (tx, at, { state: { stage } }) => {
        const { invitationId } = await registerAgent(tx, { ...key, at, stage, policy });
        await createOnboardingNotice(tx, 'registration-confirmed', key, at, invitationId);
      }),
  };
}

function createLinkNotice(
  tx: Tx,
  kind: 'invitation' | 'invitation-reminder',
  { npn, planYear }: OnboardingInput,
  at: Date,
  { id: invitationId, expiresAt: untilAt }: LiveInvitation,
) {
  const dedupeKey = `${kind} ${invitationId}`;
  return createNotice(tx, { kind, npn, planYear, invitationId, at, untilAt, dedupeKey });
}

function createOnboardingNotice(
  tx: Tx,
  kind: 'registration-confirmed' | 'terms-reminder' | 'invitation-late' | 'ending-soon',
  { npn, planYear }: OnboardingInput,
  at: Date,
  occasion: string,
  data?: NoticeContents,
) {
  const dedupeKey = `${kind} ${npn} ${planYear} ${occasion}`;
  return createNotice(tx, { kind, npn, planYear, at, dedupeKey, data });
}

function recordOnboardingEvent(
  tx: Tx,
  { npn, planYear }: OnboardingInput,
  kind: string,
  at: Date,
  data: Record<string, unknown>,
) {
  return recordEvent(tx, { subject: { kind: 'onboarding', npn, planYear }, kind, at, by: 'service', data });
}
