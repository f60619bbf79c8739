import { refuse } from '../../domain/failures.ts';
import type { Policy } from '../../domain/policy.ts';
import { type OfferEnd, type OfferPhase, offerEndRules, offerPhaseOf } from '../../domain/referrals/offer.ts';
import type { ReportedOutcome } from '../../domain/referrals/referral.ts';
import type { Database, Tx } from '../../store/database/connection.ts';
import type { Keyring } from '../../store/encryption/keyring.ts';
import { type Closing, closeReferral } from '../../store/referrals/closing.ts';
import { matchReferral } from '../../store/referrals/matching/matching.ts';
import { wakeNextReferral } from '../../store/referrals/matching/wake-next.ts';
import {
  recordAcceptance,
  recordConsumerReport,
  remindAgentToCall,
} from '../../store/referrals/offers/acceptance.ts';
import { nudgeAgent } from '../../store/referrals/offers/nudges.ts';
import { type ClaimedEnd, endOffer } from '../../store/referrals/offers/offer-ends.ts';
import { claimAskedAgents, claimOffer, type OfferRow } from '../../store/referrals/offers/offers.ts';
import { recordOutcomeReport } from '../../store/referrals/outcomes/outcomes.ts';
import { waitsForAgent } from '../../store/referrals/referrals.ts';
import { instantsOf } from '../instants.ts';
import { changeReferralIn, type ReferralState } from './change-referral.ts';
import { type Match, toMatch } from './matching.ts';

/** Dependencies of the referral activities. */
export interface ReferralDeps {
  db: Database;
  policy: Policy;
  keyring: Pick<Keyring, 'masterKeys'>;
  now: () => Date;
}

type OfferInput = { referralId: string; offerId: string; at: string };

/** A look for an agent. */
export interface LookInput {
  referralId: string;
  at: string;
  /** The referral was woken for freed capacity, which goes to the next referral if this one does not use it. */
  woken: boolean;
  /** The referral is over for its workflow, which has to end the open offers and asks nobody any more. */
  onlyOpen?: true;
}

/** Instants of an accepted offer: acceptance, deadline of the first contact, reminder (ISO text). */
export interface Acceptance {
  acceptedAt: string;
  contactDueAt: string;
  contactRemindAt: string | undefined;
  /** Set if this transaction recorded that the answer shows the contact; one that was repeated recorded nothing. */
  isOnRecord?: true;
}

/** The end that stands, and since when (ISO text); neither while the offer goes on. */
export interface EndedOffer {
  end?: OfferEnd;
  endedAt?: string;
}

export type ReferralActivities = ReturnType<typeof createReferralActivities>;

/**
 * Creates the activities of a referral: each is one idempotent transaction that first locks the referral's row. What a
 * person did is dated with the workflow's instant, which decided whether it was in time; what the service does, and every
 * window that begins, with the instant of the transaction (docs/decisions/0055-whose-clock.md).
 */
export function createReferralActivities({ policy, keyring, ...deps }: ReferralDeps) {
  const changeReferral = changeReferralIn(deps);

  return {
    /**
     * Reserves an offer with the next agent, or returns why not now and when to look again, or that it is over.
     */
    async matchReferral(about: LookInput): Promise<Match & ReferralState> {
      // one search, and one decision on record, however many attempts it takes
      const instants = instantsOf(about.at, deps.now);
      let mayHaveMissed = false;
      const attempt = () =>
        changeReferral<Match>({ ...about, instants }, async (changes, { recordedAt: at }) => {
          const { tx, referral } = changes;
          const result = await matchReferral(changes, { ...about, at, policy, keyring });
          // capacity that becomes free wakes those who wait for an agent; this referral waits only from now on
          mayHaveMissed = waitsForAgent(changes.referral) && !waitsForAgent(referral);
          if (about.woken && result.found !== 'over' && !mayHaveMissed)
            await wakeNextReferral(tx, referral, { at, limits: policy });
          return toMatch(result);
        });
      const first = await attempt();
      return mayHaveMissed ? attempt() : first;
    },

    /**
     * Accepts an offer: the consumer is notified who will call, and the agent's time to call begins. That its answer shows the
     * contact is on record with the acceptance, so that the answer needs no transaction of its own.
     */
    acceptOffer: (about: OfferInput & { contactShown?: boolean }): Promise<Acceptance & ReferralState> =>
      changeReferral(about, async (changes, { at, recordedAt }) => {
        const { referralId, offerId, contactShown = false } = about;
        const claimed = await claimAskedAgents(changes.tx, { referralId, offerId, at: recordedAt });
        const { askedAgents, isContactShareable, ...offer } = requireOpen(claimed, offerId);
        if (offer.acceptedAt) return toAcceptance(offer, offer.acceptedAt);
        if (!isContactShareable) refuse('offer-ended', 'The offer has ended.', { offerId });
        const change = { offer, askedAgents, contactShown, at, recordedAt, policy };
        const accepted = toAcceptance(await recordAcceptance(changes, change), at);
        return contactShown ? { ...accepted, isOnRecord: true } : accepted;
      }),

    /**
     * Records an outcome that the agent reports. One that ends the offer is followed by `endOffer`; a try to reach the
     * consumer gives more time, with a reminder of its own.
     */
    recordOutcome: (
      about: OfferInput & ReportedOutcome,
    ): Promise<{ contactRemindAt: string | undefined } & ReferralState> =>
      changeReferral(about, async (changes, instants) => {
        const offer = await requireOpenOffer(changes.tx, about.offerId);
        const contactRemindAt = await recordOutcomeReport(changes, { ...about, ...instants, offer, policy });
        return { contactRemindAt: contactRemindAt?.toISOString() };
      }),

    /**
     * Tells an agent who has neither answered nor looked at the offer again, over one channel. Returns when to do so next;
     * undefined: not again.
     */
    nudgeAgent: (about: OfferInput): Promise<{ nudgeAt: string | undefined } & ReferralState> =>
      changeReferral(about, async (changes, { recordedAt: at }) => {
        const offer = await requireOffer(changes.tx, about.offerId);
        const [nudgeAt] = await nudgeAgent(changes, { offer, at, textHours: policy.textHours });
        return { nudgeAt: nudgeAt?.toISOString() };
      }),

    /** Reminds an agent who accepted and has not reported first contact yet. */
    remindOfContact: (about: OfferInput): Promise<ReferralState> =>
      changeReferral(about, async (changes, { recordedAt: at }) => {
        const offer = await requireOffer(changes.tx, about.offerId);
        if (!offer.endedAs) await remindAgentToCall(changes, { offer, at, occasion: 'half' });
        return {};
      }),

    /**
     * Records the consumer's report that the agent has called, which is first contact, or has not, which causes a
     * reminder.
     */
    recordContact: (
      about: OfferInput & { called: boolean },
    ): Promise<{ phase: OfferPhase } & ReferralState> =>
      changeReferral(about, async (changes, instants) => {
        const offer = await requireOpenOffer(changes.tx, about.offerId);
        const { called } = about;
        return { phase: await recordConsumerReport(changes, { offer, called, ...instants, policy }) };
      }),

    /**
     * Ends an offer; the first end wins. Without an end, the offer has gone on to a phase in which it cannot end so: a worker
     * recorded the acceptance and died before Temporal knew.
     */
    endOffer: (about: OfferInput & ClaimedEnd): Promise<EndedOffer & ReferralState> =>
      changeReferral<EndedOffer>(about, async (changes, instants) => {
        const offer = await requireOffer(changes.tx, about.offerId);
        if (!offer.endedAs && !offerEndRules[about.end].in.includes(offerPhaseOf(offer))) return {};
        const { end, endedAt } = await endOffer(changes, { ...about, ...instants, offer, policy });
        return { end, endedAt: endedAt.toISOString() };
      }),

    /** Closes a referral for good. From now on Postgres answers for it. */
    closeReferral: ({
      referralId,
      at,
      ...closing
    }: Closing & { referralId: string; at: string }): Promise<ReferralState> =>
      changeReferral({ referralId, at }, async (changes, { recordedAt }) => {
        await closeReferral(changes, { ...closing, at: recordedAt, policy });
        return {};
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
  return requireFound(await claimOffer(tx, offerId), offerId);
}

async function requireOpenOffer(tx: Tx, offerId: string): Promise<OfferRow> {
  return requireOpen(await claimOffer(tx, offerId), offerId);
}

function requireFound<Offer extends OfferRow>(offer: Offer | undefined, offerId: string): Offer {
  return offer ?? refuse('not-found', 'There is no such offer.', { offerId });
}

function requireOpen<Offer extends OfferRow>(found: Offer | undefined, offerId: string): Offer {
  const offer = requireFound(found, offerId);
  if (offer.endedAs) {
    refuse('offer-ended', 'The offer has ended.', { end: offer.endedAs, at: offer.endedAt?.toISOString() });
  }
  return offer;
}
