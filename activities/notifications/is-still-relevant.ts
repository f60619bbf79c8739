import { isTextless, type LineType } from '../../domain/notifications/contact.ts';
import { type NoticeKind, noticeKinds } from '../../domain/notifications/notices.ts';
import type { OnboardingStage } from '../../domain/stages.ts';
import { sentAfterLeaving } from '../../store/agents/departures.ts';
import type { StoredNotice } from '../../store/notifications/stored-notices.ts';

type Check = (notice: StoredNotice, now: Date) => boolean;

const always: Check = () => true;
const whileLinkLives: Check = ({ invitation }, now) =>
  invitation !== undefined && !invitation.endedAs && now < invitation.expiresAt;
const whileStageIs =
  (stage: OnboardingStage): Check =>
  ({ onboarding }) =>
    onboarding === undefined || onboarding.stage === stage;
const isOpenUntil = (end: Date | null | undefined, now: Date) => Boolean(end && now < end);

/** Until when each kind is true, beside the notice's own end. */
const checks: Readonly<Record<NoticeKind, Check>> = {
  invitation: whileLinkLives,
  'invitation-reminder': whileLinkLives,
  'registration-confirmed': always,
  'invitation-late': whileStageIs('awaiting-eligibility'),
  'terms-needed': whileStageIs('awaiting-terms'),
  'terms-reminder': whileStageIs('awaiting-terms'),
  active: whileStageIs('active'),
  'active-again': whileStageIs('active'),
  suspended: whileStageIs('suspended'),
  'states-changed': whileStageIs('active'),
  'ending-soon': whileStageIs('active'),
  'address-changed': always,
  'status-answer': always,
  'log-in-reminder': always,
  // a newer code has taken its place, or it was entered already
  'phone-code': ({ phoneCode }) => phoneCode !== undefined && !phoneCode.confirmedAt,
  'phone-not-mobile': ({ agent }) => isTextless(agent?.phoneLineType as LineType | null),
  // a registration that came late opens it again, and its end is no news any more
  lapsed: whileStageIs('lapsed'),
  offer: ({ offer }, now) =>
    offer !== undefined && !offer.endedAt && !offer.acceptedAt && now < offer.expiresAt,
  'offer-over': always,
  'contact-reminder': ({ offer }, now) =>
    isOpenUntil(offer?.contactDueAt, now) && !offer?.endedAt && !offer?.contactedAt,
  // entered already, or another code has taken its place
  'contact-code': ({ contactCode, referral }) =>
    contactCode !== undefined && !contactCode.confirmedAt && referral?.stage === 'unconfirmed',
  // entered already, another code or another contact has taken its place, or the request is over
  'contact-change-code': ({ contactChange, data, referral }) =>
    contactChange !== undefined &&
    !contactChange.madeAt &&
    contactChange.codeId === data.contactChange?.codeId &&
    !referral?.closedAt,
  'contact-changed': ({ contactChange }) => contactChange !== undefined,
  'link-again': ({ referral }) => !referral?.closedAt,
  'referral-received': ({ referral }) => !referral?.closedAt,
  // after the time to call, «will call by 11:42» would be a promise already broken
  'agent-found': ({ offer, referral }, now) =>
    isOpenUntil(offer?.contactDueAt, now) && !offer?.endedAt && !referral?.closedAt,
  // once another agent has accepted, the consumer has heard of that one
  'agent-gone': ({ offer, referral }) => offer !== undefined && !offer.isFollowed && !referral?.closedAt,
  'contact-wrong': ({ referral }) => referral?.contactWrong === true && !referral.closedAt,
  unmatched: always,
  closed: always,
};

/**
 * Whether telling makes sense at an instant. Between a deed and its notice lie retries and outages, so what was true
 * then may be over: a link that is dead, an offer that ended, an agent who is gone again.
 */
export function isStillRelevant(notice: StoredNotice, now: Date): boolean {
  const { kind, untilAt } = notice;
  return !(untilAt && now >= untilAt) && !isSuppressed(notice) && checks[kind](notice, now);
}

/**
 * A consumer who took the consent back, or is forgotten, is told nothing more. Who died is never written to. Who left is told nothing that was meant for the time before; what he asks for
 * afterwards, or once he is back, is.
 */
function isSuppressed({ kind, agent, consumer, createdAt }: StoredNotice): boolean {
  if (noticeKinds[kind].to === 'consumer') return consumer === undefined;
  if (!agent?.leftAt) return false;
  return agent.leftBecause === 'death' || (createdAt < agent.leftAt && !sentAfterLeaving.has(kind));
}
