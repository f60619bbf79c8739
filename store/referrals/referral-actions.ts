import { randomUUID } from 'node:crypto';
import { isRepeatedCommand } from '../../domain/repeated-commands.ts';
import type { Tx } from '../database/connection.ts';
import { enqueue } from '../outbox.ts';
import { openOffer } from './offers.ts';
import { lockReferral, type ReferralRow, recordReferralEvent } from './referrals.ts';
import { endUnconfirmed } from './unconfirmed-requests.ts';

/** What ops can do about a referral. */
export type ReferralAction = 'recall' | 'close' | 'note';

export interface ReferralActionRequest {
  referralId: string;
  action: ReferralAction;
  /** In ops' own words; kept in the act's row and nowhere else. */
  reason: string;
  accountId: string;
  at: Date;
}

/** An act as it stands on record. */
export interface AppliedReferralAction {
  id: string;
  action: ReferralAction;
  at: Date;
}

const eventOf = { recall: 'recalled-by-ops', close: 'closing-by-ops', note: 'noted' } as const;

/**
 * Puts an act on record in the caller's transaction, with an event and what makes the story do it: `recall` takes the
 * referral from the agent who has it or was asked, and the next one is asked; `close` ends it. The same again while it
 * stands changes nothing and answers as the first time.
 * Undefined: there is no such referral. `over`: it has ended; `nobody`: no agent has it or was asked.
 */
export async function applyReferralAction(
  tx: Tx,
  wish: ReferralActionRequest,
): Promise<AppliedReferralAction | { obstacle: 'over' | 'nobody' } | undefined> {
  const { referralId, action, reason, accountId, at } = wish;
  const referral = await lockReferral(tx, referralId);
  if (!referral) return undefined;
  const offer = action === 'recall' ? await openOffer(tx, referralId) : undefined;
  const before = await findRepeatedAction(tx, wish, offer?.offeredAt);
  if (before) return before;
  if (action !== 'note' && referral.closedAt) return { obstacle: 'over' };
  if (action === 'recall' && !offer) return { obstacle: 'nobody' };

  const done = { id: randomUUID(), action, at };
  await tx
    .insertInto('opsActions')
    .values({ ...done, referralId, reason, accountId })
    .execute();
  await recordReferralEvent(tx, referralId, {
    kind: eventOf[action],
    at,
    by: 'ops',
    data: { actId: done.id },
  });
  if (offer) await enqueue(tx, { type: 'rescind-offer', payload: { referralId, offerId: offer.id } });
  if (action === 'close') await close(tx, referral, at);
  return done;
}

/** The act that this one repeats: a recall of the same offer, an end, the same note by the same person within minutes. */
async function findRepeatedAction(
  tx: Tx,
  { referralId, action, reason, accountId, at }: ReferralActionRequest,
  offeredAt: Date | undefined,
): Promise<AppliedReferralAction | undefined> {
  let query = tx
    .selectFrom('opsActions')
    .select(['id', 'at'])
    .where('referralId', '=', referralId)
    .where('action', '=', action);
  if (action === 'recall') {
    if (!offeredAt) return undefined;
    query = query.where('at', '>=', offeredAt);
  }
  if (action === 'note') query = query.where('reason', '=', reason).where('accountId', '=', accountId);
  const row = await query.orderBy('at', 'desc').executeTakeFirst();
  // the same words may be noted again another day
  if (action === 'note' && !isRepeatedCommand(row?.at, at)) return undefined;
  return row && { ...row, action };
}

/** A story ends itself; before there is one, the row is all there is. */
async function close(tx: Tx, referral: ReferralRow, at: Date): Promise<void> {
  if (referral.stage === 'unconfirmed') await endUnconfirmed(tx, referral, { stage: 'closed', at });
  else await enqueue(tx, { type: 'close-referral', payload: { referralId: referral.id } });
}
