import type { ReferralState } from '../../../activities/referrals/change-referral.ts';
import type { ReferralActivities } from '../../../activities/referrals/referral.ts';
import { refuse } from '../../../domain/failures.ts';
import type { Policy } from '../../../domain/policy.ts';
import { offerPhaseOf, offerSentUntil } from '../../../domain/referrals/offer.ts';
import { endOfMarketplaceDay } from '../../../domain/time/marketplace-calendar.ts';
import type { FakeDelivery } from './fake-delivery.ts';
import { createFakeMatch } from './fake-match.ts';
import { createFakeEnd } from './fake-offer-ends.ts';
import {
  type ActivityName,
  enterStage,
  later,
  newReferralCase,
  type OfferRecord,
  offerOf,
  openOfferOf,
  openOffersOf,
  type ReferralCase,
  viewOf,
} from './referral-case.ts';

type ToConsumer = 'agent-found' | 'agent-tried' | 'unmatched';

/** Milliseconds until the next try, where the agent names no time. */
const hoursToNextTry = 20 * 3_600_000;

/** Creates the activities of referrals without Postgres: the rules of `offer.ts` over rows in memory. */
export function createFakeReferrals({ policy, delivery }: { policy: Policy; delivery: FakeDelivery }) {
  const cases = new Map<string, ReferralCase>();
  const match = createFakeMatch({ policy, delivery });
  const endOffer = createFakeEnd({ policy, delivery });

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

    closeReferral: ({ referralId, stage, outcome, woken, at }) =>
      runActivity('closeReferral', referralId, (about) => {
        if (about.closedAt) return {};
        about.isClosedWoken = woken === true;
        about.closedAt = new Date(at);
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

  return {
    activities,
    /** The offer that a notice tells of; undefined for another notice. */
    offerOf: (noticeId: string): OfferRecord | undefined =>
      [...cases.values()].flatMap(({ offers }) => offers).find(({ notice }) => notice.noticeId === noticeId),
    /** Creates a referral that is confirmed and waits for its first agent. */
    create({ candidates, at }: { candidates: readonly string[]; at: Date }): ReferralCase {
      const created = newReferralCase({ candidates, at, budgetMs: policy.referralBudgetMs });
      cases.set(created.referralId, created);
      return created;
    },
  };
}
