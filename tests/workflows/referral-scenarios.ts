import { accept, reportOutcome } from '../../workflows/messages.ts';
import { eventually } from '../harness/eventually.ts';
import type { OfferRecord, ReferralCase } from './fake-referrals.ts';
import type { WorkflowHarness } from './workflow-harness.ts';

/** Three agents by their NPNs. */
export const [ana, ben, carla] = ['8412093', '17630225', '9954471'] as const;

/** A referral of a consumer in Texas; these agents can be asked for it. */
export async function queuedReferral(
  harness: WorkflowHarness,
  bench: readonly string[],
): Promise<ReferralCase> {
  return harness.referrals.create({ bench, at: await harness.now() });
}

/** A referral that is offered to the first of these agents. */
export async function offeredReferral(harness: WorkflowHarness, bench: readonly string[]) {
  const about = await queuedReferral(harness, bench);
  const handle = await harness.startReferral(about);
  return { about, handle, offer: await openOfferOf(harness, about, 1) };
}

/** A referral that the first of these agents has accepted. */
export async function acceptedReferral(harness: WorkflowHarness, bench: readonly string[]) {
  const story = await offeredReferral(harness, bench);
  const { offerId } = story.offer;
  const answer = await story.handle.executeUpdate(accept, { args: [{ offerId }] });
  return { ...story, ...answer };
}

/** A referral whose first agent has reached the consumer. */
export async function contactedReferral(harness: WorkflowHarness, bench: readonly string[]) {
  const story = await acceptedReferral(harness, bench);
  const { offerId } = story.offer;
  await story.handle.executeUpdate(reportOutcome, { args: [{ offerId, outcome: 'contacted' }] });
  return story;
}

/** The offer of this number, as soon as it is made. */
export function offerNumbered(about: ReferralCase, number: number): Promise<OfferRecord> {
  return eventually(() => {
    const offer = about.offers[number - 1];
    if (!offer) throw new Error(`offer ${number} is not made`);
    return offer;
  });
}

/** The offer of this number, as soon as its agent is being told of it and can answer. */
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

/** The offer, as soon as it has ended. */
export function endOfOffer(offer: OfferRecord) {
  return eventually(() => {
    const { end, endedAt, endedBy, npn } = offer;
    if (end === undefined || endedAt === undefined) throw new Error(`the offer to ${npn} has not ended`);
    return { end, endedAt, endedBy };
  });
}
