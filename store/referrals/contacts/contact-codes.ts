import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { ContactChannel, PhoneChannel } from '../../../domain/notifications/contact.ts';
import type { Policy } from '../../../domain/policy.ts';
import type { Tx } from '../../database/connection.ts';
import type { Keyring } from '../../encryption/keyring.ts';
import { createNotices } from '../../notifications/notices.ts';
import { enqueue } from '../../outbox.ts';
import { contactCode, isTimingSafeEqual } from '../../tokens.ts';
import { startMatching } from '../referral-queue.ts';
import { lockReferral, recordReferralEvent } from '../referrals.ts';
import { type ChangeCodeAnswer, enterChangeCode } from './contact-change-codes.ts';
import { type ContactKey, findOpenReferral, lockContacts, readContactKeys } from './contact-keys.ts';
import { isIntakeContactUnconfirmed, setAsideUnconfirmedContacts } from './unconfirmed-contacts.ts';

/**
 * Sends one code to the phone and one to the email address of a request; earlier codes become void. They are sent through the outbox, since
 * no workflow runs yet.
 * @param codes `phoneOver`: channel of the phone's code; by default the one used before
 * @returns when they expire
 */
export async function sendContactCodes(
  tx: Tx,
  codes: { referralId: string; phoneOver?: PhoneChannel; at: Date; policy: Pick<Policy, 'phoneCodeTtlMs'> },
): Promise<Date> {
  const { referralId, phoneOver, at, policy } = codes;
  const id = randomUUID();
  const expiresAt = new Date(at.getTime() + policy.phoneCodeTtlMs);
  const { rows } = await sql<{ channel: ContactChannel; phoneOver: PhoneChannel }>`
    with saved as (
      insert into contact_codes (referral_id, id, created_at, expires_at, phone_over)
      values (${referralId}, ${id}, ${at}, ${expiresAt}, ${phoneOver ?? 'text'})
      on conflict (referral_id) do update set id = excluded.id, created_at = excluded.created_at,
        expires_at = excluded.expires_at, tries = 0, phone_over = coalesce(${phoneOver ?? null}, contact_codes.phone_over)
      returning phone_over
    )
    select channel, phone_over from contact_keys, saved where referral_id = ${referralId} order by channel`.execute(
    tx,
  );
  const notices = await createNotices(
    tx,
    rows.map(({ channel, phoneOver: over }) => ({
      kind: 'contact-code',
      referralId,
      at,
      untilAt: expiresAt,
      data: { contactCode: { id, channel } },
      channels: [channel === 'text' ? over : channel],
      dedupeKey: `contact-code ${id} ${channel}`,
    })),
  );
  await enqueue(tx, ...notices.map((payload) => ({ type: 'send-notice' as const, payload })));
  return expiresAt;
}

/** Reads the channels over which the codes of an unconfirmed request were sent last, email first. */
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

/** Answer to a code. A right code names the request that continues: this one, or one that was open already. */
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
 * Confirms the phone or the address of a request by the code that was sent to it last, in the caller's transaction. If the
 * request runs already, the code confirms a new contact (`enterChangeCode`).
 * A right code starts the request, or leads to the open request of the same contact. Only a confirmed contact leads there, so
 * that typing a number never opens another person's request. Wrong codes are counted; the right code again gets the first
 * answer.
 */
export async function enterContactCode(
  tx: Tx,
  keyring: Keyring,
  entered: ContactCodeEntry,
): Promise<ContactCodeAnswer> {
  const { referralId, code, at, policy, linkSecret } = entered;
  const referral = await lockReferral(tx, referralId);
  const stored = await readCodes(tx, referralId);
  if (!referral) return { was: 'over', at: null };
  const typed = await readContactKeys(tx, referralId);
  const rightFor = typed.find(
    ({ channel }) => stored && isTimingSafeEqual(code, contactCode(linkSecret, { id: stored.id, channel })),
  );
  // the other contact of the intake waits for its own code, or for a newer one
  const isSetAside =
    rightFor && (await isIntakeContactUnconfirmed(tx, { referralId, channel: rightFor.channel }));
  if (stored?.confirmedAt && rightFor && !isSetAside)
    return { was: 'right', referralId: stored.resolvedTo ?? referralId };
  const changed =
    referral.stage === 'unconfirmed'
      ? undefined
      : await enterChangeCode(tx, keyring, { referral, code, at, policy, linkSecret });
  if (changed) return changed.was === 'right' ? { ...changed, referralId } : changed;
  if (!stored) return { was: 'over', at: null };
  if (stored.confirmedAt) return { was: 'over', at: stored.confirmedAt };
  if (at >= stored.expiresAt || referral.stage !== 'unconfirmed')
    return { was: 'over', at: stored.expiresAt };
  if (stored.tries >= policy.phoneCodeTries) return { was: 'over', at: null };
  if (!rightFor) {
    await tx
      .updateTable('contactCodes')
      .set({ tries: sql`tries + 1` })
      .where('referralId', '=', referralId)
      .execute();
    return { was: 'wrong', attemptsLeft: policy.phoneCodeTries - stored.tries - 1 };
  }
  const first = await markContactConfirmed(tx, { referralId, confirmed: rightFor, typed, at });
  await tx
    .updateTable('contactCodes')
    .set({ confirmedAt: at, resolvedTo: first ?? null })
    .where('referralId', '=', referralId)
    .execute();
  if (first) return { was: 'right', referralId: first };
  const contacts = typed.filter(({ channel }) => channel !== rightFor.channel);
  const codes = { ...stored, phoneOver: stored.phoneOver as PhoneChannel };
  await setAsideUnconfirmedContacts(tx, keyring, { referralId, contacts, codes, at, policy });
  await recordReferralEvent(tx, referralId, { kind: 'contact-confirmed', at, by: 'consumer', data: {} });
  await startMatching(tx, referral, { at, policy });
  return { was: 'right', referralId };
}

/** Marks a contact as confirmed. @returns the request that it has open already */
async function markContactConfirmed(
  tx: Tx,
  {
    referralId,
    confirmed,
    typed,
    at,
  }: { referralId: string; confirmed: ContactKey; typed: readonly ContactKey[]; at: Date },
): Promise<string | undefined> {
  // all contacts: the same person may enter the other code of another request at this moment
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
