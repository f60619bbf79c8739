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

/** What the deeds of onboarding stand on. */
export interface OnboardingDeps {
  db: Database;
  policy: Policy;
  linkSecret: string;
}

/** A deed's instant is the workflow's own, as ISO text, so that a repeat decides as the first did. */
export type OnboardingInput = OnboardingId & { at: string };

export type OnboardingActivities = ReturnType<typeof createOnboardingActivities>;

/**
 * The deeds of onboarding: each one idempotent transaction of change, event and notice, then the standing anew.
 * A deed that is repeated after its commit finds nothing due and changes nothing; what it wanted told is among
 * the review's untold notices either way.
 */
export function createOnboardingActivities({ db, policy, linkSecret }: OnboardingDeps) {
  const deed = (
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
    /** Reads the facts and writes where the agent stands. */
    reviewOnboarding: (key: OnboardingInput): Promise<OnboardingState> => deed(key),

    /** Issues an invitation, which replaces a live one, and has it mailed (guide, Registration 1). */
    inviteAgent: (key: OnboardingInput): Promise<OnboardingState> =>
      deed(key, async (tx, at, { state }) => {
        if (state.due !== 'invite') return;
        const invitation = await issueInvitation(tx, { ...key, at, policy, linkSecret });
        await createLinkNotice(tx, 'invitation', key, at, invitation);
      }),

    /** Mentions an unused invitation once more before it dies. */
    remindOfLink: (key: OnboardingInput): Promise<OnboardingState> =>
      deed(key, async (tx, at, { state }) => {
        const invitation = await readLiveInvitation(tx, key.npn);
        if (state.due !== 'remind-of-link' || !invitation) return;
        await markInvitationReminded(tx, invitation.id, at);
        await recordOnboardingEvent(tx, key, 'reminded-of-link', at, { invitationId: invitation.id });
        await createLinkNotice(tx, 'invitation-reminder', key, at, invitation);
      }),

    /** Reminds a registered agent of the terms that are not accepted yet. */
    remindOfTerms: (key: OnboardingInput): Promise<OnboardingState> =>
      deed(key, async (tx, at, { state, otherYears }) => {
        if (state.due !== 'remind-of-terms') return;
        const { termsRemindersSent: number } = await tx
          .updateTable('onboardings')
          .set((row) => ({ termsRemindersSent: row('termsRemindersSent', '+', 1) }))
          .where('npn', '=', key.npn)
          .where('planYear', '=', key.planYear)
          .returning('termsRemindersSent')
          .executeTakeFirstOrThrow();
        // the same documents are missing for every plan year: one of them reminds
        const isTold = otherYears.some(
          ({ stage, termsRemindersSent }) => stage === 'awaiting-terms' && termsRemindersSent >= number,
        );
        if (isTold) return;
        await recordOnboardingEvent(tx, key, 'reminded-of-terms', at, { number });
        await createOnboardingNotice(tx, 'terms-reminder', key, at, key.at);
      }),

    /** Tells an agent why the invitation has not come two business days after training (guide, Registration 1). */
    explainLateness: (key: OnboardingInput): Promise<OnboardingState> =>
      deed(key, async (tx, at, { state, standing }) => {
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

    /** Warns an active agent of what ends soon: the registration, or the license of a state. */
    warnOfEnd: (key: OnboardingInput): Promise<OnboardingState> =>
      deed(key, async (tx, at, { state, facts }) => {
        if (state.due !== 'warn-of-end') return;
        const endings = dueExpirationWarnings(at, facts);
        await saveExpirationWarnings(tx, { ...key, endings, at });
        await recordOnboardingEvent(tx, key, 'warned-of-end', at, { endings });
        const news = endings.map((ending) => ({
          ...ending,
          asOf: expirationRecordedAt(ending, facts)?.toISOString() ?? null,
        }));
        await createOnboardingNotice(tx, 'ending-soon', key, at, key.at, { endings: news });
      }),

    /**
     * Takes a typed registration in: account, profile, Terms of Use, the end of the invitation and the
     * confirmation, or nothing of it. Refuses for good with `invitation-expired`, `invitation-ended`,
     * `not-eligible` or `username-taken`. Called again with the same request it answers as the first time.
     */
    completeRegistration: (
      key: OnboardingInput & { registrationRequestId: string },
    ): Promise<OnboardingState> =>
      deed(key, async (tx, at, { state: { stage } }) => {
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
