import type { NoticeKind } from '../domain/notices.ts';
import type { OnboardingStage } from '../domain/stages.ts';
import type { StoredNotice } from '../store/deliveries.ts';

/** Notices that speak of a stage: when the agent has left it, they would mislead. */
const stageSpokenOf: Partial<Record<NoticeKind, OnboardingStage>> = {
  'terms-reminder': 'awaiting-terms',
  active: 'active',
  'active-again': 'active',
  suspended: 'suspended',
};

/**
 * Whether telling makes sense at an instant. Between a deed and its notice lie retries and outages, so what was true
 * then may be over: a link that is dead, an offer that ended, an agent who is gone again.
 */
export function isStillWorthTelling(notice: StoredNotice, now: Date): boolean {
  const { kind, untilAt, invitation, offer, referral, onboarding } = notice;
  if (untilAt && now >= untilAt) return false;
  switch (kind) {
    case 'invitation':
    case 'invitation-reminder':
      return invitation !== undefined && !invitation.endedAs && now < invitation.expiresAt;
    case 'offer':
      return offer !== undefined && !offer.endedAt && !offer.acceptedAt && now < offer.expiresAt;
    case 'agent-found':
      return offer !== undefined && !offer.endedAt && !referral?.closedAt;
    case 'agent-gone':
      return offer !== undefined && !offer.isFollowed && !referral?.closedAt;
    case 'referral-received':
      return !referral?.closedAt;
    case 'terms-reminder':
    case 'active':
    case 'active-again':
    case 'suspended':
      return onboarding === undefined || onboarding.stage === stageSpokenOf[kind];
    case 'registration-confirmed':
    case 'lapsed':
    case 'offer-over':
    case 'unmatched':
    case 'closed':
      return true;
  }
}
