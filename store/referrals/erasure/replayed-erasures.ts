import type { Tx } from '../../database/connection.ts';
import { saveConsentRecord } from '../../encryption/consent-records.ts';
import type { DestroyedKey } from '../../encryption/destroyed-keys.ts';
import type { Keyring } from '../../encryption/keyring.ts';
import { readReferralKey } from '../../encryption/referral-keys.ts';
import { enqueue } from '../../outbox.ts';
import { rescindConsent } from '../consumer-actions.ts';
import { lockReferral } from '../referrals.ts';
import { eraseConsumer } from './erasure.ts';

/**
 * Erases again the consumer of a referral that a restored backup has brought back, as it was done before. A referral that is
 * open in the backup is withdrawn. Safe to repeat.
 * @returns whether there was something to erase
 */
export async function replayErasure(tx: Tx, keyring: Keyring, destroyed: DestroyedKey): Promise<boolean> {
  const { referralId, because, at } = destroyed;
  const referral = await lockReferral(tx, referralId);
  if (!referral || !(await readReferralKey(tx, keyring, referralId))) return false;
  if (because === 'rescinded') {
    await rescindConsent(tx, keyring, { referralId, at });
    return true;
  }
  if (because === 'ended') await saveConsentRecord(tx, keyring, { referralId, at });
  await eraseConsumer(tx, destroyed);
  // a request that nobody confirmed has no workflow, and is deleted by its own time
  if (!referral.closedAt && referral.stage !== 'unconfirmed')
    await enqueue(tx, { type: 'withdraw-referral', payload: { referralId } });
  return true;
}
