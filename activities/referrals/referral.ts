import { refuse } from '../../domain/failures.ts';
import type { Policy } from '../../domain/policy.ts';
import { type OfferEnd, type OfferPhase, offerPhaseOf } from '../../domain/referrals/offer.ts';
import type { ReportedOutcome } from '../../domain/referrals/referral.ts';
import type { Database, Tx } from '../../store/database/connection.ts';
import {
  recordAcceptance,
  recordConsumerReport,
  remindAgentToCall,
} from '../../store/referrals/acceptance.ts';
import { type Closing, closeReferral } from '../../store/referrals/closing.ts';
import { isContactShareable } from '../../store/referrals/consents.ts';
import { matchReferral } from '../../store/referrals/matching.ts';
import { type ClaimedEnd, endOffer } from '../../store/referrals/offer-ends.ts';
import { type OfferRow, readOffer, wasOfferSeen } from '../../store/referrals/offers.ts';
import { recordOutcomeReport } from '../../store/referrals/outcomes.ts';
import { wakeNextReferral } from '../../store/referrals/wake-next.ts';
import { changeReferralIn, type ReferralState } from './change-referral.ts';
import { type Match, toMatch } from './matching.ts';

/** Dependencies of the referral activities. */
export interface ReferralDeps {
  db: Database;
  policy: Policy;
}

type OfferInput = { referralId: string; offerId: string; at: string };

/** Instants of an accepted offer: acceptance, deadline of the first contact, reminder (ISO text). */
export interface Acceptance {
  acceptedAt: string;
  contactDueAt: string;
  contactRemindAt: string | undefined;
}

export type ReferralActivities = ReturnType<typeof createReferralActivities>;

/** Creates the activities of a referral: each is one idempotent transaction that first locks the referral's row. */
export function createReferralActivities({ db, policy }: ReferralDeps) {
  const changeReferral = changeReferralIn(db);

  return {
    /**
     * Reserves an offer with the next agent, or returns why not now and when to look again, or that it is over.
     * `woken`: the referral was woken for freed capacity, which goes to the next referral if this one does not use it.
     */
    async matchReferral({
      referralId,
      at,
      woken,
    }: {
      referralId: string;
      at: string;
      woken: boolean;
    }): Promise<Match & ReferralState> {
      const context = { at: new Date(at), policy };
      const attempt = ({ isLast = false } = {}) =>
        changeReferral<Match>(referralId, async (tx, locked) => {
          const { referral, result } = await matchReferral(tx, locked, context);
          const { found } = result;
          if (woken && (found === 'offer' || (found === 'not-now' && isLast)))
            await wakeNextReferral(tx, locked, { at: context.at, limits: policy });
          return { referral, result: toMatch(result) };
        });
      const first = await attempt();
      // capacity that became free during the first attempt did not wake this referral, which was not queued yet: now it is
      return first.found === 'not-now' ? attempt({ isLast: true }) : first;
    },

    /** Accepts an offer: the consumer is notified who will call, and the agent's time to call begins. */
    acceptOffer: ({ referralId, offerId, at: atText }: OfferInput): Promise<Acceptance & ReferralState> =>
      changeReferral(referralId, async (tx, referral) => {
        const at = new Date(atText);
        const offer = await requireOpenOffer(tx, offerId);
        if (offer.acceptedAt) return { referral, result: toAcceptance(offer, offer.acceptedAt) };
        if (!(await isContactShareable(tx, { referralId, at })))
          refuse('offer-ended', 'The offer has ended.', { offerId });
        const accepted = await recordAcceptance(tx, { referral, offer, at, policy });
        return { referral: accepted.referral, result: toAcceptance(accepted, at) };
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
          result: { phase: offerPhaseOf(await requireOpenOffer(tx, offer.id)) },
        };
      }),

    /** Ends an offer; the first end wins. */
    endOffer: (about: OfferInput & ClaimedEnd): Promise<{ end: OfferEnd; endedAt: string } & ReferralState> =>
      changeReferral(about.referralId, async (tx, referral) => {
        const offer = await requireOffer(tx, about.offerId);
        const { end, endedAt } = await endOffer(tx, {
          ...about,
          at: new Date(about.at),
          offer,
          referral,
          policy,
        });
        return { referral, result: { end, endedAt: endedAt.toISOString() } };
      }),

    /**
     * Returns whether the agent has seen the offer, in an open inbox or by its link, although every channel refused it.
     */
    isOfferSeen: ({ offerId }: { offerId: string }): Promise<boolean> => wasOfferSeen(db, offerId),

    /** Closes a referral for good. From now on Postgres answers for it. */
    closeReferral: ({
      referralId,
      at,
      ...closing
    }: Closing & { referralId: string; at: string }): Promise<ReferralState> =>
      changeReferral(referralId, async (tx, referral) => {
        const close = { ...closing, at: new Date(at), policy };
        return { referral: await closeReferral(tx, referral, close), result: {} };
      }),
  };
}

function toAcceptance(
  { contactDueAt, contactRemindAt }: Pick<OfferRow, 'contactDueAt' | 'contactRemindAt'>,
  acceptedAt: Date,
): Acceptance {
  return {
    acceptedAt: acceptedAt.toISOString(),
    contactDueAt: (contactDueAt ?? acceptedAt).toISOString(),
    contactRemindAt: contactRemindAt?.toISOString(),
  };
}

async function requireOffer(tx: Tx, offerId: string): Promise<OfferRow> {
  return (await readOffer(tx, offerId)) ?? refuse('not-found', 'There is no such offer.', { offerId });
}

async function requireOpenOffer(tx: Tx, offerId: string): Promise<OfferRow> {
  const offer = await requireOffer(tx, offerId);
  if (offer.endedAs) {
    refuse('offer-ended', 'The offer has ended.', { end: offer.endedAs, at: offer.endedAt?.toISOString() });
  }
  return offer;
}
