import { isTextless, type LineType } from '../../domain/notifications/contact.ts';
import { type NoticeKind, noticeKinds } from '../../domain/notifications/notices.ts';
import { invitationRules, invitationStatus } from '../../domain/onboarding/invitation.ts';
import type { OnboardingStage } from '../../domain/stages.ts';
import { sentAfterLeaving } from '../../store/agents/departures.ts';
import type { StoredNotice } from '../../store/notifications/stored-notices.ts';

type Check = (notice: StoredNotice, now: Date) => boolean;

const always: Check = () => true;
const whileLinkLives: Check = ({ invitation }, now) =>
  invitation !== undefined && invitationRules[invitationStatus(invitation, now)].isSent;
const whileStageIs =
  (stage: OnboardingStage): Check =>
  ({ onboarding }) =>
    onboarding === undefined || onboarding.stage === stage;
const whileHeld =
  (isHeld: boolean): Check =>
  ({ agent }) =>
    agent !== undefined && (agent.heldAt !== null) === isHeld;
const whileUnanswered: Check = ({ offer }, now) =>
  offer !== undefined && !offer.endedAt && !offer.acceptedAt && now < offer.expiresAt;
const isOpenUntil = (end: Date | null | undefined, now: Date) => Boolean(end && now < end);

/** Returns for each kind whether the notice is still true. Its own end is checked separately. */
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
  // put on hold again, or released, meanwhile
  held: whileHeld(true),
  released: whileHeld(false),
  'states-changed': whileStageIs('active'),
  'expiring-soon': whileStageIs('active'),
  'address-changed': always,
  'status-answer': always,
  'log-in-reminder': always,
  // the link was used, or a newer one has replaced it
  'password-reset': ({ passwordReset }) => passwordReset !== undefined,
  'credentials-changed': always,
  'codes-refused': always,
  'phone-changed': always,
  // a newer code has replaced it, or it was entered already
  'phone-code': ({ phoneCode }) => phoneCode !== undefined && !phoneCode.confirmedAt,
  'phone-not-mobile': ({ agent }) => isTextless(agent?.phoneLineType as LineType | null),
  // the agent has mended it meanwhile
  'channel-failed': ({ failedChannel }) => failedChannel !== undefined,
  'test-offer': ({ testOffer }) => testOffer !== undefined,
  'hours-question': ({ rest }) => rest !== undefined && !rest.endedAt,
  // a late registration reopens the onboarding
  lapsed: whileStageIs('lapsed'),
  offer: whileUnanswered,
  'offer-nudge': (notice, now) => whileUnanswered(notice, now) && !notice.offer?.isSeen,
  'offer-over': always,
  'offer-taken': always,
  'contact-reminder': ({ offer }, now) =>
    isOpenUntil(offer?.contactDueAt, now) && !offer?.endedAt && !offer?.contactedAt,
  // entered already, or replaced by another code
  'contact-code': ({ contactCode, referral }) =>
    contactCode !== undefined && !contactCode.confirmedAt && referral?.stage === 'unconfirmed',
  // entered already, replaced by another code or contact, or the request is closed
  'contact-change-code': ({ contactChange, data, referral }) =>
    contactChange !== undefined &&
    !contactChange.madeAt &&
    contactChange.codeId === data.contactChange?.codeId &&
    !referral?.closedAt,
  'contact-changed': ({ contactChange }) => contactChange !== undefined,
  'link-resent': ({ referral }) => !referral?.closedAt,
  'referral-received': ({ referral }) => !referral?.closedAt,
  // after the time to call, "will call by 11:42" would be wrong
  'agent-found': ({ offer, referral }, now) =>
    isOpenUntil(offer?.contactDueAt, now) && !offer?.endedAt && !referral?.closedAt,
  // reached meanwhile, or tried again
  'agent-tried': ({ offer, data, referral }) =>
    offer !== undefined &&
    !offer.endedAt &&
    !offer.contactedAt &&
    offer.attempts === data.attempt &&
    !referral?.closedAt,
  // once another agent has accepted, the consumer has been notified of that one
  'agent-gone': ({ offer, referral }) => offer !== undefined && !offer.isFollowed && !referral?.closedAt,
  'contact-wrong': ({ referral }) => referral?.contactWrong === true && !referral.closedAt,
  unmatched: always,
  closed: always,
};

/**
 * Returns whether a notice still makes sense at an instant. Retries and outages can delay it until it is no longer true:
 * the link has expired, the offer has ended, the agent has left.
 */
export function isStillRelevant(notice: StoredNotice, now: Date): boolean {
  const { kind, untilAt } = notice;
  return !(untilAt && now >= untilAt) && !isSuppressed(notice) && checks[kind](notice, now);
}

/**
 * Returns whether the recipient must not be notified. A consumer whose data was deleted gets nothing more; neither does
 * one who withdrew the consent. An agent who died gets nothing. An agent who left gets nothing from before the
 * departure, but does get what they ask for afterwards, or after a return.
 */
function isSuppressed({ kind, agent, consumer, createdAt }: StoredNotice): boolean {
  if (noticeKinds[kind].to === 'consumer') return consumer === undefined;
  if (!agent?.leftAt) return false;
  return agent.leftBecause === 'death' || (createdAt < agent.leftAt && !sentAfterLeaving.has(kind));
}
