import { randomUUID } from 'node:crypto';
import type { ContactChannel, PhoneChannel } from '../../../domain/notifications/contact.ts';
import type { Policy } from '../../../domain/policy.ts';
import { channelOfWay, contactFields } from '../../../domain/referrals/consumer-contact.ts';
import type { Tx } from '../../database/connection.ts';
import { sealNewAddress } from '../../encryption/contact-changes.ts';
import type { Keyring } from '../../encryption/keyring.ts';
import { readReferralKey } from '../../encryption/referral-keys.ts';
import { readConsumerContact } from '../../notifications/reachability.ts';
import { currentTextConsent, endTextConsent } from '../consents/text-consents.ts';
import type { ContactKey } from './contact-keys.ts';
import { readContactWay } from './replace-contact.ts';

interface UnconfirmedContacts {
  referralId: string;
  /** The other contacts of the intake, besides the confirmed one. */
  contacts: readonly ContactKey[];
  /** The codes that were sent at intake: each contact's own code stays valid. */
  codes: { id: string; expiresAt: Date; tries: number; phoneOver: PhoneChannel };
  at: Date;
  policy: Pick<Policy, 'unconfirmedTtlMs'>;
}

/**
 * Sets aside the contacts of an intake other than the one whose code started the request. They may belong to another person, so
 * they are not used and no agent sees them before their own code is entered (`enterChangeCode`). Until then the consumer is
 * reached over the confirmed contact, and the consent to texts waits with its number.
 */
export async function setAsideUnconfirmedContacts(
  tx: Tx,
  keyring: Keyring,
  unconfirmed: UnconfirmedContacts,
): Promise<void> {
  const { referralId, contacts, codes, at, policy } = unconfirmed;
  const before = await readConsumerContact(tx, keyring, referralId);
  const referralKey = await readReferralKey(tx, keyring, referralId);
  for (const { channel, key } of contacts) {
    const field = contactFields[channel];
    if (!before?.[field] || !referralKey) continue;
    const id = randomUUID();
    const address = sealNewAddress(referralKey, id, before[field]);
    const way = await readContactWay(tx, referralId);
    const textConsent = channel === 'text' ? await currentTextConsent(tx, referralId) : undefined;
    const { id: codeId, expiresAt: codeExpiresAt, tries, phoneOver } = codes;
    const waitingUntil = new Date(at.getTime() + policy.unconfirmedTtlMs);
    const row = { id, referralId, channel, address, key, askedAt: at, contactBy: way };
    await tx
      .insertInto('contactChanges')
      .values({
        ...row,
        codeId,
        codeExpiresAt,
        tries,
        phoneOver,
        waitingUntil,
        fromIntake: true,
        textConsent: textConsent ? JSON.stringify(textConsent) : null,
      })
      .execute();
    if (textConsent) await endTextConsent(tx, { referralId, at });
    await tx
      .updateTable('consumerContacts')
      .set({ [field]: null })
      .where('referralId', '=', referralId)
      .execute();
    if (channelOfWay(way) !== channel) continue;
    const contactBy = channel === 'text' ? 'email' : 'call';
    await tx.updateTable('referrals').set({ contactBy }).where('id', '=', referralId).execute();
  }
}

/** Returns whether a contact of the intake still waits for its code. */
export async function isIntakeContactUnconfirmed(
  tx: Tx,
  { referralId, channel }: { referralId: string; channel: ContactChannel },
): Promise<boolean> {
  const row = await tx
    .selectFrom('contactChanges')
    .select('id')
    .where('referralId', '=', referralId)
    .where('channel', '=', channel)
    .where('fromIntake', '=', true)
    .where('madeAt', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}
