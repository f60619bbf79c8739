import type { PasswordFault } from '../accounts/password.ts';
import type { DepartureReason } from '../agents/departures.ts';
import type { OnboardingEventKind, OnboardingEvents, ReferralEventKind, ReferralEvents } from '../events.ts';
import type { FeedImportState, FeedRefusal } from '../feeds/feed-imports.ts';
import type { Channel, ContactPreference } from '../notifications/contact.ts';
import type { NoticeKind } from '../notifications/notices.ts';
import type { TextAnswer } from '../notifications/read-reply.ts';
import type { ConditionName } from '../onboarding/conditions.ts';
import type { TermsKind } from '../onboarding/facts.ts';
import type { StateObstacle } from '../onboarding/licensed-states.ts';
import type { NextAction } from '../onboarding/next-action.ts';
import type { OnboardingCause } from '../onboarding/standing.ts';
import type { UnmetReason } from '../onboarding/unmet-reasons.ts';
import type { DeactivationCause, OpsAction, OpsActionObstacle } from '../ops/ops-actions.ts';
import type { ContactTime, ContactWay } from '../referrals/contact-times.ts';
import type { DeclineReason, OfferEnd, OfferPhase } from '../referrals/offer.ts';
import type { Need, Outcome, OutcomeReason, ProblemKind, ReferralCause } from '../referrals/referral.ts';
import type { OnboardingStage, ReferralStage } from '../stages.ts';
import type { AvailabilityWords } from './availability-words.ts';
import type { TimeContext } from './locale-format.ts';
import type { MailSentences, PushSentences, SpokenSentences, TextSentences } from './notice-data.ts';

/** Where an onboarding stands, as far as its sentence needs it. */
export interface OnboardingMoment {
  causes: readonly OnboardingCause[];
  /** When the answer can change by itself. */
  nextChangeAt?: Date | null;
  /** The end of the live invitation's link. */
  linkExpiresAt?: Date | null;
  /** When another invitation goes out by itself after one that failed at a good address. */
  retryAt?: Date | null;
  /** The agent has an account, from this plan year or an earlier one, so no invitation follows. */
  isRegistered?: boolean;
  when: TimeContext;
}

/** Where a referral stands. It names no person, so that its sentences may go into Temporal. */
export interface ReferralMoment {
  causes: readonly ReferralCause[];
  /** The end of what is waited for: an answer, a call, an outcome, the next look. */
  waitingUntil?: Date | null;
  /** Which turn of the cascade it is, from 1. */
  offerNumber?: number;
  outcome?: Outcome | null;
  when: TimeContext;
}

/** A stage's name for a badge, and what is waited for and until when, for whom it concerns. */
export interface OnboardingStageWords {
  name: string;
  agent: (moment: OnboardingMoment) => string;
  ops: (moment: OnboardingMoment) => string;
}

export interface ReferralStageWords {
  name: string;
  /** Only the consumer's own page knows the agent's name, and how the consumer wants to be reached. */
  consumer: (
    moment: ReferralMoment & { agent?: { name: string; npn: string }; contactBy?: ContactWay },
  ) => string;
  ops: (moment: ReferralMoment) => string;
}

export interface ConditionWords {
  name: string;
  /** What it takes to meet it. */
  meaning: string;
  /** What the agent does about it while it is unmet. */
  remedy: string;
  /** Where. */
  url: string | null;
}

export interface OfferEndWords {
  name: string;
  /** To the agent whose offer it was. */
  agent: (end: { endedAt: Date; when: TimeContext }) => string;
  /** To ops, and in histories. */
  ops: string;
}

/** What a workflow shows of itself in the Temporal UI: ids, stages and instants alone (rule 9). */
export interface WorkflowSentences {
  /** A workflow's own line in the list. */
  title: {
    onboarding: (id: { npn: string; planYear: number }) => string;
    referral: (about: { need: Need; state: string }) => string;
    /** Of a notice that no story sends. */
    notice: (about: { kind: NoticeKind }) => string;
  };
  /** A timer's summary: what is waited for, and what follows. */
  wait: {
    onboarding: (moment: OnboardingMoment & { stage: OnboardingStage }) => string;
    answer: (wait: { until: Date; when: TimeContext; offerNumber: number }) => string;
    contact: (wait: { until: Date; when: TimeContext }) => string;
    outcome: (wait: { until: Date; when: TimeContext }) => string;
    nextLook: (wait: { until: Date; when: TimeContext; causes: readonly ReferralCause[] }) => string;
  };
  /** The summary of a message on its way: what is told, and over which channel. */
  delivery: (notice: { kind: NoticeKind; channel: Channel }) => string;
}

/**
 * All that the service says, in one language. An entry that a language lacks does not compile. Everything is a
 * pure function of small data, so workflows and the portal use it as the mails do.
 */
export interface Sentences {
  /** BCP-47 code, for `lang` attributes. */
  language: string;
  /** A moment: `10:42 AM MST` today, with its date on another day. */
  at: (instant: Date, when: TimeContext) => string;
  /** A length of time given in milliseconds. */
  duration: (ms: number) => string;
  /** A language's name in this language; the code where it is unknown. */
  languageName: (code: string) => string;

  onboardingStage: Readonly<Record<OnboardingStage, OnboardingStageWords>>;
  onboardingCause: Readonly<Record<OnboardingCause, string>>;
  condition: Readonly<Record<ConditionName, ConditionWords>>;
  /** Why a condition is unmet and what to do about it, to the agent; where there is one, it speaks for the remedy. */
  unmetReason: Readonly<Record<UnmetReason, string>>;
  terms: Readonly<Record<TermsKind, string>>;
  passwordFault: Readonly<Record<PasswordFault, string>>;
  contactPreference: Readonly<Record<ContactPreference, { label: string; advice: string | null }>>;
  channel: Readonly<Record<Channel, string>>;
  /** Why a state cannot be chosen, to the agent. */
  stateObstacle: Readonly<Record<StateObstacle, string>>;
  departureReason: Readonly<Record<DepartureReason, string>>;
  availability: AvailabilityWords;

  feedImportState: Readonly<Record<FeedImportState, string>>;
  /** To ops: why a file was refused as a whole. */
  feedRefusal: Readonly<Record<FeedRefusal, string>>;

  referralStage: Readonly<Record<ReferralStage, ReferralStageWords>>;
  referralCause: Readonly<Record<ReferralCause, { consumer: string; ops: string }>>;
  /** What an offer's agent has to do, and until when. */
  offerPhase: Readonly<Record<OfferPhase, (wait: { until: Date; when: TimeContext }) => string>>;
  offerEnd: Readonly<Record<OfferEnd, OfferEndWords>>;
  declineReason: Readonly<Record<DeclineReason, string>>;
  need: Readonly<Record<Need, string>>;
  outcome: Readonly<Record<Outcome, string>>;
  /** How and when a consumer wants to be reached. */
  contactWay: Readonly<Record<ContactWay, string>>;
  contactTime: Readonly<Record<ContactTime, string>>;
  /** What a consumer reports of an agent. */
  problem: Readonly<Record<ProblemKind, string>>;
  outcomeReason: Readonly<Record<OutcomeReason, string>>;

  /** One line of a history each; agents are named by NPN. */
  onboardingEvent: Readonly<{
    [K in OnboardingEventKind]: (data: OnboardingEvents[K], when: TimeContext) => string;
  }>;
  referralEvent: Readonly<{
    [K in ReferralEventKind]: (data: ReferralEvents[K], when: TimeContext) => string;
  }>;

  /** What the service does by itself next; when is told beside it. */
  onboardingNextAction: (action: NextAction) => string;
  opsAction: Readonly<Record<OpsAction, string>>;
  deactivationCause: Readonly<Record<DeactivationCause, string>>;
  /** Why an act of ops is not possible now. */
  opsActionObstacle: Readonly<
    Record<Exclude<OpsActionObstacle, 'address-undeliverable'>, string> & {
      'address-undeliverable': (since: Date, when: TimeContext) => string;
    }
  >;

  noticeName: Readonly<Record<NoticeKind, string>>;
  mail: Readonly<MailSentences>;
  text: Readonly<TextSentences>;
  push: Readonly<PushSentences>;
  spoken: Readonly<SpokenSentences>;
  /** What is said back to somebody who answers a text. */
  textAnswer: Readonly<Record<TextAnswer, string>>;
  /** How to answer the one offer that is open, by its short code. */
  howToAnswer: (code: string) => string;
  /** What is said back to an answer that came too late: what became of the offer, and when. */
  lateTextAnswer: (end: OfferEnd, moment: { endedAt: Date; when: TimeContext }) => string;

  workflow: WorkflowSentences;
  /** Why a notice could not be sent yet. */
  providerOutage: (channel: Channel) => string;
  /** Why a text waits, in a history. */
  quietHours: string;
  /** To a consumer of a state whose intake ops have paused. */
  intakePaused: string;
  /** To somebody who is no adult and is not authorized to ask for somebody else: nothing of it is kept. */
  adultsOnly: string;
}
