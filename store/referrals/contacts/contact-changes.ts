import { randomUUID } from 'node:crypto';
import type { ContactChannel, PhoneChannel } from '../../../domain/notifications/contact.ts';
import type { Policy } from '../../../domain/policy.ts';
import { contactFields } from '../../../domain/referrals/consumer-contact.ts';
import type { Tx } from '../../database/connection.ts';
import { sealNewAddress } from '../../encryption/contact-changes.ts';
import { sealAddress } from '../../encryption/contacts.ts';
import type { Keyring } from '../../encryption/keyring.ts';
import { readReferralKey } from '../../encryption/referral-keys.ts';
import { readConsumerContact } from '../../notifications/reachability.ts';
import { endTextConsent, saveTextConsent, type TextConsentVersion } from '../consents/text-consents.ts';
import { isConsentRescinded } from '../consumer-actions.ts';
import { lockReferral, recordReferralEvent } from '../referrals.ts';
import {
  type PendingContactChange,
  readPendingContactChanges,
  sendChangeCodes,
} from './contact-change-codes.ts';
import { sendContactCodes } from './contact-codes.ts';
import {
  type AlreadyOpen,
  type ContactKey,
  findOpenReferral,
  lockContacts,
  saveContactKeys,
} from './contact-keys.ts';
import { type NewContact, readContactWay, replaceContact } from './replace-contact.ts';

/** A consumer's correction of their contact. */
export interface Correction {
  referralId: string;
  contact: { phone?: string; email?: string };
  /** Consent to texts to the new phone. */
  textConsent?: TextConsentVersion | undefined;
  /** Keys of the new contact. */
  contactKeys: readonly ContactKey[];
  /** Channel of the code to the new phone. */
  phoneOver?: PhoneChannel | undefined;
  at: Date;
  policy: Policy;
}

/** Result of a correction. `waiting`: a code was sent to the new contact; until it is entered, nothing changes. */
export type CorrectionResult =
  /** The referral is closed, or its consent was rescinded. */
  | { was: 'over' }
  | { was: 'made' }
  | { was: 'waiting'; codeExpiresAt: Date }
  | ({ was: 'open-already' } & AlreadyOpen);

/**
 * Corrects a consumer's contact. Where confirmation is required, a new contact waits for its own code, as at intake: a person
 * who has confirmed a mailbox must not be able to have an agent call any number. A later correction replaces a waiting one;
 * an unchanged value is no change.
 */
export async function correctContact(
  tx: Tx,
  keyring: Keyring,
  correction: Correction,
): Promise<CorrectionResult> {
  const { referralId, contact, textConsent, contactKeys, at, policy } = correction;
  const referral = await lockReferral(tx, referralId);
  if (!referral || referral.closedAt || (await isConsentRescinded(tx, referralId))) return { was: 'over' };
  if (referral.stage === 'unconfirmed') return correctUnconfirmed(tx, keyring, correction);
  // the referral is locked before the contacts, as when codes are entered, to avoid deadlocks
  await lockContacts(tx, contactKeys);
  const before = await readConsumerContact(tx, keyring, referralId);
  if (!before) return { was: 'over' };
  const given = contactKeys.flatMap(({ channel, key }): NewContact[] => {
    const address = contact[contactFields[channel]];
    return address === undefined ? [] : [{ channel, key, address }];
  });
  const isUnchanged = ({ channel, address }: NewContact) => before[contactFields[channel]] === address;
  const isProven = (one: NewContact) => isUnchanged(one) && before.confirmedChannels.includes(one.channel);
  const unproven = policy.confirmConsumerContact ? given.filter((one) => !isProven(one)) : [];
  if (unproven.length > 0) return requestConfirmation(tx, keyring, correction, { given, unproven });
  await deletePendingContactChanges(tx, { referralId, channels: given.map(({ channel }) => channel) });
  if (!policy.confirmConsumerContact) {
    const changed = given.filter((one) => !isUnchanged(one));
    const open = await findOpenReferral(tx, { keys: changed, except: referralId });
    if (open) return { was: 'open-already', alreadyOpen: open };
  }
  await replaceContact(tx, keyring, {
    referral,
    contacts: given,
    confirmedAt: null,
    textConsent,
    at,
    policy,
  });
  return { was: 'made' };
}

/** Replaces the contact of an unconfirmed request, which no agent was asked for yet, and sends new codes. */
async function correctUnconfirmed(
  tx: Tx,
  keyring: Keyring,
  correction: Correction,
): Promise<CorrectionResult> {
  const { referralId, contact, textConsent, contactKeys, phoneOver, at, policy } = correction;
  const before = await readConsumerContact(tx, keyring, referralId);
  const key = await readReferralKey(tx, keyring, referralId);
  if (!key) return { was: 'over' };
  const change = {
    ...(contact.phone ? { phone: sealAddress(key, 'phone', contact.phone) } : {}),
    ...(contact.email ? { email: sealAddress(key, 'email', contact.email), emailUndeliverableAt: null } : {}),
  };
  await tx.updateTable('consumerContacts').set(change).where('referralId', '=', referralId).execute();
  if (contact.phone && contact.phone !== before?.phone) await endTextConsent(tx, { referralId, at });
  if (textConsent) await saveTextConsent(tx, { referralId, textConsent, at });
  await saveContactKeys(tx, { referralId, keys: contactKeys, confirmedAt: null });
  // codes that were sent to the old contact do not confirm the new one
  await sendContactCodes(tx, { referralId, phoneOver, at, policy });
  await recordReferralEvent(tx, referralId, { kind: 'contact-corrected', at, by: 'consumer', data: {} });
  return { was: 'made' };
}

/** Has new contacts wait for their codes. One that waits already keeps its code while that can still be entered. */
async function requestConfirmation(
  tx: Tx,
  keyring: Keyring,
  correction: Correction,
  { given, unproven }: { given: readonly NewContact[]; unproven: readonly NewContact[] },
): Promise<CorrectionResult> {
  const { referralId, textConsent, contact, at, policy } = correction;
  const isStillWaiting = ({ channel, address, codeExpiresAt, tries }: PendingContactChange) =>
    at < codeExpiresAt &&
    tries < policy.phoneCodeTries &&
    unproven.some((one) => one.channel === channel && one.address === address);
  const stillWaiting = (await readPendingContactChanges(tx, keyring, referralId)).filter(isStillWaiting);
  const isNew = ({ channel }: NewContact) => !stillWaiting.some((one) => one.channel === channel);
  const added = unproven.filter(isNew);
  await deletePendingContactChanges(tx, {
    referralId,
    channels: given.filter(isNew).map(({ channel }) => channel),
  });
  // if the number stays, the consent to texts takes effect now
  if (textConsent && contact.phone && !unproven.some(({ channel }) => channel === 'text'))
    await saveTextConsent(tx, { referralId, textConsent, at });
  const codeExpiresAt = new Date(at.getTime() + policy.phoneCodeTtlMs);
  if (added.length > 0)
    await insertPendingContactChanges(tx, keyring, correction, { contacts: added, codeExpiresAt });
  if (textConsent) await attachTextConsent(tx, { referralId, textConsent });
  const waiting = await readPendingContactChanges(tx, keyring, referralId);
  await sendChangeCodes(tx, { referralId, waiting: waiting.filter(isNew), at });
  return { was: 'waiting', codeExpiresAt: stillWaiting[0]?.codeExpiresAt ?? codeExpiresAt };
}

async function insertPendingContactChanges(
  tx: Tx,
  keyring: Keyring,
  { referralId, phoneOver = 'text', at, policy }: Correction,
  { contacts, codeExpiresAt }: { contacts: readonly NewContact[]; codeExpiresAt: Date },
): Promise<void> {
  const waitingUntil = new Date(at.getTime() + policy.unconfirmedTtlMs);
  const key = await readReferralKey(tx, keyring, referralId);
  if (!key) return;
  const contactBy = await readContactWay(tx, referralId);
  const all = { referralId, askedAt: at, contactBy, phoneOver, waitingUntil, codeExpiresAt };
  const codeId = randomUUID();
  await tx
    .insertInto('contactChanges')
    .values(
      contacts.map((contact) => {
        const id = randomUUID();
        return { ...contact, ...all, id, codeId, address: sealNewAddress(key, id, contact.address) };
      }),
    )
    .execute();
}

/** Attaches a consent to texts to the waiting phone; it takes effect once the phone is confirmed. */
async function attachTextConsent(
  tx: Tx,
  { referralId, textConsent }: { referralId: string; textConsent: TextConsentVersion },
): Promise<void> {
  await tx
    .updateTable('contactChanges')
    .set({ textConsent: JSON.stringify(textConsent) })
    .where('referralId', '=', referralId)
    .where('channel', '=', 'text')
    .where('madeAt', 'is', null)
    .execute();
}

/** Deletes changes that were never confirmed. */
async function deletePendingContactChanges(
  tx: Tx,
  { referralId, channels }: { referralId: string; channels: readonly ContactChannel[] },
): Promise<void> {
  if (channels.length === 0) return;
  await tx
    .deleteFrom('contactChanges')
    .where('referralId', '=', referralId)
    .where('channel', 'in', channels)
    .where('madeAt', 'is', null)
    .execute();
}
