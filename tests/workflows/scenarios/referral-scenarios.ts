import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import type { ReferralState } from '../../../activities/referrals/change-referral.ts';
import { refusalOf } from '../../../domain/failures.ts';
import type { ReportedOutcome } from '../../../domain/referrals/referral.ts';
import { accept, reportOutcome } from '../../../workflows/messages.ts';
import { eventually } from '../../harness/eventually.ts';
import type { OfferRecord, ReferralCase } from './referral-case.ts';
import type { WorkflowHarness } from './workflow-harness.ts';

/** Three agents by their NPNs. */
export const [ana, ben, carla] = ['8412093', '17630225', '9954471'] as const;

/** Creates a referral that these agents can be asked for, in this order. */
export async function queuedReferral(
  harness: WorkflowHarness,
  candidates: readonly string[],
): Promise<ReferralCase> {
  return harness.referrals.create({ candidates, at: await harness.now() });
}

/** Starts a referral that is offered to the first of these agents. */
export async function offeredReferral(harness: WorkflowHarness, candidates: readonly string[]) {
  const about = await queuedReferral(harness, candidates);
  const handle = await harness.startReferral(about);
  return { about, handle, offer: await openOfferOf(harness, about, 1) };
}

/** Starts a referral that the first of these agents accepts. */
export async function acceptedReferral(harness: WorkflowHarness, candidates: readonly string[]) {
  const scenario = await offeredReferral(harness, candidates);
  const { offerId } = scenario.offer;
  const answer = await scenario.handle.executeUpdate(accept, { args: [{ offerId }] });
  return { ...scenario, ...answer };
}

/** Starts a referral whose first agent reaches the consumer. */
export async function contactedReferral(harness: WorkflowHarness, candidates: readonly string[]) {
  const scenario = await acceptedReferral(harness, candidates);
  const { offerId } = scenario.offer;
  await scenario.handle.executeUpdate(reportOutcome, { args: [{ offerId, outcome: 'contacted' }] });
  return scenario;
}

/**
 * Asks for an update, again while the run is busy with a change of its own, as the API does: after a first contact a new run
 * reads its offers before anything else.
 */
export async function onceNotBusy<T>(update: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await update();
    } catch (error) {
      if (refusalOf(error)?.type !== 'offer-busy') throw error;
      await sleep(20);
    }
  }
}

/** Reports an outcome, once the run is not busy. */
export function reportNext(
  handle: WorkflowHandle,
  report: { offerId: string } & ReportedOutcome,
): Promise<Pick<ReferralState, 'stage' | 'since'>> {
  return onceNotBusy(() => handle.executeUpdate(reportOutcome, { args: [report] }));
}

/** Waits for the offer with this number. */
export function offerNumbered(about: ReferralCase, number: number): Promise<OfferRecord> {
  return eventually(() => {
    const offer = about.offers[number - 1];
    if (!offer) throw new Error(`offer ${number} is not made`);
    return offer;
  });
}

/** Waits until the agent is being notified of the offer with this number and can answer. */
export async function openOfferOf(
  harness: WorkflowHarness,
  about: ReferralCase,
  number: number,
): Promise<OfferRecord> {
  const offer = await offerNumbered(about, number);
  await eventually(() => {
    const isNotified = harness.delivery.hasTried(about.workflowId, { kind: 'offer', to: offer.npn });
    if (!isNotified) throw new Error(`${offer.npn} is not notified of the offer`);
  });
  return offer;
}

/** Waits for the end of the offer. */
export function endOfOffer(offer: OfferRecord) {
  return eventually(() => {
    const { end, endedAt, endedBy, npn } = offer;
    if (end === undefined || endedAt === undefined) throw new Error(`the offer to ${npn} has not ended`);
    return { end, endedAt, endedBy };
  });
}
