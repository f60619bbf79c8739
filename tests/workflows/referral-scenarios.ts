import { accept, reportOutcome } from '../../workflows/messages.ts';
import { eventually } from '../harness/eventually.ts';
import type { OfferRecord, ReferralCase } from './fake-referrals.ts';
import type { WorkflowHarness } from './workflow-harness.ts';

/** Three agents by their NPNs. */
export const [ana, ben, carla] = ['8412093', '17630225', '9954471'] as const;

/** Creates a referral that these agents can be asked for, in this order. */
export async function queuedReferral(
  harness: WorkflowHarness,
  bench: readonly string[],
): Promise<ReferralCase> {
  return harness.referrals.create({ bench, at: await harness.now() });
}

/** Starts a referral that is offered to the first of these agents. */
export async function offeredReferral(harness: WorkflowHarness, bench: readonly string[]) {
  const about = await queuedReferral(harness, bench);
  const handle = await harness.startReferral(about);
  return { about, handle, offer: await openOfferOf(harness, about, 1) };
}

/** Starts a referral that the first of these agents accepts. */
export async function acceptedReferral(harness: WorkflowHarness, bench: readonly string[]) {
  const story = await offeredReferral(harness, bench);
  const { offerId } = story.offer;
  const answer = await story.handle.executeUpdate(accept, { args: [{ offerId }] });
  return { ...story, ...answer };
}

/** Starts a referral whose first agent reaches the consumer. */
export async function contactedReferral(harness: WorkflowHarness, bench: readonly string[]) {
  const story = await acceptedReferral(harness, bench);
  const { offerId } = story.offer;
  await story.handle.executeUpdate(reportOutcome, { args: [{ offerId, outcome: 'contacted' }] });
  return story;
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
    const told = harness.delivery.hasTried(about.workflowId, { kind: 'offer', to: offer.npn });
    if (!told) throw new Error(`${offer.npn} is not told of the offer`);
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
