import { randomUUID } from 'node:crypto';
import type { ReferralState } from '../../../activities/referrals/change-referral.ts';
import type { ReferralActivities } from '../../../activities/referrals/referral.ts';
import { refuse } from '../../../domain/failures.ts';
import type { Channel } from '../../../domain/notifications/contact.ts';
import type { NoticeToSend } from '../../../domain/notifications/notices.ts';
import type { OfferEnd } from '../../../domain/referrals/offer.ts';
import type { OfferOverlap } from '../../../domain/referrals/overlap.ts';
import type { Outcome, ReferralCause } from '../../../domain/referrals/referral.ts';
import type { Actor, ReferralStage } from '../../../domain/stages.ts';
import { referralWorkflowId } from '../../../workflows/messages.ts';
import type { FakeDelivery } from './fake-delivery.ts';
import { createInjectedFaults, type InjectedFaults } from './injected-faults.ts';

/** One offer, with the columns of its row. */
export interface OfferRecord {
  offerId: string;
  npn: string;
  number: number;
  offeredAt: Date;
  expiresAt: Date;
  acceptedAt: Date | undefined;
  contactDueAt: Date | undefined;
  contactRemindAt: Date | undefined;
  contactedAt: Date | undefined;
  /** When it closes without an outcome. */
  closesAt: Date | undefined;
  /** The last outcome that the agent reported, once the consumer was reached. */
  outcome: Outcome | undefined;
  end: OfferEnd | undefined;
  /** When the agent is told again, ascending, without the times that have passed. */
  nudgeAt: Date[];
  /** The agent has seen it in an open inbox. */
  isSeen: boolean;
  notice: NoticeToSend;
  endedAt: Date | undefined;
  endedBy: Actor | undefined;
}

export type ActivityName = keyof ReferralActivities;

/** One referral in memory: what a test arranges, and the results. */
export interface ReferralCase {
  referralId: string;
  workflowId: string;
  /** Agents who can be asked now, the nearest first. */
  candidates: string[];
  /** Channels over which agents get notices about a referral. */
  agentChannels: Channel[];
  budgetEndsAt: Date;
  /** When another agent is asked beside one who has not answered; null: never. */
  overlap: OfferOverlap | null;
  /** The number is wrong, and the consumer has not corrected it yet. */
  contactWrong: boolean;
  /** The consumer has rescinded the consent, which the workflow does not know yet. */
  consentRescinded: boolean;
  /** The `woken` argument of each match: true if capacity became free. */
  matchesWoken: (boolean | undefined)[];
  /** It was closed with capacity for which it was woken and did not look. */
  isClosedWoken: boolean;
  stage: ReferralStage;
  since: Date;
  causes: ReferralCause[];
  waitingUntil: Date | undefined;
  outcome: string | undefined;
  closedAt: Date | undefined;
  offers: OfferRecord[];
  /** Names of the activities that ran, in order. */
  activityCalls: ActivityName[];
  injectedFaults: InjectedFaults<ActivityName>;
  /** Added to every result, so that a history grows long within a few activities. */
  padding: NoticeToSend[];
}

/** Creates a referral that is confirmed and waits for its first agent. */
export function newReferralCase({
  candidates,
  at,
  budgetMs,
}: {
  candidates: readonly string[];
  at: Date;
  budgetMs: number;
}): ReferralCase {
  const referralId = randomUUID();
  return {
    referralId,
    workflowId: referralWorkflowId({ referralId }),
    candidates: [...candidates],
    agentChannels: ['email', 'text'],
    budgetEndsAt: later(at, budgetMs),
    overlap: null,
    contactWrong: false,
    consentRescinded: false,
    matchesWoken: [],
    isClosedWoken: false,
    stage: 'queued',
    since: at,
    causes: [],
    waitingUntil: undefined,
    outcome: undefined,
    closedAt: undefined,
    offers: [],
    activityCalls: [],
    injectedFaults: createInjectedFaults<ActivityName>(),
    padding: [],
  };
}

/** Enters a stage, since now if it is another one. */
export function enterStage(
  about: ReferralCase,
  into: { stage: ReferralStage; causes?: ReferralCause[]; waitingUntil?: Date; at: Date },
): void {
  if (about.stage !== into.stage) about.since = into.at;
  about.stage = into.stage;
  about.causes = into.causes ?? [];
  about.waitingUntil = into.waitingUntil;
}

/** The referral as an activity returns it. */
export function viewOf(about: ReferralCase, delivery: FakeDelivery): ReferralState {
  return {
    stage: about.stage,
    since: about.since.toISOString(),
    causes: about.causes,
    waitingUntil: about.waitingUntil?.toISOString(),
    state: 'TX',
    notices: [...delivery.pendingOf(about.workflowId), ...about.padding],
  };
}

/** @throws `not-found` */
export function offerOf(about: ReferralCase, offerId: string): OfferRecord {
  const offer = about.offers.find((candidate) => candidate.offerId === offerId);
  return offer ?? refuse('not-found', 'There is no such offer.', { offerId });
}

/** @throws `offer-ended` */
export function openOfferOf(about: ReferralCase, offerId: string): OfferRecord {
  const offer = offerOf(about, offerId);
  return offer.end === undefined ? offer : refuse('offer-ended', 'The offer has ended.', { end: offer.end });
}

export function openOffersOf({ offers }: ReferralCase): OfferRecord[] {
  return offers.filter(({ end }) => end === undefined);
}

export function later(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}
