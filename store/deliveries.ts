import { randomUUID } from 'node:crypto';
import type { Channel } from '../domain/contact.ts';
import { type NoticeKind, noticeKinds } from '../domain/notices.ts';
import type { OfferEnd } from '../domain/offer.ts';
import type { Need, Outcome } from '../domain/referral.ts';
import type { OnboardingStage } from '../domain/stages.ts';
import type { OnboardingCause } from '../domain/standing.ts';
import type { Tx } from './database.ts';

/** One notice over one channel. Its id is the attempt's id, the same for every try. */
export interface Delivery {
  id: string;
  status: 'pending' | 'sent' | 'delivered' | 'refused' | 'lapsed';
}

/** A notice with all that telling it takes. The consumer is read for notices to consumers alone. */
export interface StoredNotice {
  id: string;
  kind: NoticeKind;
  language: string;
  planYear: number | null;
  untilAt: Date | null;
  agent: Awaited<ReturnType<typeof readAgent>>;
  onboarding: { stage: OnboardingStage; causes: OnboardingCause[] } | undefined;
  invitation: Awaited<ReturnType<typeof readInvitation>>;
  offer: Awaited<ReturnType<typeof readOffer>>;
  referral: Awaited<ReturnType<typeof readReferral>>;
  consumer: Awaited<ReturnType<typeof readConsumer>>;
}

/** Reads a notice as it is to be told now; undefined where there is none. */
export async function readNotice(tx: Tx, noticeId: string): Promise<StoredNotice | undefined> {
  const row = await tx.selectFrom('notices').selectAll().where('id', '=', noticeId).executeTakeFirst();
  if (!row) return undefined;
  const { id, language, planYear, untilAt, npn, referralId } = row;
  const kind = row.kind as NoticeKind;
  return {
    id,
    kind,
    language,
    planYear,
    untilAt,
    agent: npn ? await readAgent(tx, npn) : undefined,
    onboarding: npn && planYear ? await readOnboarding(tx, npn, planYear) : undefined,
    invitation: row.invitationId ? await readInvitation(tx, row.invitationId) : undefined,
    offer: row.offerId ? await readOffer(tx, row.offerId) : undefined,
    referral: referralId ? await readReferral(tx, referralId) : undefined,
    consumer:
      referralId && noticeKinds[kind].to === 'consumer' ? await readConsumer(tx, referralId) : undefined,
  };
}

/** The delivery of a notice over a channel; a pending one is made where none was planned. */
export async function keepDelivery(
  tx: Tx,
  { noticeId, channel, at }: { noticeId: string; channel: Channel; at: Date },
): Promise<Delivery> {
  await tx
    .insertInto('deliveries')
    .values({ id: randomUUID(), noticeId, channel, status: 'pending', changedAt: at })
    .onConflict((conflict) => conflict.columns(['noticeId', 'channel']).doNothing())
    .execute();
  const row = await tx
    .selectFrom('deliveries')
    .select(['id', 'status'])
    .where('noticeId', '=', noticeId)
    .where('channel', '=', channel)
    .executeTakeFirstOrThrow();
  return row as Delivery;
}

/** How an attempt ended. */
export type DeliveryEnd =
  | { status: 'sent'; providerMessageId: string }
  | { status: 'refused'; code: string }
  | { status: 'lapsed' };

/**
 * Records an attempt's end and answers with the delivery's status from then on. What the provider has told by
 * webhook meanwhile stands: only a pending delivery changes its status.
 */
export async function recordDelivery(
  tx: Tx,
  { deliveryId, at, ...end }: DeliveryEnd & { deliveryId: string; at: Date },
): Promise<Delivery['status']> {
  if (end.status === 'sent') {
    const { providerMessageId } = end;
    await tx.updateTable('deliveries').set({ providerMessageId }).where('id', '=', deliveryId).execute();
  }
  await tx
    .updateTable('deliveries')
    .set({ status: end.status, code: end.status === 'refused' ? end.code : null, changedAt: at })
    .where('id', '=', deliveryId)
    .where('status', '=', 'pending')
    .execute();
  const row = await tx
    .selectFrom('deliveries')
    .select('status')
    .where('id', '=', deliveryId)
    .executeTakeFirstOrThrow();
  return row.status as Delivery['status'];
}

/** Ends a live invitation whose mail nobody will take; one that has ended keeps its end. */
export async function endInvitationAsUndeliverable(
  tx: Tx,
  { invitationId, at }: { invitationId: string; at: Date },
): Promise<void> {
  await tx
    .updateTable('invitations')
    .set({ endedAs: 'undeliverable', endedAt: at })
    .where('id', '=', invitationId)
    .where('endedAt', 'is', null)
    .execute();
}

/** The push subscriptions of an agent that are not known to be gone. */
export async function livePushSubscriptions(tx: Tx, npn: string) {
  return tx
    .selectFrom('pushSubscriptions')
    .select(['endpoint', 'p256dh', 'auth'])
    .where('npn', '=', npn)
    .where('goneAt', 'is', null)
    .orderBy('createdAt')
    .execute();
}

/** Marks push subscriptions that no push reaches any more. */
export async function markSubscriptionsGone(
  tx: Tx,
  { endpoints, at }: { endpoints: readonly string[]; at: Date },
): Promise<void> {
  if (endpoints.length === 0) return;
  await tx
    .updateTable('pushSubscriptions')
    .set({ goneAt: at })
    .where('endpoint', 'in', endpoints)
    .where('goneAt', 'is', null)
    .execute();
}

async function readAgent(tx: Tx, npn: string) {
  return tx
    .selectFrom('agents')
    .select(['npn', 'firstName', 'email', 'emailUndeliverableAt', 'phone', 'timeZone'])
    .select(['languages', 'statesWanted'])
    .where('npn', '=', npn)
    .executeTakeFirst();
}

async function readOnboarding(tx: Tx, npn: string, planYear: number) {
  const row = await tx
    .selectFrom('onboardings')
    .select(['stage', 'causes'])
    .where('npn', '=', npn)
    .where('planYear', '=', planYear)
    .executeTakeFirst();
  return row as { stage: OnboardingStage; causes: OnboardingCause[] } | undefined;
}

async function readInvitation(tx: Tx, id: string) {
  return tx
    .selectFrom('invitations')
    .select(['id', 'sentTo', 'issuedAt', 'expiresAt', 'endedAs'])
    .where('id', '=', id)
    .executeTakeFirst();
}

async function readOffer(tx: Tx, id: string) {
  const row = await tx
    .selectFrom('offers')
    .innerJoin('agents', 'agents.npn', 'offers.npn')
    .select(['id', 'number', 'shortCode', 'expiresAt', 'acceptedAt', 'contactDueAt', 'endedAt', 'endedAs'])
    .select(['offers.npn', 'firstName', 'lastName'])
    .select((offer) =>
      offer
        .exists(
          offer
            .selectFrom('offers as later')
            .select('later.id')
            .whereRef('later.referralId', '=', 'offers.referralId')
            .whereRef('later.number', '>', 'offers.number')
            .where('later.acceptedAt', 'is not', null),
        )
        .as('isFollowed'),
    )
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) return undefined;
  const { firstName, lastName, endedAs, isFollowed, ...offer } = row;
  return {
    ...offer,
    endedAs: endedAs as OfferEnd | null,
    agentName: `${firstName} ${lastName}`.trim(),
    /** Whether another agent has accepted the referral since. */
    isFollowed: Boolean(isFollowed),
  };
}

async function readReferral(tx: Tx, id: string) {
  const row = await tx
    .selectFrom('referrals')
    .select(['id', 'zip', 'city', 'state', 'timeZone', 'language', 'need', 'outcome', 'closedAt'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row && { ...row, need: row.need as Need, outcome: row.outcome as Outcome | null };
}

async function readConsumer(tx: Tx, referralId: string) {
  return tx
    .selectFrom('consumerContacts')
    .select(['name', 'email', 'phone'])
    .where('referralId', '=', referralId)
    .executeTakeFirst();
}
