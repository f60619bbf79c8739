import type { PasswordFault } from '../accounts/password.ts';
import type { DepartureReason } from '../agents/departures.ts';
import type { NotServingCause } from '../agents/not-serving.ts';
import type { OnboardingEventKind, OnboardingEvents, ReferralEventKind, ReferralEvents } from '../events.ts';
import type { FeedImportState, FeedRefusal } from '../feeds/feed-imports.ts';
import type { Skip } from '../matching/skips.ts';
import type { UnofferedReason } from '../matching/unoffered.ts';
import type { Channel, ContactPreference } from '../notifications/contact.ts';
import type { NoticeKind } from '../notifications/notices.ts';
import type { PushQuestion } from '../notifications/push-payload.ts';
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
import type {
  AttemptWay,
  Need,
  Outcome,
  OutcomeReason,
  ProblemKind,
  ReferralCause,
} from '../referrals/referral.ts';
import type { OnboardingStage, ReferralStage } from '../stages.ts';
import type { AvailabilityWords } from './availability-words.ts';
import type { TimeContext } from './locale-format.ts';
import type { MailSentences, PushSentences, SpokenSentences, TextSentences } from './notice-data.ts';

/** State of an onboarding that its sentences need. */
export interface OnboardingMoment {
  causes: readonly OnboardingCause[];
  /** When the standing can change without a new fact. */
  nextChangeAt?: Date | null;
  /** When the link of the open invitation expires. */
  linkExpiresAt?: Date | null;
  /** When another invitation is sent automatically after one that failed at a good address. */
  retryAt?: Date | null;
  /** The agent has an account, from this plan year or an earlier one, so no invitation follows. */
  isRegistered?: boolean;
  when: TimeContext;
}

/** State of a referral that its sentences need. It names no person, so the sentences may go into Temporal. */
export interface ReferralMoment {
  causes: readonly ReferralCause[];
  /** The deadline: for an answer, a call or an outcome, or the next match. */
  waitingUntil?: Date | null;
  /** Number of the offer in the cascade, from 1. */
  offerNumber?: number;
  outcome?: Outcome | null;
  when: TimeContext;
}

/** Why an agent is offered no referrals now: when that ends by itself, and the states that it is about. */
export interface NotServingMoment {
  until: Date | null;
  /** Two letters each. */
  states: readonly string[];
  when: TimeContext;
}

/** Name of a stage for a badge, and sentences for the agent and for ops on what it waits for, and until when. */
export interface OnboardingStageWords {
  name: string;
  agent: (moment: OnboardingMoment) => string;
  ops: (moment: OnboardingMoment) => string;
}

export interface ReferralStageWords {
  name: string;
  /** Only the consumer's own page has the agent's name and the way of contact. */
  consumer: (
    moment: ReferralMoment & { agent?: { name: string; npn: string }; contactBy?: ContactWay },
  ) => string;
  ops: (moment: ReferralMoment) => string;
}

export interface ConditionWords {
  name: string;
  /** What the condition requires. */
  meaning: string;
  /** What the agent can do while it is unmet. */
  remedy: string;
  /** Page on which to do it. */
  url: string | null;
}

export interface OfferEndWords {
  name: string;
  /** To the agent whose offer it was. */
  agent: (end: { endedAt: Date; when: TimeContext }) => string;
  /** To ops, and in histories. */
  ops: string;
}

/** Sentences in the Temporal UI: ids, stages and instants only (docs/architecture.md, rule 9). */
export interface WorkflowSentences {
  /** Title of a workflow in the list. */
  title: {
    onboarding: (id: { npn: string; planYear: number }) => string;
    referral: (about: { need: Need; state: string }) => string;
    /** For a notice that is sent by a workflow of its own. */
    notice: (about: { kind: NoticeKind }) => string;
  };
  /** Summary of a timer: what the workflow waits for, and what follows. */
  wait: {
    onboarding: (moment: OnboardingMoment & { stage: OnboardingStage }) => string;
    answer: (wait: { until: Date; when: TimeContext; offerNumber: number }) => string;
    contact: (wait: { until: Date; when: TimeContext }) => string;
    outcome: (wait: { until: Date; when: TimeContext }) => string;
    nextLook: (wait: { until: Date; when: TimeContext; causes: readonly ReferralCause[] }) => string;
  };
  /** Summary of a delivery: the kind of each notice and its channels. */
  delivery: (notices: readonly { kind: NoticeKind; channels: readonly Channel[] }[]) => string;
}

/**
 * Sentences in one language that pages show, which do not load the other ones. A missing entry does not compile. All entries are
 * texts or pure functions of small data, so workflows, the portal and mails use the same ones.
 */
export interface Sentences {
  /** BCP-47 code, for `lang` attributes. */
  language: string;
  /** An instant: `10:42 AM MST` today, with its date on another day. */
  at: (instant: Date, when: TimeContext) => string;
  /** A length of time, in milliseconds. */
  duration: (ms: number) => string;
  /** Name of a language in this language; the code itself if it is unknown. */
  languageName: (code: string) => string;
  /** What a skip is about, after "requests". */
  skip: (skip: Skip) => string;

  onboardingStage: Readonly<Record<OnboardingStage, OnboardingStageWords>>;
  onboardingCause: Readonly<Record<OnboardingCause, string>>;
  condition: Readonly<Record<ConditionName, ConditionWords>>;
  /** To the agent: why a condition is unmet and what to do about it. Replaces the remedy of the condition. */
  unmetReason: Readonly<Record<UnmetReason, string>>;
  terms: Readonly<Record<TermsKind, string>>;
  passwordFault: Readonly<Record<PasswordFault, string>>;
  contactPreference: Readonly<Record<ContactPreference, { label: string; advice: string | null }>>;
  channel: Readonly<Record<Channel, string>>;
  /** To the agent: why a state cannot be chosen. */
  stateObstacle: Readonly<Record<StateObstacle, string>>;
  departureReason: Readonly<Record<DepartureReason, string>>;
  availability: AvailabilityWords;
  /** To the agent: why they are offered no referrals now. */
  notServing: Readonly<Record<NotServingCause, (moment: NotServingMoment) => string>>;

  feedImportState: Readonly<Record<FeedImportState, string>>;
  /** To ops: why a file was refused as a whole. */
  feedRefusal: Readonly<Record<FeedRefusal, string>>;

  referralStage: Readonly<Record<ReferralStage, ReferralStageWords>>;
  referralCause: Readonly<Record<ReferralCause, { consumer: string; ops: string }>>;
  /** To the agent: what to do in this phase, and until when. */
  offerPhase: Readonly<Record<OfferPhase, (wait: { until: Date; when: TimeContext }) => string>>;
  /** To the agent who accepted an offer. */
  offerAccepted: (moment: { acceptedAt: Date; when: TimeContext }) => string;
  offerEnd: Readonly<Record<OfferEnd, OfferEndWords>>;
  /** Why a request was not offered to an agent: a name, and a sentence to the agent. */
  unofferedReason: Readonly<Record<UnofferedReason, { name: string; agent: string }>>;
  declineReason: Readonly<Record<DeclineReason, string>>;
  need: Readonly<Record<Need, string>>;
  outcome: Readonly<Record<Outcome, string>>;
  /** How an agent tried to reach a consumer, as the agent says it. */
  attemptWay: Readonly<Record<AttemptWay, string>>;
  /** Ways in which a consumer wants to be contacted. */
  contactWay: Readonly<Record<ContactWay, string>>;
  contactTime: Readonly<Record<ContactTime, string>>;
  /** Problems with an agent that a consumer can report. */
  problem: Readonly<Record<ProblemKind, string>>;
  outcomeReason: Readonly<Record<OutcomeReason, string>>;

  /** Sentences of a history; agents are named by NPN. */
  onboardingEvent: Readonly<{
    [K in OnboardingEventKind]: (data: OnboardingEvents[K], when: TimeContext) => string;
  }>;
  referralEvent: Readonly<{
    [K in ReferralEventKind]: (data: ReferralEvents[K], when: TimeContext) => string;
  }>;

  /** Next automatic action; its instant is shown beside it. */
  onboardingNextAction: (action: NextAction) => string;
  opsAction: Readonly<Record<OpsAction, string>>;
  deactivationCause: Readonly<Record<DeactivationCause, string>>;
  /** To ops: why an action is not possible now. */
  opsActionObstacle: Readonly<
    Record<Exclude<OpsActionObstacle, 'address-undeliverable'>, string> & {
      'address-undeliverable': (since: Date, when: TimeContext) => string;
    }
  >;

  noticeName: Readonly<Record<NoticeKind, string>>;
  /** To ops: why a notice is not sent yet. */
  providerOutage: (channel: Channel) => string;
  /** In a history: why a text waits. */
  quietHours: string;
  /** To a consumer in a state where ops have paused the intake. */
  intakePaused: string;
  /** To a person who is neither an adult nor authorized to ask for one; nothing of the request is stored. */
  adultsOnly: string;
}

/** Catalog of all sentences in one language: those of pages, and those of messages and of the Temporal UI. */
export interface Catalog extends Sentences {
  mail: Readonly<MailSentences>;
  text: Readonly<TextSentences>;
  push: Readonly<PushSentences>;
  /** Questions that a notification on a device asks, and what it says upon the answer. */
  pushQuestion: Readonly<Record<PushQuestion['of'], PushQuestion>>;
  spoken: Readonly<SpokenSentences>;
  /** Answers to a reply by text. */
  textAnswer: Readonly<Record<TextAnswer, string>>;
  /** How to answer the only open offer, by its short code. */
  howToAnswer: (code: string) => string;
  /** Answer to a reply that came too late: how the offer ended, and when. */
  lateTextAnswer: (end: OfferEnd, moment: { endedAt: Date; when: TimeContext }) => string;
  workflow: WorkflowSentences;
}
