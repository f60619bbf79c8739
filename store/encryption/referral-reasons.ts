import type { Tx } from '../database/connection.ts';
import { openText, type ReferralKey, sealText } from './referral-keys.ts';

const cellOf = (actionId: string) => ({ table: 'referral_reasons', column: 'text', row: actionId }) as const;

/** Saves what ops wrote with an action about a referral. */
export async function saveReferralReason(
  tx: Tx,
  key: ReferralKey,
  { actionId, reason }: { actionId: string; reason: string },
): Promise<void> {
  const { referralId } = key;
  await tx
    .insertInto('referralReasons')
    .values({ actionId, referralId, text: sealText(key, reason, cellOf(actionId)) })
    .execute();
}

/** Reads what ops wrote with an action about a referral; undefined once it is erased. */
export async function readReferralReason(
  tx: Tx,
  key: ReferralKey,
  actionId: string,
): Promise<string | undefined> {
  const row = await tx
    .selectFrom('referralReasons')
    .select('text')
    .where('actionId', '=', actionId)
    .executeTakeFirst();
  return row && openText(key, row.text, cellOf(actionId));
}
