import { randomUUID } from 'node:crypto';
import type { Match } from '../../../activities/referrals/matching.ts';
import type { Policy } from '../../../domain/policy.ts';
import { nudgeTimes } from '../../../domain/referrals/nudges.ts';
import { offerPhaseOf } from '../../../domain/referrals/offer.ts';
import { offerPlacesAt } from '../../../domain/referrals/overlap.ts';
import type { FakeDelivery } from './fake-delivery.ts';
import { enterStage, later, type OfferRecord, openOffersOf, type ReferralCase } from './referral-case.ts';

/** Creates the match of a referral in memory: the next candidate gets an offer, while policy has one asked. */
export function createFakeMatch({ policy, delivery }: { policy: Policy; delivery: FakeDelivery }) {
  return match;

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
