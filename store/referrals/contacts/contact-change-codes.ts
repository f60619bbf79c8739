import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { ContactChannel, PhoneChannel } from '../../../domain/notifications/contact.ts';
import type { Policy } from '../../../domain/policy.ts';
import type { ContactWay } from '../../../domain/referrals/contact-times.ts';
import type { CodeCheckResult } from '../../agents/phone-codes.ts';
import type { Tx } from '../../database/connection.ts';
import { openChangedAddresses, selectEncryptedChange } from '../../encryption/contact-changes.ts';
import type { Keyring } from '../../encryption/keyring.ts';
import { createNotice } from '../../notifications/notices.ts';
import { enqueue } from '../../outbox.ts';
import { contactCode, isTimingSafeEqual } from '../../tokens.ts';
import type { TextConsentVersion } from '../consents/text-consents.ts';
import type { ReferralRow } from '../referrals.ts';
import {
  type AlreadyOpen,
  type ContactKey,
  findOpenReferral,
  lockContacts,
  readContactKeys,
} from './contact-keys.ts';
import { replaceContact } from './replace-contact.ts';

/** A new phone or address that is not confirmed by its code yet. */
export interface PendingContactChange extends ContactKey {
  id: string;
  address: string;
  codeId: string;
  codeExpiresAt: Date;
  tries: number;
  waitingUntil: Date;
  phoneOver: PhoneChannel;
}

/** Reads the unconfirmed changes of a referral's contact, email first. */
export async function readPendingContactChanges(
  tx: Tx,
  keyring: Keyring,
  referralId: string,
): Promise<PendingContactChange[]> {
  const rows = await selectEncryptedChange(tx)
    .select(['channel', 'key', 'codeId', 'codeExpiresAt', 'tries', 'waitingUntil', 'phoneOver'])
    .where('contactChanges.referralId', '=', referralId)
    .where('madeAt', 'is', null)
    .orderBy('channel')
    .execute();
  return rows.map((row) => {
    const { id, channel, key, codeId, codeExpiresAt, tries, waitingUntil, phoneOver } = row;
    const { address } = openChangedAddresses(keyring, row);
    return { id, channel, address, key, codeId, codeExpiresAt, tries, waitingUntil, phoneOver };
  }) as PendingContactChange[];
}

/** Reads the channels over which the codes of new contacts were sent last. */
export async function readChangeCodeChannels(
  tx: Tx,
  referralId: string,
): Promise<('email' | PhoneChannel)[]> {
  const waiting = await tx
    .selectFrom('contactChanges')
    .select(['channel', 'phoneOver'])
    .where('referralId', '=', referralId)
    .where('madeAt', 'is', null)
    .orderBy('channel')
    .execute();
  return waiting.map(({ channel, phoneOver }) =>
    channel === 'email' ? channel : (phoneOver as PhoneChannel),
  );
}

/** Sends each new contact its code, to that contact alone. */
export async function sendChangeCodes(
  tx: Tx,
  about: { referralId: string; waiting: readonly PendingContactChange[]; at: Date },
): Promise<void> {
  const { referralId, waiting, at } = about;
  for (const { id, channel, codeId, codeExpiresAt, phoneOver } of waiting) {
    const notice = await createNotice(tx, {
      kind: 'contact-change-code',
      referralId,
      at,
      untilAt: codeExpiresAt,
      data: { contactChange: { id, codeId } },
      channels: [channel === 'text' ? phoneOver : channel],
      dedupeKey: `contact-change-code ${codeId} ${channel}`,
    });
    // sent through the outbox, since the workflow may sleep while the consumer waits
    await enqueue(tx, { type: 'send-notice', payload: notice });
  }
}

/**
 * Sends new codes; the earlier ones become void.
 * @param about `phoneOver`: channel of the phone's code; by default the one used before
 * @returns when they expire; undefined if no change waits for a code
 */
export async function renewChangeCodes(
  tx: Tx,
  keyring: Keyring,
  about: {
    referralId: string;
    phoneOver?: PhoneChannel;
    at: Date;
    policy: Pick<Policy, 'phoneCodeTtlMs'>;
  },
): Promise<Date | undefined> {
  const { referralId, phoneOver, at, policy } = about;
  const codeExpiresAt = new Date(at.getTime() + policy.phoneCodeTtlMs);
  const renewed = await tx
    .updateTable('contactChanges')
    .set({ codeId: randomUUID(), codeExpiresAt, tries: 0, ...(phoneOver ? { phoneOver } : {}) })
    .where('referralId', '=', referralId)
    .where('madeAt', 'is', null)
    .where('waitingUntil', '>', at)
    .returning('id')
    .execute();
  if (renewed.length === 0) return undefined;
  const ids = new Set(renewed.map(({ id }) => id));
  const waiting = (await readPendingContactChanges(tx, keyring, referralId)).filter(({ id }) => ids.has(id));
  await sendChangeCodes(tx, { referralId, waiting, at });
  return codeExpiresAt;
}

export type ChangeCodeAnswer =
  | { was: 'right' }
  | Exclude<CodeCheckResult, { was: 'right' }>
  /** The contact is confirmed, but has another open request; it can have only one. */
  | ({ was: 'open-already' } & AlreadyOpen);

interface ChangeCodeEntry {
  /** Locked by the caller. */
  referral: ReferralRow;
  code: string;
  at: Date;
  policy: Policy;
  linkSecret: string;
}

/**
 * Confirms a new phone or address by the code that was sent to it last, and replaces the old one. Wrong codes are counted; the
 * right code again gets the first answer.
 * @returns undefined if no change waits and the code belongs to none of the earlier changes
 */
export async function enterChangeCode(
  tx: Tx,
  keyring: Keyring,
  entered: ChangeCodeEntry,
): Promise<ChangeCodeAnswer | undefined> {
  const { referral, code, at, policy, linkSecret } = entered;
  const isCodeOf = ({ codeId, channel }: { codeId: string | null; channel: string }) =>
    codeId !== null &&
    isTimingSafeEqual(code, contactCode(linkSecret, { id: codeId, channel: channel as ContactChannel }));
  if ((await readEnteredCodes(tx, referral.id)).some(isCodeOf)) return { was: 'right' };
  const waiting = await readPendingContactChanges(tx, keyring, referral.id);
  if (waiting.length === 0) return undefined;
  if (referral.closedAt) return { was: 'over', at: referral.closedAt };
  const open = waiting.filter((one) => at < one.codeExpiresAt && one.tries < policy.phoneCodeTries);
  const right = open.find(isCodeOf);
  if (right) return applyConfirmedContact(tx, keyring, entered, right);
  const over = waiting.find(isCodeOf) ?? (open.length === 0 ? waiting[0] : undefined);
  if (over) return { was: 'over', at: at >= over.codeExpiresAt ? over.codeExpiresAt : null };
  await tx
    .updateTable('contactChanges')
    .set({ tries: sql`tries + 1` })
    .where('referralId', '=', referral.id)
    .where('madeAt', 'is', null)
    .execute();
  return {
    was: 'wrong',
    attemptsLeft: policy.phoneCodeTries - Math.min(...open.map(({ tries }) => tries)) - 1,
  };
}

/** Reads the codes by which earlier changes of a referral's contact were confirmed. */
function readEnteredCodes(tx: Tx, referralId: string) {
  return tx
    .selectFrom('contactChanges')
    .select(['codeId', 'channel'])
    .where('referralId', '=', referralId)
    .where('madeAt', 'is not', null)
    .execute();
}

async function applyConfirmedContact(
  tx: Tx,
  keyring: Keyring,
  { referral, at, policy }: ChangeCodeEntry,
  { id, channel, address, key }: PendingContactChange,
): Promise<ChangeCodeAnswer> {
  await lockContacts(tx, [{ channel, key }]);
  const others = await readContactKeys(tx, referral.id);
  const entered = [{ channel, key }, ...others.filter((one) => one.channel !== channel)];
  const open = await findOpenReferral(tx, { keys: [{ channel, key }], typed: entered, except: referral.id });
  if (open) return { was: 'open-already', alreadyOpen: open };
  const { contactBy, textConsent, fromIntake } = await tx
    .selectFrom('contactChanges')
    .select(['contactBy', 'textConsent', 'fromIntake'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const contact = { channel, address, key, changeId: id, way: contactBy as ContactWay, fromIntake };
  await replaceContact(tx, keyring, {
    referral,
    contacts: [contact],
    confirmedAt: at,
    textConsent: (textConsent ?? undefined) as TextConsentVersion | undefined,
    at,
    policy,
  });
  return { was: 'right' };
}
