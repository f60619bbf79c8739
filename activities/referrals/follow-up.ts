import { refuse } from '../../domain/failures.ts';
import type { Channel } from '../../domain/notifications/contact.ts';
import type { Policy } from '../../domain/policy.ts';
import { afterContactTime } from '../../domain/referrals/contact-times.ts';
import {
  type DeclineReason,
  type OfferEnd,
  offerEndRules,
  offerPhaseOf,
  recipientsOfEnd,
} from '../../domain/referrals/offer.ts';
import {
  type InterimOutcome,
  type Outcome,
  type OutcomeReason,
  outcomeRules,
} from '../../domain/referrals/referral.ts';
import { isRepeatedCommand } from '../../domain/repeated-commands.ts';
import type { Actor } from '../../domain/stages.ts';
import { endOfMarketplaceDay } from '../../domain/time/marketplace-calendar.ts';
import { afterServiceTime } from '../../domain/time/service-calendar.ts';
import { wakeReferralsForAgent } from '../../store/agents/serving.ts';
import type { Tx } from '../../store/database/connection.ts';
import { createNotice } from '../../store/notifications/notices.ts';
import { type OfferRow, restoreLastOfferedAt } from '../../store/referrals/offers.ts';
import { checkForRepeat } from '../../store/referrals/outcome-reports.ts';
import { enterStage, type ReferralRow, recordReferralEvent } from '../../store/referrals/referrals.ts';

/** An agent's report on an accepted referral. */
export interface ReportedOutcome {
  outcome: Outcome;
  reason?: OutcomeReason;
  /** The last day of a deferral, as a calendar date. */
  until?: string;
  attempts?: number;
  /** Idempotency key of the agent's command, if it has one. */
  reportId?: string;
}

/** Instants of an accepted offer: acceptance, deadline of the first contact, reminder (ISO text). */
export interface Acceptance {
  acceptedAt: string;
  contactDueAt: string;
  contactRemindAt: string | undefined;
}

interface OfferChange {
  referral: ReferralRow;
  offer: OfferRow;
  at: Date;
  policy: Policy;
}

export function toAcceptance(
  { contactDueAt, contactRemindAt }: Pick<OfferRow, 'contactDueAt' | 'contactRemindAt'>,
  acceptedAt: Date,
): Acceptance {
  return {
    acceptedAt: acceptedAt.toISOString(),
    contactDueAt: (contactDueAt ?? acceptedAt).toISOString(),
    contactRemindAt: contactRemindAt?.toISOString(),
  };
}

/**
 * Accepts an offer. The time to call begins; it counts only within the contact times that the consumer chose, and the
 * reminder comes at half of it.
 */
export async function recordAcceptance(tx: Tx, { referral, offer, at, policy }: OfferChange) {
  const { contactTimes: times, timeZone } = referral;
  const contactDueAt = afterContactTime(at, policy.followUpWindowMs, { times, timeZone });
  const contactRemindAt = afterContactTime(at, policy.followUpWindowMs / 2, { times, timeZone });
  await tx
    .updateTable('offers')
    .set({ acceptedAt: at, contactDueAt, contactRemindAt })
    .where('id', '=', offer.id)
    .execute();
  const { id: offerId, npn } = offer;
  const data = { offerId, npn, contactDueAt: contactDueAt.toISOString() };
  await recordReferralEvent(tx, referral.id, { kind: 'accepted', at, by: 'agent', data });
  const dedupeKey = `agent-found ${offerId}`;
  await createNotice(tx, { kind: 'agent-found', referralId: referral.id, offerId, at, dedupeKey });
  // the agent has answered, and may have capacity for another offer
  await wakeReferralsForAgent(tx, npn);
  return {
    referral: await enterStage(tx, referral, { stage: 'accepted', waitingUntil: contactDueAt, at }),
    result: toAcceptance({ contactDueAt, contactRemindAt }, at),
  };
}

/** Reminds the agent to call: at half time, or earlier if the consumer reports that nobody called. */
export async function remindAgentToCall(
  tx: Tx,
  { offer, at, occasion }: { offer: OfferRow; at: Date; occasion: 'half' | 'not-called' },
): Promise<void> {
  if (offerPhaseOf(offer) !== 'accepted' || (occasion === 'half' && !offer.contactRemindAt)) return;
  const { id: offerId, referralId, npn, contactDueAt } = offer;
  // one reminder is enough, whichever occasion came first
  await tx.updateTable('offers').set({ contactRemindAt: null }).where('id', '=', offerId).execute();
  await createNotice(tx, {
    kind: 'contact-reminder',
    npn,
    referralId,
    offerId,
    at,
    ...(contactDueAt ? { untilAt: contactDueAt } : {}),
    dedupeKey: `contact-reminder ${occasion} ${offerId}${occasion === 'half' ? '' : ` ${at.toISOString()}`}`,
  });
  const data = { offerId, npn };
  await recordReferralEvent(tx, referralId, { kind: 'reminded-of-contact', at, by: 'service', data });
}

export async function recordConsumerReport(
  tx: Tx,
  { referral, offer, called, at, policy }: OfferChange & { called: boolean },
): Promise<ReferralRow> {
  const { id: offerId, npn } = offer;
  // a call is reported once; a missing call may be reported again on another day
  if (offer.called === called && (called || isRepeatedCommand(offer.calledReportedAt, at))) return referral;
  await tx.updateTable('offers').set({ called, calledReportedAt: at }).where('id', '=', offerId).execute();
  const data = { offerId, npn, called };
  await recordReferralEvent(tx, referral.id, { kind: 'contact-told', at, by: 'consumer', data });
  if (offerPhaseOf(offer) !== 'accepted') return referral;
  if (called) return recordFirstContact(tx, { referral, offer, at, policy });
  await remindAgentToCall(tx, { offer, at, occasion: 'not-called' });
  return referral;
}

/**
 * Records an agent's report. A repeated command, or a report of the same instant, is not recorded twice.
 * @throws the refusal `idempotency-key-reused` if the command's key was used for another report
 */
export async function recordOutcomeReport(
  tx: Tx,
  about: OfferChange & ReportedOutcome,
): Promise<ReferralRow> {
  const { referral, offer, outcome, reason, until, attempts, reportId, at, policy } = about;
  const { id: offerId, npn } = offer;
  const body = {
    ...(reason ? { reason } : {}),
    ...(until ? { until } : {}),
    ...(attempts ? { attempts } : {}),
  };
  const repeat =
    reportId === undefined
      ? undefined
      : await checkForRepeat(tx, {
          referralId: referral.id,
          offerId,
          npn,
          outcome,
          ...body,
          reportId,
          isLast: false,
          at,
        });
  if (repeat?.was === 'first') return referral;
  if (repeat?.was === 'other')
    refuse('idempotency-key-reused', 'The key was used for another report.', { offerId });
  const recorded = await tx
    .selectFrom('events')
    .select('sequence')
    .where('subjectKind', '=', 'referral')
    .where('subjectId', '=', referral.id)
    .where('kind', '=', 'outcome-reported')
    .where('at', '=', at)
    .executeTakeFirst();
  if (recorded) return referral;
  const data = { offerId, npn, outcome, ...body, ...(reportId ? { reportId } : {}) };
  await recordReferralEvent(tx, referral.id, { kind: 'outcome-reported', at, by: 'agent', data });
  if (outcome === 'contacted') return recordFirstContact(tx, { referral, offer, at, policy });
  return isMilestone(outcome) ? recordMilestone(tx, { ...about, milestone: outcome }) : referral;
}

async function recordFirstContact(
  tx: Tx,
  { referral, offer, at, policy }: OfferChange,
): Promise<ReferralRow> {
  const closesAt = new Date(at.getTime() + policy.outcomeWindowMs);
  await tx.updateTable('offers').set({ contactedAt: at, closesAt }).where('id', '=', offer.id).execute();
  await wakeReferralsForAgent(tx, offer.npn);
  return enterStage(tx, referral, { stage: 'contacted', waitingUntil: closesAt, at });
}

/**
 * Records an interim outcome. The referral stays with the agent; a deferral or a delay postpones its automatic close.
 */
async function recordMilestone(
  tx: Tx,
  {
    referral,
    offer,
    at,
    policy,
    milestone,
    until,
  }: OfferChange & { milestone: InterimOutcome; until?: string },
): Promise<ReferralRow> {
  const windowStart = { quoted: undefined, deferred: until ? endOfMarketplaceDay(until) : at, delayed: at }[
    milestone
  ];
  const latest = Math.max(
    offer.closesAt?.getTime() ?? 0,
    windowStart ? windowStart.getTime() + policy.outcomeWindowMs : 0,
  );
  const closesAt = new Date(latest);
  await tx
    .updateTable('offers')
    .set({ milestone, closesAt, ...(until ? { deferredUntil: until } : {}) })
    .where('id', '=', offer.id)
    .execute();
  return enterStage(tx, referral, { stage: 'contacted', waitingUntil: closesAt, at });
}

function isMilestone(outcome: Outcome): outcome is InterimOutcome {
  const { ends: end, in: phases } = outcomeRules[outcome];
  return end === undefined && phases.includes('contacted');
}

/** Ends an offer, notifies the people concerned, and gives the referral time to find another agent. */
export async function recordOfferEnd(
  tx: Tx,
  about: OfferChange & { end: OfferEnd; by: Actor; reason?: DeclineReason | OutcomeReason },
): Promise<void> {
  const { referral, offer, end, by, reason, at, policy } = about;
  const { id: offerId, referralId, npn } = offer;
  await tx
    .updateTable('offers')
    .set({ endedAt: at, endedAs: end, endedBy: by, reason: reason ?? null })
    .where('id', '=', offerId)
    .execute();
  const data = { offerId, npn, end, ...(reason ? { reason } : {}) };
  await recordReferralEvent(tx, referralId, { kind: 'offer-ended', at, by, data });
  if (offerEndRules[end].then === 'ask-another' && offer.acceptedAt)
    await extendMatchingBudget(tx, { referral, end, at, policy });
  // after the call above, which records a wrong contact: nothing may be sent there
  await createOfferEndNotices(tx, about);
  if (end === 'wrong-number') await restoreLastOfferedAt(tx, offer);
  await wakeReferralsForAgent(tx, npn);
}

async function createOfferEndNotices(
  tx: Tx,
  { offer, end, by, at }: OfferChange & { end: OfferEnd; by: Actor },
): Promise<void> {
  const { id: offerId, referralId, npn } = offer;
  const recipients = recipientsOfEnd(by, offerPhaseOf(offer));
  const about = { referralId, offerId, at };
  if (recipients.includes('agent')) {
    // a referral that closes by itself, weeks after the call and at any hour, is no reason for a text
    const channels: readonly Channel[] | undefined = end === 'closed' ? ['email'] : undefined;
    const dedupeKey = `offer-over ${offerId}`;
    await createNotice(tx, {
      ...about,
      kind: 'offer-over',
      npn,
      dedupeKey,
      ...(channels ? { channels } : {}),
    });
  }
  // the notice of a closed referral is created when it closes, with its outcome
  if (recipients.includes('consumer') && offerEndRules[end].then === 'ask-another') {
    const kind = end === 'wrong-number' ? 'contact-wrong' : 'agent-gone';
    await createNotice(tx, { ...about, kind, dedupeKey: `${kind} ${offerId}` });
  }
}

/**
 * After acceptance the referral gets a full matching budget again; a wrong number gets the correction window instead.
 */
async function extendMatchingBudget(
  tx: Tx,
  { referral, end, at, policy }: { referral: ReferralRow; end: OfferEnd; at: Date; policy: Policy },
): Promise<void> {
  const isWrong = end === 'wrong-number';
  const { contactCorrectionWindowMs, referralBudgetMs, serviceCalendar } = policy;
  const until = isWrong
    ? new Date(at.getTime() + contactCorrectionWindowMs)
    : afterServiceTime(at, referralBudgetMs, serviceCalendar, referral.timeZone);
  const budgetEndsAt = until > referral.budgetEndsAt ? until : referral.budgetEndsAt;
  await tx
    .updateTable('referrals')
    .set({
      budgetEndsAt,
      ...(isWrong ? { contactWrongAt: at } : {}),
      ...(end === 'another-asked' ? { anotherAskedAt: at } : {}),
    })
    .where('id', '=', referral.id)
    .execute();
}
