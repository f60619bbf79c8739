import type { Tx } from '../../database/connection.ts';
import { type DestroyedKey, destroyReferralKey } from '../../encryption/destroyed-keys.ts';

/**
 * Erases the consumer of a referral: destroys its key, which erases the contact, its changes, the agent whom they named and
 * what agents noted, and deletes these rows, the hashes and the codes, what ops wrote, and that they asked for an agent. What is left is the
 * request without a person. The caller has locked the referral's row.
 * @returns whether there was something to erase
 */
export async function eraseConsumer(tx: Tx, destroyed: DestroyedKey): Promise<boolean> {
  const { referralId } = destroyed;
  // everything that is encrypted under the key hangs on its row, and the hashes on the contact
  const wasThere = await destroyReferralKey(tx, destroyed);
  await tx.deleteFrom('contactCodes').where('referralId', '=', referralId).execute();
  await tx
    .updateTable('referrals')
    .set({ agentWish: null })
    .where('id', '=', referralId)
    .where('agentWish', 'is not', null)
    .execute();
  // what ops wrote when they handled a report can name the person
  await tx
    .updateTable('problemReports')
    .set({ handledReason: null })
    .where('referralId', '=', referralId)
    .where('handledReason', 'is not', null)
    .execute();
  return wasThere;
}
