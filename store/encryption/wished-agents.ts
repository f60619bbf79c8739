import type { Tx } from '../database/connection.ts';
import type { Keyring } from './keyring.ts';
import { openText, type ReferralKey, sealOptional, unwrapReferralKey } from './referral-keys.ts';

const cellOf = (referralId: string) =>
  ({ table: 'consumer_contacts', column: 'wished_agent', row: referralId }) as const;

/** Encrypts the NPN or the name of the agent whom a consumer asks for, if they gave one. */
export const sealWishedAgent = (key: ReferralKey, agent: string | null | undefined): Buffer | null =>
  sealOptional(key, agent, cellOf(key.referralId));

/**
 * Reads the NPN or the name of the agent whom the consumer of a referral asks for, as they gave it; undefined: they gave
 * none, or it is erased.
 */
export async function readWishedAgent(
  tx: Tx,
  keyring: Pick<Keyring, 'masterKeys'>,
  referralId: string,
): Promise<string | undefined> {
  const row = await tx
    .selectFrom('consumerContacts')
    .innerJoin('referralKeys', 'referralKeys.referralId', 'consumerContacts.referralId')
    .select(['wishedAgent', 'wrappedKey', 'masterKeyId'])
    .where('consumerContacts.referralId', '=', referralId)
    .executeTakeFirst();
  if (!row?.wishedAgent) return undefined;
  const { wishedAgent, ...stored } = row;
  return openText(unwrapReferralKey(keyring, { referralId, ...stored }), wishedAgent, cellOf(referralId));
}
