import { randomUUID } from 'node:crypto';
import type { ContactChannel } from '../../../domain/notifications/contact.ts';
import type { Policy } from '../../../domain/policy.ts';
import {
  type ConsumerContact,
  channelOfWay,
  contactFields,
} from '../../../domain/referrals/consumer-contact.ts';
import type { ContactWay } from '../../../domain/referrals/contact-times.ts';
import type { Tx } from '../../database/connection.ts';
import { sealAddressBefore, sealNewAddress } from '../../encryption/contact-changes.ts';
import { sealAddress } from '../../encryption/contacts.ts';
import type { Keyring } from '../../encryption/keyring.ts';
import { type ReferralKey, readReferralKey } from '../../encryption/referral-keys.ts';
import { readConsumerContact } from '../../notifications/reachability.ts';
import { enqueue } from '../../outbox.ts';
import { endTextConsent, saveTextConsent, type TextConsentVersion } from '../consents/text-consents.ts';
import { matchingWindow } from '../referral-queue.ts';
import { type ReferralRow, recordReferralEvent } from '../referrals.ts';
import { changeNoticeChannel, notifyContactChange } from './contact-change-notices.ts';
import { type ContactKey, saveContactKeys } from './contact-keys.ts';

/** A new phone (E.164) or address. */
export interface NewContact extends ContactKey {
  address: string;
  /** Its row of `contact_changes`, if it waited for a code. */
  changeId?: string;
  /** Contact preference at the time of the correction, if it may have changed since. */
  way?: ContactWay;
  /** Whether it is the other contact of the intake, so that no notice of a change is needed. */
  fromIntake?: boolean;
}

interface ContactReplacement {
  referral: ReferralRow;
  contacts: readonly NewContact[];
  /** When their codes were entered; null where confirmation is not required. */
  confirmedAt: Date | null;
  textConsent?: TextConsentVersion | undefined;
  at: Date;
  policy: Policy;
}

/**
 * Replaces contacts in the transaction that has locked the referral: from now on notices go to the new ones and the agent sees
 * them. The old contact stays on record and gets a notice. A contact that an agent reported as wrong belongs to another person
 * and is removed even without a new one. The consent to texts ends with its number. A referral that waits because its contact
 * was wrong gets a new time budget and is woken.
 */
export async function replaceContact(tx: Tx, keyring: Keyring, replacing: ContactReplacement): Promise<void> {
  const { referral, contacts, confirmedAt, textConsent, at, policy } = replacing;
  const referralId = referral.id;
  const before = await readConsumerContact(tx, keyring, referralId);
  const key = await readReferralKey(tx, keyring, referralId);
  if (!before || !key) return;
  const phone = contacts.find(({ channel }) => channel === 'text');
  const dropped = contacts.some(({ channel }) => channel === before.wrongChannel)
    ? undefined
    : before.wrongChannel;
  if (dropped === 'text' || (phone && phone.address !== before.phone))
    await endTextConsent(tx, { referralId, at });
  if (textConsent) await saveTextConsent(tx, { referralId, textConsent, at });
  const changed = contacts.filter(({ channel, address }) => address !== before[contactFields[channel]]);
  await tx
    .updateTable('consumerContacts')
    .set({
      ...Object.fromEntries(
        contacts.map(({ channel, address }) => {
          const field = contactFields[channel];
          return [field, sealAddress(key, field, address)];
        }),
      ),
      ...(contacts.some(({ channel }) => channel === 'email') ? { emailUndeliverableAt: null } : {}),
      ...(dropped ? { [contactFields[dropped]]: null } : {}),
    })
    .where('referralId', '=', referralId)
    .execute();
  if (dropped) await dropChannel(tx, key, { dropped, before, at });
  await saveContactKeys(tx, { referralId, keys: contacts, confirmedAt });
  for (const contact of contacts) await restoreContactWay(tx, referralId, contact);
  if (changed.length > 0 || before.wrongChannel) {
    const isConfirmation = changed.length > 0 && changed.every(({ fromIntake }) => fromIntake);
    const kind = isConfirmation ? 'contact-confirmed' : 'contact-corrected';
    await recordReferralEvent(tx, referralId, { kind, at, by: 'consumer', data: {} });
  }
  for (const contact of changed) {
    const changeId = await recordChange(tx, key, { contact, before, at });
    const isUnchanged = (channel: ContactChannel) => !changed.some((one) => one.channel === channel);
    const over = changeNoticeChannel(before, {
      ...contact,
      isUnchanged,
      mustBeConfirmed: policy.confirmConsumerContact,
    });
    if (over && !contact.fromIntake) await notifyContactChange(tx, { referralId, changeId, over, at });
  }
  if (!referral.contactWrongAt) return;
  await tx
    .updateTable('referrals')
    .set({ contactWrongAt: null, ...matchingWindow(at, referral.timeZone, policy) })
    .where('id', '=', referralId)
    .execute();
  await enqueue(tx, { type: 'wake-referral', payload: { referralId } });
}

/** Records the old and the new contact. @returns the id of the change */
async function recordChange(
  tx: Tx,
  key: ReferralKey,
  about: { contact: NewContact; before: ConsumerContact; at: Date },
): Promise<string> {
  const { referralId } = key;
  const { contact, before, at } = about;
  const { channel, changeId } = contact;
  const id = changeId ?? randomUUID();
  const addressBefore = sealAddressBefore(key, id, before[contactFields[channel]]);
  if (changeId !== undefined) {
    await tx
      .updateTable('contactChanges')
      .set({ madeAt: at, addressBefore })
      .where('id', '=', changeId)
      .execute();
    return changeId;
  }
  const address = sealNewAddress(key, id, contact.address);
  const made = { id, referralId, channel, address, addressBefore, key: contact.key, askedAt: at, madeAt: at };
  await tx
    .insertInto('contactChanges')
    .values({ ...made, contactBy: await readContactWay(tx, referralId) })
    .execute();
  return id;
}

/** Reads the consumer's current contact preference. */
export async function readContactWay(tx: Tx, referralId: string): Promise<ContactWay> {
  const { contactBy } = await tx
    .selectFrom('referrals')
    .select('contactBy')
    .where('id', '=', referralId)
    .executeTakeFirstOrThrow();
  return contactBy as ContactWay;
}

/** Restores the contact preference that was changed while its contact was wrong or unconfirmed. */
async function restoreContactWay(tx: Tx, referralId: string, { channel, way }: NewContact): Promise<void> {
  if (way === undefined || channelOfWay(way) !== channel) return;
  await tx.updateTable('referrals').set({ contactBy: way }).where('id', '=', referralId).execute();
}

/** Removes a wrong contact: its key, and the preference for it, which falls to the other channel. */
async function dropChannel(
  tx: Tx,
  key: ReferralKey,
  about: { dropped: ContactChannel; before: ConsumerContact; at: Date },
): Promise<void> {
  const { referralId } = key;
  const { dropped, before, at } = about;
  await tx
    .deleteFrom('contactKeys')
    .where('referralId', '=', referralId)
    .where('channel', '=', dropped)
    .execute();
  const id = randomUUID();
  const addressBefore = sealAddressBefore(key, id, before[contactFields[dropped]]);
  const row = { id, referralId, channel: dropped, addressBefore, askedAt: at, madeAt: at };
  if (addressBefore !== null)
    await tx
      .insertInto('contactChanges')
      .values({ ...row, contactBy: await readContactWay(tx, referralId) })
      .execute();
  const contactBy: ContactWay = dropped === 'text' ? 'email' : 'call';
  await tx.updateTable('referrals').set({ contactBy }).where('id', '=', referralId).execute();
}
