import { refuse } from '../../domain/failures.ts';
import type { NoticeToSend } from '../../domain/notifications/notices.ts';
import type { Policy } from '../../domain/policy.ts';
import {
  type DeclineReason,
  type OfferEnd,
  type OfferPhase,
  offerPhaseOf,
} from '../../domain/referrals/offer.ts';
import type { OutcomeReason, ReferralCause } from '../../domain/referrals/referral.ts';
import type { Actor, ReferralStage } from '../../domain/stages.ts';
import type { Database, Tx } from '../../store/database/connection.ts';
import { createNotice, pendingNotices } from '../../store/notifications/notices.ts';
import { isContactShareable, readIntakeConsent } from '../../store/referrals/consents.ts';
import { isConsentRescinded } from '../../store/referrals/consumer-actions.ts';
import { type OfferRow, readOffer, wasDelivered, wasOfferSeen } from '../../store/referrals/offers.ts';
import {
  enterStage,
  lockReferral,
  type ReferralRow,
  recordReferralEvent,
} from '../../store/referrals/referrals.ts';
import { wakeNextReferral } from '../../store/referrals/wake-next.ts';
import {
  type Acceptance,
  type ReportedOutcome,
  recordAcceptance,
  recordConsumerReport,
  recordOfferEnd,
  recordOutcomeReport,
  remindAgentToCall,
  toAcceptance,
} from './follow-up.ts';
import { type Match, match } from './matching.ts';

/** Dependencies of the referral activities. */
export interface ReferralDeps {
  db: Database;
  policy: Policy;
}

/** The state of a referral after an activity, as its workflow knows it: stages, causes and instants (ISO text). */
export interface ReferralState {
  stage: ReferralStage;
  since: string;
  causes: ReferralCause[];
  waitingUntil: string | undefined;
  /** The consumer's state, two letters. */
  state: string;
  /** Pending notices, which no provider has accepted yet. */
  notices: NoticeToSend[];
}

/** A change: the referral's new row, and the activity's own result. */
export interface ChangedReferral<T> {
  referral: ReferralRow;
  result: T;
}

type OfferInput = { referralId: string; offerId: string; at: string };

export type ReferralActivities = ReturnType<typeof createReferralActivities>;

/** Creates the activities of a referral: each is one idempotent transaction that first locks the referral's row. */
export function createReferralActivities({ db, policy }: ReferralDeps) {
  const changeReferral = <T extends object>(
    referralId: string,
    change: (tx: Tx, referral: ReferralRow) => Promise<ChangedReferral<T>>,
  ): Promise<T & ReferralState> =>
    db.transaction().execute(async (tx) => {
      const locked = await lockReferral(tx, referralId);
      if (!locked) refuse('not-found', 'There is no such referral.', { referralId });
      const { referral, result } = await change(tx, locked);
      return { ...result, ...(await readReferralState(tx, referral)) };
    });

  return {
    /**
     * Reserves an offer with the next agent, or returns why not now and when to look again, or that it is over.
     * `woken`: the referral was woken for freed capacity, which goes to the next referral if this one does not use it.
     * Workflows of earlier releases do not pass it, so the default assumes that they were woken.
     */
    async matchReferral({
      referralId,
      at,
      woken = true,
    }: {
      referralId: string;
      at: string;
      woken?: boolean;
    }): Promise<Match & ReferralState> {
      const context = { at: new Date(at), policy };
      const attempt = ({ isLast = false } = {}) =>
        changeReferral<Match>(referralId, async (tx, referral) => {
          const matched = await match(tx, referral, context);
          const { found } = matched.result;
          if (woken && (found === 'offer' || (found === 'not-now' && isLast)))
            await offerCapacityToNext(tx, referral, context);
          return matched;
        });
      const first = await attempt();
      // capacity that became free during the first attempt did not wake this referral, which was not queued yet: now it is
      return first.found === 'not-now' ? attempt({ isLast: true }) : first;
    },

    /** Accepts an offer: the consumer is notified who will call, and the agent's time to call begins. */
    acceptOffer: ({ referralId, offerId, at }: OfferInput): Promise<Acceptance & ReferralState> =>
      changeReferral(referralId, async (tx, referral) => {
        const offer = await requireOpenOffer(tx, offerId);
        if (offer.acceptedAt) return { referral, result: toAcceptance(offer, offer.acceptedAt) };
        if (!(await isContactShareable(tx, { referralId, at: new Date(at) })))
          refuse('offer-ended', 'The offer has ended.', { offerId });
        return recordAcceptance(tx, { referral, offer, at: new Date(at), policy });
      }),

    /** Records an outcome that the agent reports. One that ends the offer is followed by `endOffer`. */
    recordOutcome: (about: OfferInput & ReportedOutcome): Promise<ReferralState> =>
      changeReferral(about.referralId, async (tx, referral) => {
        const offer = await requireOpenOffer(tx, about.offerId);
        const report = { ...about, at: new Date(about.at), referral, offer, policy };
        return { referral: await recordOutcomeReport(tx, report), result: {} };
      }),

    /** Reminds an agent who accepted and has not reported first contact yet. */
    remindOfContact: ({ referralId, offerId, at }: OfferInput): Promise<ReferralState> =>
      changeReferral(referralId, async (tx, referral) => {
        const offer = await requireOpenOffer(tx, offerId);
        await remindAgentToCall(tx, { offer, at: new Date(at), occasion: 'half' });
        return { referral, result: {} };
      }),

    /**
     * Records the consumer's report that the agent has called, which is first contact, or has not, which causes a
     * reminder.
     */
    recordContact: (
      about: OfferInput & { called: boolean },
    ): Promise<{ phase: OfferPhase } & ReferralState> =>
      changeReferral(about.referralId, async (tx, referral) => {
        const offer = await requireOpenOffer(tx, about.offerId);
        const report = { referral, offer, called: about.called, at: new Date(about.at), policy };
        return {
          referral: await recordConsumerReport(tx, report),
          result: { phase: await readOfferPhase(tx, offer.id) },
        };
      }),

    /** Ends an offer; the first end wins. `expired` becomes `unreachable` if no message was delivered. */
    endOffer: (
      about: OfferInput & { end: OfferEnd; by: Actor; reason?: DeclineReason | OutcomeReason },
    ): Promise<{ end: OfferEnd; endedAt: string } & ReferralState> =>
      changeReferral(about.referralId, async (tx, referral) => {
        const offer = await readOffer(tx, about.offerId);
        if (!offer) refuse('not-found', 'There is no such offer.', { offerId: about.offerId });
        const { endedAs, endedAt } = offer;
        if (endedAs && endedAt) return { referral, result: { end: endedAs, endedAt: endedAt.toISOString() } };
        const { end, by } = await resolveOfferEnd(tx, about, offer);
        await recordOfferEnd(tx, { ...about, end, by, at: new Date(about.at), offer, referral, policy });
        return { referral, result: { end, endedAt: about.at } };
      }),

    /**
     * Returns whether the agent has seen the offer, in an open inbox or by its link, although every channel refused it.
     */
    isOfferSeen: ({ offerId }: { offerId: string }): Promise<boolean> => wasOfferSeen(db, offerId),

    /** Closes a referral for good. From now on Postgres answers for it. */
    closeReferral: ({
      referralId,
      stage: requestedStage,
      outcome,
      at,
    }: CloseReferralInput): Promise<ReferralState> =>
      changeReferral(referralId, async (tx, referral) => {
        if (referral.closedAt) return { referral, result: {} };
        // the consent may have been withdrawn before the workflow was signaled
        const stage = (await isConsentRescinded(tx, referralId)) ? 'withdrawn' : requestedStage;
        const { standing } = await readIntakeConsent(tx, { referralId, at: new Date(at) });
        const hasExpired = stage === 'unmatched' && standing === 'expired';
        const causes = hasExpired
          ? [...(referral.stage === 'queued' ? referral.causes : []), 'consent-expired' as const]
          : causesOfEnd(referral, stage, new Date(at));
        if (hasExpired)
          await recordReferralEvent(tx, referralId, {
            kind: 'consent-expired',
            at: new Date(at),
            by: 'clock',
            data: {},
          });
        const close = { stage, outcome, causes, at: new Date(at) };
        const closed = await enterStage(tx, referral, close);
        if (referral.stage === 'queued') await offerCapacityToNext(tx, referral, { at: close.at, policy });
        // consumers who withdrew know it; the others are notified
        if (stage !== 'withdrawn') {
          await createNotice(tx, {
            kind: stage,
            referralId,
            at: close.at,
            dedupeKey: `${stage} ${referralId}`,
          });
        }
        return { referral: closed, result: {} };
      }),
  };
}

/** Resolves a timeout: it counts against the agent only if a message was delivered and the consent had not expired. */
async function resolveOfferEnd(
  tx: Tx,
  { referralId, end, by, at }: { referralId: string; end: OfferEnd; by: Actor; at: string },
  offer: OfferRow,
): Promise<{ end: OfferEnd; by: Actor }> {
  if (end !== 'expired' && end !== 'silent') return { end, by };
  const { standing } = await readIntakeConsent(tx, { referralId, at: new Date(at) });
  if (standing === 'expired') return { end: 'consent-expired', by: 'clock' };
  const wasReached = end === 'silent' || (await wasDelivered(tx, offer.id));
  return wasReached ? { end, by } : { end: 'unreachable', by: 'service' };
}

/** Wakes the next referral for capacity that this one may have been woken for, if it is still free. */
function offerCapacityToNext(
  tx: Tx,
  referral: ReferralRow,
  { at, policy }: { at: Date; policy: Policy },
): Promise<void> {
  return wakeNextReferral(tx, referral, { at, limits: policy });
}

/**
 * The causes of an unmatched referral: the spent budget, together with the cause of the last match. A wrong contact is
 * the only cause, even if there was no match after it was reported.
 */
function causesOfEnd(referral: ReferralRow, stage: ReferralStage, at: Date): ReferralCause[] {
  if (stage !== 'unmatched') return [];
  if (referral.contactWrongAt) return ['contact-wrong'];
  return at >= referral.budgetEndsAt ? [...referral.causes, 'budget-spent'] : referral.causes;
}

type CloseReferralInput = {
  referralId: string;
  stage: 'closed' | 'unmatched' | 'withdrawn';
  outcome?: string;
  at: string;
};

async function readReferralState(tx: Tx, referral: ReferralRow): Promise<ReferralState> {
  return {
    stage: referral.stage,
    since: referral.since.toISOString(),
    causes: referral.causes,
    waitingUntil: referral.waitingUntil?.toISOString(),
    state: referral.state,
    notices: await pendingNotices(tx, { referralId: referral.id }),
  };
}

async function requireOpenOffer(tx: Tx, offerId: string): Promise<OfferRow> {
  const offer = await readOffer(tx, offerId);
  if (!offer) refuse('not-found', 'There is no such offer.', { offerId });
  if (offer.endedAs) {
    refuse('offer-ended', 'The offer has ended.', { end: offer.endedAs, at: offer.endedAt?.toISOString() });
  }
  return offer;
}

async function readOfferPhase(tx: Tx, offerId: string): Promise<OfferPhase> {
  return offerPhaseOf(await requireOpenOffer(tx, offerId));
}
