import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { PhoneChannel } from '../../domain/notifications/contact.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Tx } from '../database/connection.ts';
import { createNotice } from '../notifications/notices.ts';
import { enqueue } from '../outbox.ts';
import { contactCode, isTimingSafeEqual } from '../tokens.ts';
import { type ChangeCodeAnswer, enterChangeCode } from './contact-change-codes.ts';
import { type ContactKey, findOpenReferral, lockContacts, readContactKeys } from './contact-keys.ts';
import { startMatching } from './referral-queue.ts';
import { lockReferral, recordReferralEvent } from './referrals.ts';
import { isIntakeContactUnconfirmed, setAsideUnconfirmedContacts } from './unconfirmed-contacts.ts';

/**
 * Sends a code to the phone and to the address of a request, each its own; earlier ones are void. No story runs yet,
 * so the outbox has them told.
 * @param codes `phoneOver`: how the phone gets its own, without it in the same way as the time before
 * @returns when they expire
 */
export async function sendContactCodes(
  tx: Tx,
  codes: { referralId: string; phoneOver?: PhoneChannel; at: Date; policy: Pick<Policy, 'phoneCodeTtlMs'> },
): Promise<Date> {
  const { referralId, phoneOver, at, policy } = codes;
  const id = randomUUID();
  const expiresAt = new Date(at.getTime() + policy.phoneCodeTtlMs);
  const row = { id, createdAt: at, expiresAt, tries: 0, ...(phoneOver ? { phoneOver } : {}) };
  const kept = await tx
    .insertInto('contactCodes')
    .values({ referralId, ...row })
    .onConflict((conflict) => conflict.column('referralId').doUpdateSet(row))
    .returning('phoneOver')
    .executeTakeFirstOrThrow();
  for (const { channel } of await readContactKeys(tx, referralId)) {
    const over = channel === 'text' ? (kept.phoneOver as PhoneChannel) : channel;
    const notice = await createNotice(tx, {
      kind: 'contact-code',
      referralId,
      at,
      untilAt: expiresAt,
      data: { contactCode: { id, channel } },
      channels: [over],
      dedupeKey: `contact-code ${id} ${channel}`,
    });
    await enqueue(tx, { type: 'tell-notice', payload: notice });
  }
  return expiresAt;
}

/** The ways in which the codes of a request that is not confirmed were sent last; the mail first. */
export async function readCodeChannels(tx: Tx, referralId: string): Promise<('email' | PhoneChannel)[]> {
  const rows = await tx
    .selectFrom('contactKeys')
    .innerJoin('contactCodes', 'contactCodes.referralId', 'contactKeys.referralId')
    .select(['channel', 'phoneOver'])
    .where('contactKeys.referralId', '=', referralId)
    .orderBy('channel')
    .execute();
  return rows.map(({ channel, phoneOver }) => (channel === 'email' ? channel : (phoneOver as PhoneChannel)));
}

/** A right code leads to the request that goes on: this one, or the one that was open already. */
export type ContactCodeAnswer =
  | { was: 'right'; referralId: string }
  | Exclude<ChangeCodeAnswer, { was: 'right' }>;

interface ContactCodeEntry {
  referralId: string;
  code: string;
  at: Date;
  policy: Policy;
  linkSecret: string;
}

/**
 * Confirms the phone or the address of a request by the code that was sent there last, in the caller's transaction. Of a
 * request that goes on already, a new one is confirmed (`enterChangeCode`).
 * The request starts, or leads to the one that the same contact has open already: only what was confirmed decides
 * that, so that nobody is led to another's request by a number he merely typed in. Each wrong code counts; the right
 * one again gets the first answer.
 */
export async function enterContactCode(tx: Tx, entered: ContactCodeEntry): Promise<ContactCodeAnswer> {
  const { referralId, code, at, policy, linkSecret } = entered;
  const referral = await lockReferral(tx, referralId);
  const kept = await readCodes(tx, referralId);
  if (!referral) return { was: 'over', at: null };
  const typed = await readContactKeys(tx, referralId);
  const rightFor = typed.find(
    ({ channel }) => kept && isTimingSafeEqual(code, contactCode(linkSecret, { id: kept.id, channel })),
  );
  // what was typed beside the confirmed contact waits for the code that it has, or for a newer one
  const isSetAside =
    rightFor && (await isIntakeContactUnconfirmed(tx, { referralId, channel: rightFor.channel }));
  if (kept?.confirmedAt && rightFor && !isSetAside)
    return { was: 'right', referralId: kept.resolvedTo ?? referralId };
  const changed =
    referral.stage === 'unconfirmed'
      ? undefined
      : await enterChangeCode(tx, { referral, code, at, policy, linkSecret });
  if (changed) return changed.was === 'right' ? { ...changed, referralId } : changed;
  if (!kept) return { was: 'over', at: null };
  if (kept.confirmedAt) return { was: 'over', at: kept.confirmedAt };
  if (at >= kept.expiresAt || referral.stage !== 'unconfirmed') return { was: 'over', at: kept.expiresAt };
  if (kept.tries >= policy.phoneCodeTries) return { was: 'over', at: null };
  if (!rightFor) {
    await tx
      .updateTable('contactCodes')
      .set({ tries: sql`tries + 1` })
      .where('referralId', '=', referralId)
      .execute();
    return { was: 'wrong', attemptsLeft: policy.phoneCodeTries - kept.tries - 1 };
  }
  const first = await markContactConfirmed(tx, { referralId, confirmed: rightFor, typed, at });
  await tx
    .updateTable('contactCodes')
    .set({ confirmedAt: at, resolvedTo: first ?? null })
    .where('referralId', '=', referralId)
    .execute();
  if (first) return { was: 'right', referralId: first };
  const contacts = typed.filter(({ channel }) => channel !== rightFor.channel);
  const codes = { ...kept, phoneOver: kept.phoneOver as PhoneChannel };
  await setAsideUnconfirmedContacts(tx, { referralId, contacts, codes, at, policy });
  await recordReferralEvent(tx, referralId, { kind: 'contact-confirmed', at, by: 'consumer', data: {} });
  await startMatching(tx, referral, { at, policy });
  return { was: 'right', referralId };
}

/** Marks the contact as confirmed. @returns the request that it has open already */
async function markContactConfirmed(
  tx: Tx,
  {
    referralId,
    confirmed,
    typed,
    at,
  }: { referralId: string; confirmed: ContactKey; typed: readonly ContactKey[]; at: Date },
): Promise<string | undefined> {
  // all of them: the same person may enter the other code of another request at this moment
  await lockContacts(tx, typed);
  await tx
    .updateTable('contactKeys')
    .set({ confirmedAt: at })
    .where('referralId', '=', referralId)
    .where('channel', '=', confirmed.channel)
    .execute();
  return (await findOpenReferral(tx, { keys: [confirmed], typed }))?.referralId;
}

function readCodes(tx: Tx, referralId: string) {
  return tx
    .selectFrom('contactCodes')
    .selectAll()
    .where('referralId', '=', referralId)
    .forUpdate()
    .executeTakeFirst();
}
