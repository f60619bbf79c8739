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

/** What the deeds of a referral stand on. */
export interface ReferralDeps {
  db: Database;
  policy: Policy;
}

/** Where a referral stands after a deed, as its workflow knows it: stages, causes, instants (ISO text). */
export interface ReferralState {
  stage: ReferralStage;
  since: string;
  causes: ReferralCause[];
  waitingUntil: string | undefined;
  /** The consumer's state, two letters. */
  state: string;
  /** What is written down to be told and has not reached a provider yet. */
  notices: NoticeToSend[];
}

/** What a change leaves: the referral's row as it is now, and the deed's own answer. */
export interface ChangedReferral<T> {
  referral: ReferralRow;
  result: T;
}

type OfferInput = { referralId: string; offerId: string; at: string };

export type ReferralActivities = ReturnType<typeof createReferralActivities>;

/** The deeds of a referral: each one idempotent transaction that begins by holding the referral's row. */
export function createReferralActivities({ db, policy }: ReferralDeps) {
  const deed = <T extends object>(
    referralId: string,
    change: (tx: Tx, referral: ReferralRow) => Promise<ChangedReferral<T>>,
  ): Promise<T & ReferralState> =>
    db.transaction().execute(async (tx) => {
      const held = await lockReferral(tx, referralId);
      if (!held) refuse('not-found', 'There is no such referral.', { referralId });
      const { referral, result } = await change(tx, held);
      return { ...result, ...(await readReferralState(tx, referral)) };
    });

  return {
    /**
     * Reserves the next agent's turn, or says why not now and when to look again, or that it is over.
     * `woken`: it looks for a place that became free, which is for the next where it is not for this one, or not taken.
     * Where that is not said it may have been.
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
      const look = { at: new Date(at), policy };
      const attempt = ({ isLast = false } = {}) =>
        deed<Match>(referralId, async (tx, referral) => {
          const done = await match(tx, referral, look);
          const { found } = done.result;
          if (woken && (found === 'offer' || (found === 'not-now' && isLast)))
            await offerCapacityToNext(tx, referral, look);
          return done;
        });
      const first = await attempt();
      // whoever became free while we looked did not see us waiting yet: look once more now that we are
      return first.found === 'not-now' ? attempt({ isLast: true }) : first;
    },

    /** The agent takes the referral: the consumer is told who will call, and the 60 minutes begin. */
    acceptOffer: ({ referralId, offerId, at }: OfferInput): Promise<Acceptance & ReferralState> =>
      deed(referralId, async (tx, referral) => {
        const offer = await requireOpenOffer(tx, offerId);
        if (offer.acceptedAt) return { referral, result: toAcceptance(offer, offer.acceptedAt) };
        if (!(await isContactShareable(tx, { referralId, at: new Date(at) })))
          refuse('offer-ended', 'The offer has ended.', { offerId });
        return recordAcceptance(tx, { referral, offer, at: new Date(at), policy });
      }),

    /** What came of an accepted referral so far. An outcome that ends the offer is followed by `endOffer`. */
    recordOutcome: (about: OfferInput & ReportedOutcome): Promise<ReferralState> =>
      deed(about.referralId, async (tx, referral) => {
        const offer = await requireOpenOffer(tx, about.offerId);
        const report = { ...about, at: new Date(about.at), referral, offer, policy };
        return { referral: await recordOutcomeReport(tx, report), result: {} };
      }),

    /** Reminds the agent who accepted and has not reported first contact yet. */
    remindOfContact: ({ referralId, offerId, at }: OfferInput): Promise<ReferralState> =>
      deed(referralId, async (tx, referral) => {
        const offer = await requireOpenOffer(tx, offerId);
        await remindAgentToCall(tx, { offer, at: new Date(at), occasion: 'half' });
        return { referral, result: {} };
      }),

    /** The consumer's own word: the agent called, which is first contact, or has not, of which he is reminded. */
    recordContact: (
      about: OfferInput & { called: boolean },
    ): Promise<{ phase: OfferPhase } & ReferralState> =>
      deed(about.referralId, async (tx, referral) => {
        const offer = await requireOpenOffer(tx, about.offerId);
        const word = { referral, offer, called: about.called, at: new Date(about.at), policy };
        return {
          referral: await recordConsumerReport(tx, word),
          result: { phase: await readOfferPhase(tx, offer.id) },
        };
      }),

    /** Ends an offer; the first end stays. `expired` becomes `unreachable` when no message got through. */
    endOffer: (
      about: OfferInput & { end: OfferEnd; by: Actor; reason?: DeclineReason | OutcomeReason },
    ): Promise<{ end: OfferEnd; endedAt: string } & ReferralState> =>
      deed(about.referralId, async (tx, referral) => {
        const offer = await readOffer(tx, about.offerId);
        if (!offer) refuse('not-found', 'There is no such offer.', { offerId: about.offerId });
        const { endedAs, endedAt } = offer;
        if (endedAs && endedAt) return { referral, result: { end: endedAs, endedAt: endedAt.toISOString() } };
        const { end, by } = await resolveOfferEnd(tx, about, offer);
        await recordOfferEnd(tx, { ...about, end, by, at: new Date(about.at), offer, referral, policy });
        return { referral, result: { end, endedAt: about.at } };
      }),

    /** Whether the agent has seen the offer, in his open inbox or by its link, though every channel refused it. */
    isOfferSeen: ({ offerId }: { offerId: string }): Promise<boolean> => wasOfferSeen(db, offerId),

    /** Closes a referral for good; Postgres answers for it from now on. */
    closeReferral: ({ referralId, stage: asked, outcome, at }: CloseReferralInput): Promise<ReferralState> =>
      deed(referralId, async (tx, referral) => {
        if (referral.closedAt) return { referral, result: {} };
        // the consent may have been taken back before the story heard of it
        const stage = (await isConsentRescinded(tx, referralId)) ? 'withdrawn' : asked;
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
        // who withdraws knows it; everybody else hears how it ended
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

/** Silence is an agent's own only where a message got through, and the consent to be called had not run out. */
async function resolveOfferEnd(
  tx: Tx,
  { referralId, end, by, at }: { referralId: string; end: OfferEnd; by: Actor; at: string },
  offer: OfferRow,
): Promise<{ end: OfferEnd; by: Actor }> {
  if (end !== 'expired' && end !== 'silent') return { end, by };
  const { standing } = await readIntakeConsent(tx, { referralId, at: new Date(at) });
  if (standing === 'expired') return { end: 'consent-expired', by: 'clock' };
  const isSilent = end === 'silent' || (await wasDelivered(tx, offer.id));
  return isSilent ? { end, by } : { end: 'unreachable', by: 'service' };
}

/** A place that the referral was woken for, if it was, is for the next if it is still free. */
function offerCapacityToNext(
  tx: Tx,
  referral: ReferralRow,
  { at, policy }: { at: Date; policy: Policy },
): Promise<void> {
  return wakeNextReferral(tx, referral, { at, limits: policy });
}

/**
 * Whoever found nobody in all the time there was keeps the reason of the last look beside it. A contact that is wrong is
 * the whole reason, also where nobody looked since it was reported.
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
