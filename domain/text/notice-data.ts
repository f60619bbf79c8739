import type { Channel, ContactChannel } from '../notifications/contact.ts';
import type { NoticeKind, noticeKinds } from '../notifications/notices.ts';
import type { Condition, ConditionName } from '../onboarding/conditions.ts';
import type { Expiration } from '../onboarding/expirations.ts';
import type { TermsKind } from '../onboarding/facts.ts';
import type { StateRecord } from '../onboarding/licensed-states.ts';
import type { OnboardingCause } from '../onboarding/standing.ts';
import type { UnmetReason } from '../onboarding/unmet-reasons.ts';
import type { ContactWay } from '../referrals/contact-times.ts';
import type { OfferEnd } from '../referrals/offer.ts';
import type { Need, Outcome } from '../referrals/referral.ts';
import type { OnboardingStage } from '../stages.ts';
import type { MailLine } from './linked.ts';
import type { TimeContext } from './locale-format.ts';

interface ToAgent {
  /** Empty where the feed names nobody. */
  firstName: string;
  planYear: number;
}

interface ToConsumer {
  /** Empty where the contact is not confirmed: what a stranger typed goes to nobody else. */
  consumerName: string;
}

interface AboutPlace {
  zip: string;
  city: string;
  /** Two letters. */
  state: string;
}

/** An unmet condition with what the row of a feed says, and when that row came in (ISO text). */
export interface UnmetCondition {
  name: ConditionName;
  /** Why it is unmet, where more can be said; notices of earlier releases do not have it. */
  because?: UnmetReason | null;
  evidence: string | null;
  asOf: string | null;
}

/** A condition that is met, with what the row of a feed says, and when that row came in (ISO text). */
export type MetCondition = Pick<UnmetCondition, 'name' | 'evidence' | 'asOf'>;

/** A state with what is on record of the license there; `asOf` is ISO text. */
export type StoredStateRecord = Omit<StateRecord, 'asOf'> & { asOf: string | null };

/** Something that ends, and when the record of it came in (ISO text); notices of earlier releases do not have it. */
export type StoredExpiration = Expiration & { asOf?: string | null };

/** Where an onboarding stood when somebody asked. Instants are ISO text. */
export interface RequestedStatus {
  stage: OnboardingStage;
  causes: readonly OnboardingCause[];
  /** Of the live invitation, if there is one. */
  linkExpiresAt: string | null;
  /** When another invitation goes out by itself; answers of earlier releases do not have it. */
  retryAt?: string | null;
  newToMarketplace: boolean;
  isRegistered: boolean;
  /** The agent's other plan years for which something is missing; answers of earlier releases do not have them. */
  otherYears?: readonly { planYear: number; unmet: readonly UnmetCondition[] }[];
}

/** What a notice keeps of the moment it tells of, because it may be otherwise when it is sent. Nothing personal. */
export interface NoticeContents {
  unmet?: readonly UnmetCondition[];
  /** What was missing and is not any more. */
  restored?: readonly MetCondition[];
  /** States in two letters. */
  lost?: readonly string[];
  gained?: readonly string[];
  /** Both kinds of states with the record of each; notices of earlier releases do not have it. */
  records?: readonly StoredStateRecord[];
  endings?: readonly StoredExpiration[];
  /** The other plan year under which the agent goes on being offered referrals. */
  carriesOn?: number;
  phoneCodeId?: string;
  /** The code that confirms a consumer's contact, and which of the two it was sent to. */
  contactCode?: { id: string; channel: ContactChannel };
  /** The change of a consumer's contact that it is about, and the code that was sent to confirm it. */
  contactChange?: { id: string; codeId?: string };
  asked?: RequestedStatus;
}

/**
 * What each kind of notice is told from. An offer's holds nothing of the consumer: who does not have the name
 * cannot tell it.
 */
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
  'states-changed': ToAgent & {
    lost: readonly string[];
    gained: readonly string[];
    records: readonly StoredStateRecord[];
    loginUrl: string;
  };
  'ending-soon': ToAgent & { endings: readonly StoredExpiration[]; loginUrl: string };
  'address-changed': ToAgent;
  'status-answer': ToAgent &
    Required<Omit<RequestedStatus, 'linkExpiresAt' | 'retryAt'>> & {
      unmet: readonly UnmetCondition[];
      linkExpiresAt: Date | null;
      retryAt: Date | null;
      loginUrl: string;
    };
  'log-in-reminder': ToAgent & { username: string; loginUrl: string };
  'phone-code': { code: string; expiresAt: Date };
  'phone-not-mobile': ToAgent & { loginUrl: string };
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
    /** The offer's own code for replies by text. */
    replyCode: string;
  };
  'offer-over': AboutPlace & { end: OfferEnd; endedAt: Date; inboxUrl: string };
  'contact-reminder': AboutPlace & { contactDueAt: Date; inboxUrl: string };
  'contact-code': { code: string; expiresAt: Date; statusUrl: string };
  /** Goes to a contact of whom we know nothing yet, so it holds no link to the request. */
  'contact-change-code': { channel: ContactChannel; code: string; expiresAt: Date };
  /** Which of the two was changed, and when; never to what. */
  'contact-changed': { channel: ContactChannel; changedAt: Date };
  'link-again': ToConsumer & { statusUrl: string };
  /** `opensAt`: until then nobody is looked for, because the service is closed. */
  'referral-received': ToConsumer & { statusUrl: string; opensAt: Date | null };
  'agent-found': ToConsumer & {
    agentName: string;
    npn: string;
    /** In the consumer's state. */
    license: { state: string; number: string } | null;
    /** How the agent gets in touch. */
    contactBy: ContactWay;
    contactDueAt: Date;
    statusUrl: string;
  };
  'agent-gone': ToConsumer & { agentName: string; statusUrl: string };
  'contact-wrong': ToConsumer & { statusUrl: string };
  /** `contactWrong`: an agent could not reach the consumer, and nobody corrected the contact. `consentExpired`: it ran out first. */
  unmatched: ToConsumer & { contactWrong: boolean; consentExpired: boolean; askUrl: string };
  closed: ToConsumer & { outcome: Outcome | null; askUrl: string };
}

/** A paragraph of a mail: a sentence or more, or the items of a list. */
export type Paragraph = MailLine | readonly MailLine[];

/** A mail in words. What becomes a link is said by its sentences (`linked`); nothing else does. */
export interface MailWords {
  subject: string;
  paragraphs: readonly Paragraph[];
  /** The one thing to do. */
  action?: { label: string; url: string };
  /** What comes after the button. */
  afterAction?: readonly Paragraph[];
  footer: readonly MailLine[];
}

/** A notification on a phone's or browser's own screen, where bystanders can read it. */
export interface PushWords {
  title: string;
  body: string;
}

/** The kinds of notice that can travel over a channel; nobody chooses to be called by us. */
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
/** One text each, of two segments at the most, in GSM-7 characters as far as names and places allow. */
export type TextSentences = {
  [K in NoticeKindOver<'text'>]: (data: NoticeData[K], when: TimeContext) => string;
};
/** What a call says. */
export type SpokenSentences = {
  [K in NoticeKindOver<'voice'>]: (data: NoticeData[K], when: TimeContext) => string;
};
export type PushSentences = {
  [K in NoticeKindOver<'push'>]: (data: NoticeData[K], when: TimeContext) => PushWords;
};

/** Of the conditions that were causes before, those that are met now, as a notice keeps them. */
export function restoredConditions(
  before: readonly string[],
  conditions: readonly Condition[],
): NoticeContents['restored'] {
  return conditions
    .filter(({ name, met }) => met && before.includes(name))
    .map(({ name, evidence, asOf }) => ({ name, evidence, asOf: asOf?.toISOString() ?? null }));
}

/** The unmet conditions with what the feeds say of them, as a notice keeps them. */
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
