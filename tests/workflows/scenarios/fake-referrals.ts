import { randomUUID } from 'node:crypto';
import type { ReferralState } from '../../../activities/referrals/change-referral.ts';
import type { Match } from '../../../activities/referrals/matching.ts';
import type { EndedOffer, ReferralActivities } from '../../../activities/referrals/referral.ts';
import { refuse } from '../../../domain/failures.ts';
import type { Channel } from '../../../domain/notifications/contact.ts';
import type { NoticeToSend } from '../../../domain/notifications/notices.ts';
import type { Policy } from '../../../domain/policy.ts';
import { nudgeTimes } from '../../../domain/referrals/nudges.ts';
import {
  type OfferEnd,
  offerEndRules,
  offerPhaseOf,
  offerSentUntil,
  recipientsOfEnd,
} from '../../../domain/referrals/offer.ts';
import { type OfferOverlap, offerPlacesAt } from '../../../domain/referrals/overlap.ts';
import type { Outcome, ReferralCause } from '../../../domain/referrals/referral.ts';
import type { Actor, ReferralStage } from '../../../domain/stages.ts';
import { endOfMarketplaceDay } from '../../../domain/time/marketplace-calendar.ts';
import { referralWorkflowId } from '../../../workflows/messages.ts';
import type { FakeDelivery } from './fake-delivery.ts';
import { createInjectedFaults, type InjectedFaults } from './injected-faults.ts';

type ToConsumer = 'agent-found' | 'agent-tried' | 'agent-gone' | 'contact-wrong' | 'closed' | 'unmatched';

/** Milliseconds until the next try, where the agent names no time. */
const hoursToNextTry = 20 * 3_600_000;

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

type ActivityName = keyof ReferralActivities;

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
  /** It closed with capacity that it was woken for. */
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

/** Creates the activities of referrals without Postgres: the rules of `offer.ts` over rows in memory. */
export function createFakeReferrals({ policy, delivery }: { policy: Policy; delivery: FakeDelivery }) {
  const cases = new Map<string, ReferralCase>();

  function caseOf(referralId: string): ReferralCase {
    const found = cases.get(referralId);
    return found ?? refuse('not-found', 'There is no such referral.', { referralId });
  }

  function notify(about: ReferralCase, kind: ToConsumer): void {
    delivery.write({ owner: about.workflowId, kind, to: 'consumer', channels: ['email'] });
  }

  function runActivity<T extends object>(
    name: ActivityName,
    referralId: string,
    write: (about: ReferralCase) => T,
  ): Promise<T & ReferralState> {
    const about = caseOf(referralId);
    return about.injectedFaults.pass(name, () => {
      const result = write(about);
      about.activityCalls.push(name);
      return { ...result, ...viewOf(about, delivery) };
    });
  }

  const activities: ReferralActivities = {
    matchReferral: ({ referralId, at, woken, onlyOpen }) =>
      runActivity('matchReferral', referralId, (about) => {
        about.matchesWoken.push(woken);
        return onlyOpen && openOffersOf(about).length === 0 ? { found: 'over' } : match(about, new Date(at));
      }),

    acceptOffer: ({ referralId, offerId, at }) =>
      runActivity('acceptOffer', referralId, (about) => {
        const offer = openOfferOf(about, offerId);
        const acceptedAt = (offer.acceptedAt ??= new Date(at));
        const contactDueAt = (offer.contactDueAt ??= later(acceptedAt, policy.followUpWindowMs));
        offer.contactRemindAt ??= later(acceptedAt, policy.followUpWindowMs / 2);
        enterStage(about, { stage: 'accepted', waitingUntil: contactDueAt, at: acceptedAt });
        notify(about, 'agent-found');
        for (const other of openOffersOf(about).filter((one) => one !== offer)) {
          endOffer(about, { offerId: other.offerId, end: 'taken', by: 'service', at: acceptedAt });
          const channels = about.agentChannels;
          delivery.write({ owner: about.workflowId, kind: 'offer-taken', to: other.npn, channels });
        }
        return {
          acceptedAt: acceptedAt.toISOString(),
          contactDueAt: contactDueAt.toISOString(),
          contactRemindAt: offer.contactRemindAt.toISOString(),
        };
      }),

    recordOutcome: ({ referralId, offerId, outcome, until, nextTryAt, at }) =>
      runActivity('recordOutcome', referralId, (about) => {
        const offer = openOfferOf(about, offerId);
        if (outcome === 'contacted') markContacted(about, offer, new Date(at));
        if (outcome === 'attempted') markTried(about, offer, { at: new Date(at), nextTryAt });
        if (offer.contactedAt) offer.outcome = outcome;
        if (outcome === 'deferred' && until) {
          offer.closesAt = later(endOfMarketplaceDay(until), policy.outcomeWindowMs);
          about.waitingUntil = offer.closesAt;
        }
        return { contactRemindAt: offer.contactRemindAt?.toISOString() };
      }),

    nudgeAgent: ({ referralId, offerId, at }) =>
      runActivity('nudgeAgent', referralId, (about) => {
        const offer = offerOf(about, offerId);
        const isDue = offer.nudgeAt.some((time) => time <= new Date(at));
        const isOver = offer.end !== undefined || offer.acceptedAt !== undefined || offer.isSeen;
        offer.nudgeAt = isOver ? [] : offer.nudgeAt.filter((time) => time > new Date(at));
        if (isDue && !isOver && new Date(at) < offerSentUntil(offer)) nudge(about, offer);
        return { nudgeAt: offer.nudgeAt[0]?.toISOString() };
      }),

    remindOfContact: ({ referralId, offerId }) =>
      runActivity('remindOfContact', referralId, (about) => {
        remind(about, openOfferOf(about, offerId));
        return {};
      }),

    recordContact: ({ referralId, offerId, called, at }) =>
      runActivity('recordContact', referralId, (about) => {
        const offer = openOfferOf(about, offerId);
        if (called && !offer.contactedAt) markContacted(about, offer, new Date(at));
        if (!called) remind(about, offer);
        return { phase: offerPhaseOf(offer) };
      }),

    endOffer: ({ referralId, offerId, end, by, at }) =>
      runActivity('endOffer', referralId, (about) => endOffer(about, { offerId, end, by, at: new Date(at) })),

    closeReferral: ({ referralId, stage, outcome, woken = false, at }) =>
      runActivity('closeReferral', referralId, (about) => {
        if (about.closedAt) return {};
        about.closedAt = new Date(at);
        about.isClosedWoken = woken;
        about.outcome = outcome;
        enterStage(about, {
          stage: about.consentRescinded ? 'withdrawn' : stage,
          causes: about.causes,
          at: about.closedAt,
        });
        if (stage === 'unmatched') notify(about, 'unmatched');
        return {};
      }),
  };

  function markContacted(about: ReferralCase, offer: OfferRecord, at: Date): void {
    offer.contactedAt = at;
    offer.outcome = 'contacted';
    offer.closesAt = later(at, policy.outcomeWindowMs);
    enterStage(about, { stage: 'contacted', waitingUntil: offer.closesAt, at });
  }

  function markTried(
    about: ReferralCase,
    offer: OfferRecord,
    { at, nextTryAt }: { at: Date; nextTryAt: string | undefined },
  ): void {
    const dueAt = nextTryAt === undefined ? later(at, hoursToNextTry) : new Date(nextTryAt);
    offer.contactDueAt = dueAt;
    offer.contactRemindAt = later(at, (dueAt.getTime() - at.getTime()) / 2);
    enterStage(about, { stage: 'accepted', waitingUntil: dueAt, at });
    notify(about, 'agent-tried');
  }

  function remind(about: ReferralCase, offer: OfferRecord): void {
    if (!offer.contactRemindAt || offer.contactedAt) return;
    offer.contactRemindAt = undefined;
    const channels = about.agentChannels;
    delivery.write({ owner: about.workflowId, kind: 'contact-reminder', to: offer.npn, channels });
  }

  function nudge(about: ReferralCase, offer: OfferRecord): void {
    delivery.write({
      owner: about.workflowId,
      kind: 'offer-nudge',
      to: offer.npn,
      channels: about.agentChannels.slice(0, 1),
      isStillTrue: () => offer.end === undefined && offer.acceptedAt === undefined,
    });
  }

  function match(about: ReferralCase, at: Date): Match {
    if (about.closedAt || about.consentRescinded) return { found: 'over' };
    const open = openOffersOf(about);
    if (open.length > 0) return matchBeside(about, open, at);
    if (at >= about.budgetEndsAt) return { found: 'over' };
    if (about.contactWrong) {
      enterStage(about, { stage: 'queued', causes: ['contact-wrong'], waitingUntil: about.budgetEndsAt, at });
      return { found: 'not-now', recheckAt: about.budgetEndsAt.toISOString() };
    }
    const npn = about.candidates.shift();
    if (npn === undefined) {
      const recheckAt = new Date(
        Math.min(at.getTime() + policy.recheckAfterMs, about.budgetEndsAt.getTime()),
      );
      const causes: ReferralCase['causes'] = ['nobody-available'];
      enterStage(about, { stage: 'queued', causes, waitingUntil: about.budgetEndsAt, at });
      return { found: 'not-now', recheckAt: recheckAt.toISOString() };
    }
    const offer = reserve(about, npn, at);
    return offered([offer], placeFreeAt(about, 1, at));
  }

  function matchBeside(about: ReferralCase, open: readonly OfferRecord[], at: Date): Match {
    if (!about.overlap || open.some(({ acceptedAt }) => acceptedAt)) return offered(open);
    const freeAt = placeFreeAt(about, open.length, at);
    if (!freeAt || freeAt > at) return offered(open, freeAt);
    const npn = about.candidates.shift();
    if (npn === undefined) return offered(open, later(at, 60_000));
    const offer = reserve(about, npn, at);
    return offered([...open, offer], placeFreeAt(about, open.length + 1, at));
  }

  function placeFreeAt(
    { overlap, offers, budgetEndsAt }: ReferralCase,
    count: number,
    at: Date,
  ): Date | undefined {
    if (!overlap || at >= budgetEndsAt) return undefined;
    const lostAt = offers.findLast(({ acceptedAt }) => acceptedAt)?.endedAt ?? new Date(0);
    const beganAt = offers.find(({ offeredAt }) => offeredAt >= lostAt)?.offeredAt ?? at;
    const { places, nextAt } = offerPlacesAt(at, overlap, { beganAt, budgetEndsAt });
    return count < places ? at : nextAt;
  }

  function reserve(about: ReferralCase, npn: string, at: Date): OfferRecord {
    const window = { offeredAt: at, expiresAt: later(at, policy.offerWindowMs) };
    const offer: OfferRecord = {
      ...window,
      nudgeAt: nudgeTimes(window, policy.offerNudges),
      offerId: randomUUID(),
      npn,
      number: about.offers.length + 1,
      acceptedAt: undefined,
      contactDueAt: undefined,
      contactRemindAt: undefined,
      contactedAt: undefined,
      closesAt: undefined,
      outcome: undefined,
      isSeen: false,
      notice: delivery.write({
        owner: about.workflowId,
        kind: 'offer',
        to: npn,
        channels: about.agentChannels,
        isStillTrue: () => offer.end === undefined,
      }),
      end: undefined,
      endedAt: undefined,
      endedBy: undefined,
    };
    about.offers.push(offer);
    enterStage(about, { stage: 'offering', waitingUntil: offer.expiresAt, at });
    return offer;
  }

  function endOffer(
    about: ReferralCase,
    { offerId, end, by, at }: { offerId: string; end: OfferEnd; by: Actor; at: Date },
  ): EndedOffer {
    const offer = offerOf(about, offerId);
    if (offer.end === undefined) {
      if (!offerEndRules[end].in.includes(offerPhaseOf(offer))) return {};
      const sent = delivery.sentBy(about.workflowId);
      const reached =
        offer.isSeen || sent.some(({ kind, to }) => kind.startsWith('offer') && to === offer.npn);
      offer.end = end === 'expired' && !reached ? 'unreachable' : end;
      offer.endedAt = at;
      offer.endedBy = by;
      const recipients = recipientsOfEnd(by, offerPhaseOf(offer));
      if (recipients.includes('agent')) {
        const channels = about.agentChannels;
        delivery.write({ owner: about.workflowId, kind: 'offer-over', to: offer.npn, channels });
      }
      if (recipients.includes('consumer')) notify(about, toConsumer(offer.end));
      if (offerEndRules[offer.end].then === 'ask-another' && offer.acceptedAt)
        restartSearch(about, offer.end, at);
    }
    return { end: offer.end, endedAt: (offer.endedAt ?? at).toISOString() };
  }

  function restartSearch(about: ReferralCase, end: OfferEnd, at: Date): void {
    about.contactWrong = end === 'wrong-number';
    about.budgetEndsAt = later(
      at,
      about.contactWrong ? policy.contactCorrectionWindowMs : policy.referralBudgetMs,
    );
  }

  return {
    activities,
    /** The offer that a notice tells of; undefined for another notice. */
    offerOf: (noticeId: string): OfferRecord | undefined =>
      [...cases.values()].flatMap(({ offers }) => offers).find(({ notice }) => notice.noticeId === noticeId),
    /** Creates a referral that is confirmed and waits for its first agent. */
    create({ candidates, at }: { candidates: readonly string[]; at: Date }): ReferralCase {
      const referralId = randomUUID();
      const created: ReferralCase = {
        referralId,
        workflowId: referralWorkflowId({ referralId }),
        candidates: [...candidates],
        agentChannels: ['email', 'text'],
        budgetEndsAt: later(at, policy.referralBudgetMs),
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
      cases.set(referralId, created);
      return created;
    },
  };
}

function enterStage(
  about: ReferralCase,
  into: { stage: ReferralStage; causes?: ReferralCause[]; waitingUntil?: Date; at: Date },
): void {
  if (about.stage !== into.stage) about.since = into.at;
  about.stage = into.stage;
  about.causes = into.causes ?? [];
  about.waitingUntil = into.waitingUntil;
}

function viewOf(about: ReferralCase, delivery: FakeDelivery): ReferralState {
  return {
    stage: about.stage,
    since: about.since.toISOString(),
    causes: about.causes,
    waitingUntil: about.waitingUntil?.toISOString(),
    state: 'TX',
    notices: [...delivery.pendingOf(about.workflowId), ...about.padding],
  };
}

function offerOf(about: ReferralCase, offerId: string): OfferRecord {
  const offer = about.offers.find((candidate) => candidate.offerId === offerId);
  return offer ?? refuse('not-found', 'There is no such offer.', { offerId });
}

function openOfferOf(about: ReferralCase, offerId: string): OfferRecord {
  const offer = offerOf(about, offerId);
  return offer.end === undefined ? offer : refuse('offer-ended', 'The offer has ended.', { end: offer.end });
}

function openOffersOf({ offers }: ReferralCase): OfferRecord[] {
  return offers.filter(({ end }) => end === undefined);
}

function offered(open: readonly OfferRecord[], askAnotherAt?: Date): Match {
  const messages = open.map(inMessage);
  const offer = messages.pop();
  if (!offer) throw new Error('an open offer is missing');
  return {
    found: 'offer',
    offer,
    ...(messages.length > 0 ? { beside: messages } : {}),
    ...(askAnotherAt ? { askAnotherAt: askAnotherAt.toISOString() } : {}),
  };
}

function inMessage({ offerId, npn, number, expiresAt, nudgeAt: [nudgeAt], notice, ...offer }: OfferRecord) {
  const { contactDueAt = expiresAt, contactRemindAt, closesAt = expiresAt, outcome } = offer;
  const phase = offerPhaseOf(offer);
  const accepted = phase !== 'offered' && {
    phase,
    deadlineAt: (phase === 'contacted' ? closesAt : contactDueAt).toISOString(),
    remindAt: phase === 'accepted' ? contactRemindAt?.toISOString() : undefined,
    outcome,
  };
  return {
    offerId,
    npn,
    number,
    expiresAt: expiresAt.toISOString(),
    notice,
    ...(nudgeAt ? { nudgeAt: nudgeAt.toISOString() } : {}),
    ...(accepted ? { accepted } : {}),
  };
}

function toConsumer(end: OfferEnd): ToConsumer {
  if (end === 'wrong-number') return 'contact-wrong';
  return offerEndRules[end].then === 'close' ? 'closed' : 'agent-gone';
}

function later(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}
