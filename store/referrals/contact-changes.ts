import { randomUUID } from 'node:crypto';
import type { ContactChannel, PhoneChannel } from '../../domain/notifications/contact.ts';
import type { Policy } from '../../domain/policy.ts';
import { contactFields } from '../../domain/referrals/consumer-contact.ts';
import type { Tx } from '../database/connection.ts';
import { readConsumerContact } from '../notifications/reachability.ts';
import { isConsentRescinded } from './consumer-actions.ts';
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
import { lockReferral, recordReferralEvent } from './referrals.ts';
import { type NewContact, readContactWay, replaceContact } from './replace-contact.ts';
import { endTextConsent, saveTextConsent, type TextConsentVersion } from './text-consents.ts';

export interface Correction {
  referralId: string;
  contact: { phone?: string; email?: string };
  /** That we text to the phone that is given. */
  textConsent?: TextConsentVersion | undefined;
  /** Of what is given. */
  contactKeys: readonly ContactKey[];
  /** How a code reaches the phone that is given. */
  phoneOver?: PhoneChannel | undefined;
  at: Date;
  policy: Policy;
}

/** What became of it. `waiting`: for a code of its own, which has been sent; until it comes nothing has changed. */
export type CorrectionResult =
  /** The referral is over, or the consent to it was taken back. */
  | { was: 'over' }
  | { was: 'made' }
  | { was: 'waiting'; codeExpiresAt: Date }
  | ({ was: 'open-already' } & AlreadyOpen);

/**
 * Takes in how a consumer can be reached from now on. Where contact is confirmed, a new one waits for its own code, as it
 * does at intake: whoever has confirmed one mailbox cannot have an agent call anybody's number. A later one takes the
 * place of one that waits; what is given as it was is no change.
 */
export async function correctContact(tx: Tx, correction: Correction): Promise<CorrectionResult> {
  const { referralId, contact, textConsent, contactKeys, at, policy } = correction;
  const referral = await lockReferral(tx, referralId);
  if (!referral || referral.closedAt || (await isConsentRescinded(tx, referralId))) return { was: 'over' };
  if (referral.stage === 'unconfirmed') return correctUnconfirmed(tx, correction);
  // the row first, as where codes are entered, so that no two wait for one another
  await lockContacts(tx, contactKeys);
  const before = await readConsumerContact(tx, referralId);
  if (!before) return { was: 'over' };
  const given = contactKeys.flatMap(({ channel, key }): NewContact[] => {
    const address = contact[contactFields[channel]];
    return address === undefined ? [] : [{ channel, key, address }];
  });
  const isAsItWas = ({ channel, address }: NewContact) => before[contactFields[channel]] === address;
  const isProven = (one: NewContact) => isAsItWas(one) && before.confirmedChannels.includes(one.channel);
  const unproven = policy.confirmConsumerContact ? given.filter((one) => !isProven(one)) : [];
  if (unproven.length > 0) return requestConfirmation(tx, correction, { given, unproven });
  await deletePendingContactChanges(tx, { referralId, channels: given.map(({ channel }) => channel) });
  if (!policy.confirmConsumerContact) {
    const changed = given.filter((one) => !isAsItWas(one));
    const open = await findOpenReferral(tx, { keys: changed, except: referralId });
    if (open) return { was: 'open-already', alreadyOpen: open };
  }
  await replaceContact(tx, { referral, contacts: given, confirmedAt: null, textConsent, at, policy });
  return { was: 'made' };
}

/** Nobody was asked yet, and nobody confirmed: what is given takes the place of what was, and is sent codes in its stead. */
async function correctUnconfirmed(tx: Tx, correction: Correction): Promise<CorrectionResult> {
  const { referralId, contact, textConsent, contactKeys, phoneOver, at, policy } = correction;
  const before = await readConsumerContact(tx, referralId);
  const change = { ...contact, ...(contact.email ? { emailUndeliverableAt: null } : {}) };
  await tx.updateTable('consumerContacts').set(change).where('referralId', '=', referralId).execute();
  if (contact.phone && contact.phone !== before?.phone) await endTextConsent(tx, { referralId, at });
  if (textConsent) await saveTextConsent(tx, { referralId, textConsent, at });
  await saveContactKeys(tx, { referralId, keys: contactKeys, confirmedAt: null });
  // codes that were sent to what was there before confirm nothing of what is there now
  await sendContactCodes(tx, { referralId, phoneOver, at, policy });
  await recordReferralEvent(tx, referralId, { kind: 'contact-corrected', at, by: 'consumer', data: {} });
  return { was: 'made' };
}

/** One that waits already and can still be confirmed goes on waiting for the code that it has. */
async function requestConfirmation(
  tx: Tx,
  correction: Correction,
  { given, unproven }: { given: readonly NewContact[]; unproven: readonly NewContact[] },
): Promise<CorrectionResult> {
  const { referralId, textConsent, contact, at, policy } = correction;
  const isGoingOn = ({ channel, address, codeExpiresAt, tries }: PendingContactChange) =>
    at < codeExpiresAt &&
    tries < policy.phoneCodeTries &&
    unproven.some((one) => one.channel === channel && one.address === address);
  const goingOn = (await readPendingContactChanges(tx, referralId)).filter(isGoingOn);
  const isNew = ({ channel }: NewContact) => !goingOn.some((one) => one.channel === channel);
  const anew = unproven.filter(isNew);
  await deletePendingContactChanges(tx, {
    referralId,
    channels: given.filter(isNew).map(({ channel }) => channel),
  });
  // where the number stays, the consent to texts to it can be given now
  if (textConsent && contact.phone && !unproven.some(({ channel }) => channel === 'text'))
    await saveTextConsent(tx, { referralId, textConsent, at });
  const codeExpiresAt = new Date(at.getTime() + policy.phoneCodeTtlMs);
  if (anew.length > 0) await insertPendingContactChanges(tx, correction, { contacts: anew, codeExpiresAt });
  if (textConsent) await attachTextConsent(tx, { referralId, textConsent });
  const waiting = await readPendingContactChanges(tx, referralId);
  await sendChangeCodes(tx, { referralId, waiting: waiting.filter(isNew), at });
  return { was: 'waiting', codeExpiresAt: goingOn[0]?.codeExpiresAt ?? codeExpiresAt };
}

async function insertPendingContactChanges(
  tx: Tx,
  { referralId, phoneOver = 'text', at, policy }: Correction,
  { contacts, codeExpiresAt }: { contacts: readonly NewContact[]; codeExpiresAt: Date },
): Promise<void> {
  const waitingUntil = new Date(at.getTime() + policy.unconfirmedTtlMs);
  const contactBy = await readContactWay(tx, referralId);
  const all = { referralId, askedAt: at, contactBy, phoneOver, waitingUntil, codeExpiresAt };
  const codeId = randomUUID();
  await tx
    .insertInto('contactChanges')
    .values(contacts.map((contact) => ({ ...contact, ...all, id: randomUUID(), codeId })))
    .execute();
}

/** A consent to texts to a phone that is not confirmed yet is given when it is. */
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

/** What waited and was never confirmed is nobody's yet: nothing is left of it. */
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
