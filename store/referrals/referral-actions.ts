import { randomUUID } from 'node:crypto';
import type { ReferralAction } from '../../domain/ops/ops-actions.ts';
import { isRepeatedCommand } from '../../domain/repeated-commands.ts';
import type { Tx } from '../database/connection.ts';
import type { Keyring } from '../encryption/keyring.ts';
import { type ReferralKey, readReferralKey } from '../encryption/referral-keys.ts';
import { readReferralReason, saveReferralReason } from '../encryption/referral-reasons.ts';
import { enqueue } from '../outbox.ts';
import { endUnconfirmed } from './erasure/unconfirmed-requests.ts';
import { openOffers } from './offers/offers.ts';
import { lockReferral, type ReferralRow, recordReferralEvent } from './referrals.ts';

export interface ReferralActionRequest {
  referralId: string;
  action: ReferralAction;
  /** Free text; stored encrypted under the key of the referral, and nowhere else. */
  reason: string;
  accountId: string;
  at: Date;
}

/** An action on record. */
export interface AppliedReferralAction {
  id: string;
  action: ReferralAction;
  at: Date;
}

const eventOf = {
  recall: 'recalled-by-ops',
  close: 'closing-by-ops',
  note: 'noted',
  'read-contact': 'contact-read-by-ops',
} as const;

/** Actions that change nothing about the referral, and are possible also once it has ended. */
const remarks: ReadonlySet<ReferralAction> = new Set(['note', 'read-contact']);

/**
 * Records an action in the caller's transaction, with an event and the message that has the workflow carry it out. `recall`
 * takes the referral from the agent who has it or from all who were asked, and the next agent is asked; `close` ends it; the others
 * change nothing. A repeat while the
 * action is in effect changes nothing and returns the first result.
 * @returns undefined if there is no such referral; `over`: it has ended; `nobody`: no agent has it or was asked; `erased`: nothing
 * more is written about its consumer
 */
export async function applyReferralAction(
  tx: Tx,
  keyring: Pick<Keyring, 'masterKeys'>,
  request: ReferralActionRequest,
): Promise<AppliedReferralAction | { obstacle: 'over' | 'nobody' | 'erased' } | undefined> {
  const { referralId, action, reason, accountId, at } = request;
  const referral = await lockReferral(tx, referralId);
  if (!referral) return undefined;
  const recalled = action === 'recall' ? await openOffers(tx, referralId) : [];
  const key = await readReferralKey(tx, keyring, referralId);
  const previous = await findRepeatedAction(tx, key, request, recalled.at(-1)?.offeredAt);
  if (previous) return previous;
  if (!remarks.has(action) && referral.closedAt) return { obstacle: 'over' };
  if (action === 'recall' && recalled.length === 0) return { obstacle: 'nobody' };
  if (!key) return { obstacle: 'erased' };

  const applied = { id: randomUUID(), action, at };
  await tx
    .insertInto('opsActions')
    .values({ ...applied, referralId, accountId })
    .execute();
  await saveReferralReason(tx, key, { actionId: applied.id, reason });
  await recordReferralEvent(tx, referralId, {
    kind: eventOf[action],
    at,
    by: 'ops',
    data: { actionId: applied.id },
  });
  const rescinding = recalled.map(({ id }) => ({ referralId, offerId: id }));
  await enqueue(tx, ...rescinding.map((payload) => ({ type: 'rescind-offer' as const, payload })));
  if (action === 'close') await close(tx, referral, at);
  return applied;
}

/** Finds the action that this one repeats: a recall since the last offer was made, a close, or the same note or reason by the same account within minutes. */
async function findRepeatedAction(
  tx: Tx,
  key: ReferralKey | undefined,
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
  if (remarks.has(action)) query = query.where('accountId', '=', accountId);
  const row = await query.orderBy('at', 'desc').executeTakeFirst();
  // the same words may be used again another day
  if (remarks.has(action) && !isRepeatedCommand(row?.at, at)) return undefined;
  if (row && remarks.has(action) && (!key || (await readReferralReason(tx, key, row.id)) !== reason))
    return undefined;
  return row && { ...row, action };
}

/** Closes a referral: through its workflow, or in its row if it is unconfirmed and has no workflow yet. */
async function close(tx: Tx, referral: ReferralRow, at: Date): Promise<void> {
  if (referral.stage === 'unconfirmed') await endUnconfirmed(tx, referral, { stage: 'closed', at });
  else await enqueue(tx, { type: 'close-referral', payload: { referralId: referral.id } });
}
