import type { PhoneActivities } from '../../../activities/agents/phones.ts';
import type { LicenseActivities } from '../../../activities/onboarding/licenses.ts';
import type { OnboardingActivities } from '../../../activities/onboarding/onboarding.ts';
import type { OnboardingState } from '../../../activities/onboarding/review-onboarding.ts';
import { refuse } from '../../../domain/failures.ts';
import type { NoticeKind, NoticeToSend } from '../../../domain/notifications/notices.ts';
import { dueExpirationWarnings } from '../../../domain/onboarding/expirations.ts';
import { type OnboardingFacts } from '../../../domain/onboarding/facts.ts';
import { nextInvitationAt } from '../../../domain/onboarding/next-action.ts';
import { isInvitationRequested } from '../../../domain/onboarding/pending-step.ts';
import { type OnboardingCause, type Standing, standingAt } from '../../../domain/onboarding/standing.ts';
import type { Policy } from '../../../domain/policy.ts';
import { finalStages, type OnboardingStage } from '../../../domain/stages.ts';
import { onboardingWorkflowId } from '../../../workflows/messages.ts';
import type { FakeDelivery } from './fake-delivery.ts';
import { createInjectedFaults, type InjectedFaults } from './injected-faults.ts';

type FakedActivities = OnboardingActivities & LicenseActivities & PhoneActivities;
type ActivityName = keyof FakedActivities;

/** One onboarding in memory: its stage, and the facts, which a test changes as the feeds and the API would. */
export interface OnboardingCase {
  npn: string;
  planYear: number;
  workflowId: string;
  facts: OnboardingFacts;
  stage: OnboardingStage;
  since: Date;
  causes: OnboardingCause[];
  closedAt: Date | undefined;
  /** The registration that was accepted. */
  registrationRequestId: string | undefined;
  /** Names of the activities that ran, in order. */
  activityCalls: ActivityName[];
  injectedFaults: InjectedFaults<ActivityName>;
  /** Added to every result, so that a history grows long within a few activities. */
  padding: NoticeToSend[];
}

/** Creates the activities of onboarding without Postgres: the real `standingAt` over facts in memory. */
export function createFakeOnboardings({ policy, delivery }: { policy: Policy; delivery: FakeDelivery }) {
  const cases = new Map<string, OnboardingCase>();

  function runActivity(
    name: ActivityName,
    { npn, planYear, at }: { npn: string; planYear: number; at: string },
    write: (about: OnboardingCase, at: Date, review: OnboardingState) => void = () => undefined,
  ): Promise<OnboardingState> {
    const about = cases.get(onboardingWorkflowId({ npn, planYear }));
    if (!about) refuse('not-found', 'There is no such onboarding.', { npn, planYear });
    return about.injectedFaults.pass(name, () => {
      write(about, new Date(at), reviewFacts(about, new Date(at)));
      about.activityCalls.push(name);
      return reviewFacts(about, new Date(at));
    });
  }

  function notify(about: OnboardingCase, kind: NoticeKind): void {
    delivery.write({ owner: about.workflowId, kind, to: about.npn, channels: ['email'] });
  }

  const activities: FakedActivities = {
    reviewOnboarding: (key) => runActivity('reviewOnboarding', key),

    inviteAgent: (key) =>
      runActivity('inviteAgent', key, (about, at, { pendingStep }) => {
        if (pendingStep !== 'invite') return;
        const expiresAt = later(at, policy.invitationTtlMs);
        const remindAt = later(expiresAt, -policy.invitationReminderBeforeMs);
        about.facts.invitation = {
          issuedAt: at,
          expiresAt,
          remindAt,
          remindedAt: null,
          endedAs: null,
          retryAt: null,
          sentToFormerAddress: false,
        };
        notify(about, 'invitation');
      }),

    remindOfInvitation: (key) =>
      runActivity('remindOfInvitation', key, (about, at, { pendingStep }) => {
        const { invitation } = about.facts;
        if (pendingStep !== 'remind-of-invitation' || !invitation) return;
        about.facts.invitation = { ...invitation, remindedAt: at };
        notify(about, 'invitation-reminder');
      }),

    remindOfTerms: (key) =>
      runActivity('remindOfTerms', key, (about, _at, { pendingStep }) => {
        if (pendingStep !== 'remind-of-terms') return;
        about.facts.termsRemindersSent += 1;
        notify(about, 'terms-reminder');
      }),

    explainDelay: (key) =>
      runActivity('explainDelay', key, (about, at, { pendingStep }) => {
        if (pendingStep !== 'explain-delay') return;
        about.facts.lateNotifiedAt = at;
        notify(about, 'invitation-late');
      }),

    warnOfExpiration: (key) =>
      runActivity('warnOfExpiration', key, (about, at, { pendingStep }) => {
        if (pendingStep !== 'warn-of-expiration') return;
        const { expirationWarnings } = about.facts;
        const expirations = dueExpirationWarnings(at, about.facts);
        about.facts.expirationWarnings = [
          ...expirationWarnings.filter(
            ({ subject }) => !expirations.some((ending) => ending.subject === subject),
          ),
          ...expirations.map((ending) => ({ ...ending, warnedAt: at })),
        ];
        notify(about, 'expiring-soon');
      }),

    lookUpLicense: (key) =>
      runActivity('lookUpLicense', key, (about, at, { pendingStep }) => {
        if (pendingStep !== 'look-up-license') return;
        about.facts.licenseLookupAt = later(at, policy.licenseLookupAfterMs[0] ?? 0);
      }),

    checkPhone: (key) =>
      runActivity('checkPhone', key, (about, _at, { pendingStep }) => {
        if (pendingStep === 'check-phone') about.facts.phoneCheckAt = null;
      }),

    completeRegistration: (key) =>
      runActivity('completeRegistration', key, (about, at, { stage }) => {
        if (about.registrationRequestId === key.registrationRequestId) return;
        acceptRegistration(about, at, stage);
        about.registrationRequestId = key.registrationRequestId;
        notify(about, 'registration-confirmed');
      }),
  };

  function reviewFacts(about: OnboardingCase, at: Date): OnboardingState {
    const { facts } = about;
    const first = standingAt(at, facts);
    if (first.conditions.every((condition) => condition.met)) facts.eligibleAt ??= at;
    if (first.stage === 'awaiting-terms' && facts.termsRemindAt.length === 0) {
      facts.termsRemindAt = policy.termsReminderAfterMs.map((ms) => later(at, ms));
    }
    const standing = standingAt(about.closedAt ?? at, facts);
    const { invitation } = facts;
    if (invitation && invitation.endedAs === null && at >= invitation.expiresAt) {
      facts.invitation = { ...invitation, endedAs: 'expired' };
    }
    const kind = noticeOf(about, standing.stage);
    if (about.stage !== standing.stage) about.since = at;
    about.stage = standing.stage;
    about.causes = standing.causes;
    if (finalStages.has(standing.stage)) about.closedAt ??= at;
    if (kind) notify(about, kind);
    return reviewOf(about, standing, delivery);
  }

  return {
    activities,
    /** Creates an onboarding that a training completion has opened. */
    create({ npn, facts, at }: { npn: string; facts: OnboardingFacts; at: Date }): OnboardingCase {
      const { planYear } = facts;
      const workflowId = onboardingWorkflowId({ npn, planYear });
      const created: OnboardingCase = {
        npn,
        planYear,
        workflowId,
        facts,
        stage: 'awaiting-eligibility',
        since: at,
        causes: [],
        closedAt: undefined,
        registrationRequestId: undefined,
        activityCalls: [],
        injectedFaults: createInjectedFaults<ActivityName>(),
        padding: [],
      };
      cases.set(workflowId, created);
      delivery.onRefusal(workflowId, ({ kind }) => {
        const { invitation } = created.facts;
        if (kind !== 'invitation' || !invitation) return;
        created.facts.invitation = { ...invitation, endedAs: 'undeliverable' };
      });
      return created;
    },
  };
}

function acceptRegistration({ facts }: OnboardingCase, at: Date, stage: OnboardingStage): void {
  const { invitation } = facts;
  if (!invitation || at >= invitation.expiresAt) {
    refuse('invitation-expired', 'The invitation has expired.', { at: invitation?.expiresAt.toISOString() });
  }
  if (invitation.endedAs) refuse('invitation-ended', 'The invitation has ended.');
  if (stage !== 'invited') refuse('not-eligible', 'The agent is not eligible now.');
  facts.invitation = { ...invitation, endedAs: 'registered' };
  facts.registeredAt = at;
  facts.termsAccepted = [
    ...facts.termsAccepted,
    { kind: 'terms-of-use', version: facts.termsInForce['terms-of-use'] },
  ];
}

function noticeOf(about: OnboardingCase, stage: OnboardingStage): NoticeKind | undefined {
  if (stage === about.stage || !about.facts.registeredAt) return undefined;
  if (stage === 'active') return about.stage === 'awaiting-terms' ? 'active' : 'active-again';
  return stage === 'suspended' || stage === 'lapsed' ? stage : undefined;
}

function reviewOf(about: OnboardingCase, standing: Standing, delivery: FakeDelivery): OnboardingState {
  const { stage, causes, states, pendingStep, nextChangeAt } = standing;
  const { invitation } = about.facts;
  const linkExpiresAt = invitation?.endedAs === null ? invitation.expiresAt : undefined;
  return {
    stage,
    since: about.since.toISOString(),
    causes,
    states,
    pendingStep,
    isInvitationRequested: isInvitationRequested(about.facts),
    nextChangeAt: nextChangeAt?.toISOString(),
    linkExpiresAt: linkExpiresAt?.toISOString(),
    retryAt: nextInvitationAt(stage, about.facts)?.toISOString(),
    notices: [...delivery.pendingOf(about.workflowId), ...about.padding],
  };
}

function later(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}
