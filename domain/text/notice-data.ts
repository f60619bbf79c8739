import type { CredentialChange } from '../accounts/credentials.ts';
import type { ChannelObstacle } from '../agents/readiness.ts';
import type { AgentChannel, Channel, ContactChannel } from '../notifications/contact.ts';
import type { NoticeKind, noticeKinds } from '../notifications/notices.ts';
import type { Condition, ConditionName } from '../onboarding/conditions.ts';
import type { Expiration } from '../onboarding/expirations.ts';
import type { TermsKind } from '../onboarding/facts.ts';
import type { StateRecord } from '../onboarding/licensed-states.ts';
import type { OnboardingCause } from '../onboarding/standing.ts';
import type { UnmetReason } from '../onboarding/unmet-reasons.ts';
import type { ContactWay } from '../referrals/contact-times.ts';
import type { OfferEnd } from '../referrals/offer.ts';
import type { AttemptWay, Need, Outcome } from '../referrals/referral.ts';
import type { OnboardingStage } from '../stages.ts';
import type { MailLine } from './linked.ts';
import type { TimeContext } from './locale-format.ts';

interface ToAgent {
  /** Empty if the feed has no name. */
  firstName: string;
  planYear: number;
}

interface ToConsumer {
  /** Empty until the contact is confirmed: text that a stranger typed is sent to nobody. */
  consumerName: string;
}

interface AboutPlace {
  zip: string;
  city: string;
  /** Two letters. */
  state: string;
}

/** An unmet condition with the decisive value of the feed's row, and when that row came in (ISO text). */
export interface UnmetCondition {
  name: ConditionName;
  /** Detailed reason, if there is one; absent in notices of earlier releases. */
  because?: UnmetReason | null;
  evidence: string | null;
  asOf: string | null;
}

/** A met condition with the decisive value of the feed's row, and when that row came in (ISO text). */
export type MetCondition = Pick<UnmetCondition, 'name' | 'evidence' | 'asOf'>;

/** A state with our record of the license there; `asOf` is ISO text. */
export type StoredStateRecord = Omit<StateRecord, 'asOf'> & { asOf: string | null };

/** An expiration, and when its record came in (ISO text; absent in notices of earlier releases). */
export type StoredExpiration = Expiration & { asOf?: string | null };

/** The status of an onboarding when it was requested. Instants are ISO text. */
export interface RequestedStatus {
  stage: OnboardingStage;
  causes: readonly OnboardingCause[];
  /** Of the live invitation, if there is one. */
  linkExpiresAt: string | null;
  /** When another invitation is sent automatically; absent in answers of earlier releases. */
  retryAt?: string | null;
  newToMarketplace: boolean;
  isRegistered: boolean;
  /** The agent's other plan years with unmet conditions; absent in answers of earlier releases. */
  otherYears?: readonly { planYear: number; unmet: readonly UnmetCondition[] }[];
}

/** Facts that a notice stores when it is created, because they may change before it is sent. No personal data. */
export interface NoticeContents {
  unmet?: readonly UnmetCondition[];
  /** Conditions that were unmet and are met again. */
  restored?: readonly MetCondition[];
  /** States in two letters. */
  lost?: readonly string[];
  gained?: readonly string[];
  /** The record of each lost or gained state; absent in notices of earlier releases. */
  records?: readonly StoredStateRecord[];
  expirations?: readonly StoredExpiration[];
  /** Another plan year under which the agent is still offered referrals. */
  carriesOn?: number;
  phoneCodeId?: string;
  /** The link to a new password. */
  passwordResetId?: string;
  credentialChange?: CredentialChange;
  /** The code that confirms a consumer's contact, and the channel over which it was sent. */
  contactCode?: { id: string; channel: ContactChannel };
  /** The change of a consumer's contact, and the code that confirms it. */
  contactChange?: { id: string; codeId?: string };
  asked?: RequestedStatus;
  testOfferId?: string;
  /** The rest that a question about the hours is about. */
  restId?: string;
  /** The channel of the agent that works no more. */
  failedChannel?: AgentChannel;
  /** Which try to reach the consumer it is about, the first being 1. */
  attempt?: number;
}

/** Data from which each kind of notice is written. An offer has no data of the consumer, so it cannot reveal any. */
export interface NoticeData {
  invitation: ToAgent & { issuedAt: Date; expiresAt: Date; registerUrl: string };
  'invitation-reminder': ToAgent & { expiresAt: Date; registerUrl: string };
  'registration-confirmed': ToAgent & { loginUrl: string };
  'terms-reminder': ToAgent & { missing: readonly TermsKind[]; loginUrl: string };
  active: ToAgent & { loginUrl: string; languages: readonly string[]; states: readonly string[] };
  'active-again': ToAgent & { restored: readonly MetCondition[]; loginUrl: string };
  'invitation-late': ToAgent & {
    unmet: readonly UnmetCondition[];
    newToMarketplace: boolean;
    isRegistered: boolean;
    loginUrl: string;
  };
  'terms-needed': ToAgent & { missing: readonly TermsKind[]; loginUrl: string };
  /** Of no plan year: a hold is on the agent. It does not tell the reason, which ops wrote for themselves. */
  held: { firstName: string; loginUrl: string };
  /** `missing`: documents to accept before there are referrals again. */
  released: { firstName: string; missing: readonly TermsKind[]; loginUrl: string };
  'states-changed': ToAgent & {
    lost: readonly string[];
    gained: readonly string[];
    records: readonly StoredStateRecord[];
    loginUrl: string;
  };
  'expiring-soon': ToAgent & { expirations: readonly StoredExpiration[]; loginUrl: string };
  'address-changed': ToAgent;
  'status-answer': ToAgent &
    Required<Omit<RequestedStatus, 'linkExpiresAt' | 'retryAt'>> & {
      unmet: readonly UnmetCondition[];
      linkExpiresAt: Date | null;
      retryAt: Date | null;
      loginUrl: string;
    };
  'log-in-reminder': ToAgent & { username: string; loginUrl: string };
  'password-reset': { firstName: string; expiresAt: Date; resetUrl: string };
  /** Never holds a link that opens something: it may be about a stranger who reads along. */
  'credentials-changed': {
    firstName: string;
    change: CredentialChange;
    changedAt: Date;
    /** The page on which anybody can have a link to a new password sent. */
    forgotUrl: string;
  };
  /** Too many codes were wrong after the right password, the last at this instant. */
  'codes-refused': { firstName: string; changedAt: Date; forgotUrl: string };
  /** To the mail address, and to the former phone. It holds neither number. */
  'phone-changed': { firstName: string; changedAt: Date; forgotUrl: string };
  'phone-code': { code: string; expiresAt: Date };
  /** Sent by its recipient. The link differs by channel, so that it shows which one arrived. */
  'test-offer': { expiresAt: Date; answerUrl: string; replyCode: string };
  'hours-question': {
    firstName: string;
    unseenOffers: number;
    /** Opens a page with one button, without log-in. */
    confirmUrl: string;
    availabilityUrl: string;
  };
  'phone-not-mobile': ToAgent & { loginUrl: string };
  /** A channel of the agent that works no more, and why as far as we know now. */
  'channel-failed': {
    firstName: string;
    channel: AgentChannel;
    because: ChannelObstacle;
    availabilityUrl: string;
  };
  suspended: ToAgent & {
    causes: readonly OnboardingCause[];
    unmet: readonly UnmetCondition[];
    carriesOn: number | null;
    loginUrl: string;
  };
  lapsed: ToAgent;
  offer: AboutPlace & {
    /** BCP-47 code. */
    language: string;
    need: Need;
    expiresAt: Date;
    /** Opens this one offer, without log-in. */
    answerUrl: string;
    /** The offer's short code for replies by text. */
    replyCode: string;
  };
  /** Says no more of the request than where it is. */
  'offer-nudge': AboutPlace & { expiresAt: Date; answerUrl: string; replyCode: string };
  'offer-over': AboutPlace & { end: OfferEnd; endedAt: Date; inboxUrl: string };
  'offer-taken': AboutPlace & { takenAt: Date };
  'contact-reminder': AboutPlace & { contactDueAt: Date; inboxUrl: string };
  'contact-code': { code: string; expiresAt: Date; statusUrl: string };
  /** Goes to a contact that is not confirmed yet, so it contains no link to the request. */
  'contact-change-code': { channel: ContactChannel; code: string; expiresAt: Date };
  /** The channel whose contact was changed, and when; never the new value. */
  'contact-changed': { channel: ContactChannel; changedAt: Date };
  'link-resent': ToConsumer & { statusUrl: string };
  /** `opensAt`: when the service opens and starts to look for an agent; null while it is open. */
  'referral-received': ToConsumer & { statusUrl: string; opensAt: Date | null };
  'agent-found': ToConsumer & {
    agentName: string;
    npn: string;
    /** In the consumer's state. */
    license: { state: string; number: string } | null;
    /** The way in which the agent will get in touch. */
    contactBy: ContactWay;
    contactDueAt: Date;
    statusUrl: string;
  };
  'agent-tried': ToConsumer & {
    agentName: string;
    npn: string;
    triedAt: Date;
    how: AttemptWay | null;
    nextTryAt: Date;
    contactBy: ContactWay;
    statusUrl: string;
  };
  'agent-gone': ToConsumer & { agentName: string; statusUrl: string };
  'contact-wrong': ToConsumer & { statusUrl: string };
  /** `contactWrong`: the consumer did not correct a wrong contact. `consentExpired`: the consent ran out first. */
  unmatched: ToConsumer & { contactWrong: boolean; consentExpired: boolean; askUrl: string };
  closed: ToConsumer & { outcome: Outcome | null; askUrl: string };
}

/** A paragraph of a mail: a sentence or more, or the items of a list. */
export type Paragraph = MailLine | readonly MailLine[];

/** Words of a mail. Only the parts that `linked` marks become links. */
export interface MailWords {
  subject: string;
  paragraphs: readonly Paragraph[];
  /** The button of the mail. */
  action?: { label: string; url: string };
  /** Paragraphs after the button. */
  afterAction?: readonly Paragraph[];
  footer: readonly MailLine[];
}

/** A notification on the screen of a phone or a browser, where bystanders can read it. */
export interface PushWords {
  title: string;
  body: string;
}

/** Kinds of notices that can go over a channel. No contact preference includes calls. */
export type NoticeKindOver<C extends Channel> = {
  [K in NoticeKind]: (typeof noticeKinds)[K]['over'] extends infer Over
    ? Over extends 'preferred'
      ? C extends 'voice'
        ? never
        : K
      : Over extends readonly (infer Some)[]
        ? C extends Some
          ? K
          : never
        : never
    : never;
}[NoticeKind];

export type MailSentences = {
  [K in NoticeKindOver<'email'>]: (data: NoticeData[K], when: TimeContext) => MailWords;
};
/** Texts of at most two segments each, in GSM-7 characters unless a name needs others. */
export type TextSentences = {
  [K in NoticeKindOver<'text'>]: (data: NoticeData[K], when: TimeContext) => string;
};
/** Words that a call reads out. */
export type SpokenSentences = {
  [K in NoticeKindOver<'voice'>]: (data: NoticeData[K], when: TimeContext) => string;
};
export type PushSentences = {
  [K in NoticeKindOver<'push'>]: (data: NoticeData[K], when: TimeContext) => PushWords;
};

/** Conditions among the earlier causes that are met now, in the form that a notice stores. */
export function restoredConditions(
  before: readonly string[],
  conditions: readonly Condition[],
): NoticeContents['restored'] {
  return conditions
    .filter(({ name, met }) => met && before.includes(name))
    .map(({ name, evidence, asOf }) => ({ name, evidence, asOf: asOf?.toISOString() ?? null }));
}

/** Unmet conditions with their evidence, in the form that a notice stores. */
export function unmetConditions(conditions: readonly Condition[]): NoticeContents['unmet'] {
  return conditions
    .filter(({ met }) => !met)
    .map(({ name, because, evidence, asOf }) => ({
      name,
      because,
      evidence,
      asOf: asOf?.toISOString() ?? null,
    }));
}
