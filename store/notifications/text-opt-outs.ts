import type { TextAnswer, TextReplyKind } from '../../domain/notifications/read-reply.ts';
import type { Tx } from '../database/connection.ts';
import type { Keyring } from '../encryption/keyring.ts';
import { recordEvent } from '../events.ts';
import { wakeOnboardings } from '../outbox.ts';
import { contactKey } from '../tokens.ts';
import { tellOfFailedChannel } from './channel-failures.ts';

/** Twilio's error code for a recipient who has opted out at Twilio. */
export const optedOutErrorCode = '21610';

/** What stopped texts to a phone: a stop word by its owner, a reply that could not be understood, or the provider. */
export type StoppedBy = 'reply' | 'unclear-reply' | 'provider';

/** A phone (E.164) with the keyed hash by which its opt-out is found. */
export interface KeyedPhone {
  phone: string;
  phoneKey: string;
}

/** Hashes a phone, so that nobody without the look-up key reads from the table who stopped texts. */
export function keyedPhone({ lookupKey }: Pick<Keyring, 'lookupKey'>, phone: string): KeyedPhone {
  return { phone, phoneKey: contactKey(lookupKey, 'text', phone) };
}

/** Returns whether texts to a phone are stopped. */
export async function areTextsStopped(tx: Tx, { phoneKey }: KeyedPhone): Promise<boolean> {
  const row = await tx
    .selectFrom('textOptOuts')
    .select('id')
    .where('phoneKey', '=', phoneKey)
    .executeTakeFirst();
  return row !== undefined;
}

/** Lets an agent's new phone be known by its number, if its owner has stopped texts before it was theirs. */
export async function showOptOutOfAgent(tx: Tx, { phone, phoneKey }: KeyedPhone): Promise<void> {
  await tx.updateTable('textOptOuts').set({ phone }).where('phoneKey', '=', phoneKey).execute();
}

/**
 * Stops texts to a phone, of which the number is stored only if it is that of an agent. A clear stop word replaces a stop that
 * was only guessed from an unclear reply. Who did not stop them with us is told over another channel.
 * @returns false if they were stopped already
 */
export async function stopTexts(
  tx: Tx,
  { phone, phoneKey, by, at }: KeyedPhone & { by: StoppedBy; at: Date },
): Promise<boolean> {
  const open = await lockOnboardingsOfPhone(tx, phone);
  const stopped = await tx
    .insertInto('textOptOuts')
    .values((row) => ({
      phone: row.selectFrom('agents').select('phone').where('phone', '=', phone).limit(1),
      phoneKey,
      stoppedAt: at,
      stoppedBy: by,
    }))
    .onConflict((conflict) => conflict.column('phoneKey').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!stopped) {
    if (by === 'unclear-reply') return false;
    const guessed = tx.updateTable('textOptOuts').set({ stoppedBy: by }).where('phoneKey', '=', phoneKey);
    await guessed.where('stoppedBy', '=', 'unclear-reply').execute();
    return false;
  }
  const event = {
    kind: 'texts-stopped',
    at,
    by: by === 'provider' ? 'service' : 'agent',
    data: { by },
  } as const;
  await recordTextsEvent(tx, open, event);
  if (by === 'provider')
    for (const npn of new Set(open.map((onboarding) => onboarding.npn)))
      await tellOfFailedChannel(tx, { npn, channel: 'text', at });
  return true;
}

/** A phone to text again; the number is null if it is that of no agent, and only its hash is known. */
interface StartTexts {
  phone: string | null;
  phoneKey: string;
  by?: 'agent' | 'ops';
  at: Date;
}

/** Starts texts to a phone again, by default on the word of its owner. @returns whether they were stopped */
export async function startTexts(
  tx: Tx,
  { phone, phoneKey, by = 'agent', at }: StartTexts,
): Promise<boolean> {
  const open = phone === null ? [] : await lockOnboardingsOfPhone(tx, phone);
  const started = await tx
    .deleteFrom('textOptOuts')
    .where('phoneKey', '=', phoneKey)
    .returning('id')
    .executeTakeFirst();
  if (started) await recordTextsEvent(tx, open, { kind: 'texts-started', at, by, data: {} });
  return started !== undefined;
}

/** A stored reply: its arrival and how it was understood, never its text. */
export interface SavedReply {
  providerMessageId: string;
  kinds: readonly TextReplyKind[];
  at: Date;
}

/** Saves a reply. @returns undefined if it is new; else the answers sent to it before, null while undecided */
export async function saveReply(
  tx: Tx,
  { providerMessageId, kinds, at }: SavedReply,
): Promise<{ answers: TextAnswer[] | null } | undefined> {
  const added = await tx
    .insertInto('textReplies')
    .values({ providerMessageId, kinds: [...new Set(kinds)], receivedAt: at })
    .onConflict((conflict) => conflict.column('providerMessageId').doNothing())
    .returning('providerMessageId')
    .executeTakeFirst();
  if (added) return undefined;
  const { answers } = await tx
    .selectFrom('textReplies')
    .select('answers')
    .where('providerMessageId', '=', providerMessageId)
    .executeTakeFirstOrThrow();
  return { answers: answers as TextAnswer[] | null };
}

/** Saves the answers to a reply, so that a repeat of the reply gets the same ones. */
export async function saveAnswers(
  tx: Tx,
  providerMessageId: string,
  answers: readonly TextAnswer[],
): Promise<void> {
  await tx
    .updateTable('textReplies')
    .set({ answers: [...answers] })
    .where('providerMessageId', '=', providerMessageId)
    .execute();
}

/**
 * Reads the language for answers to a phone: that of its owner's last request for help, or of the messages to its agent, or
 * English.
 */
export async function languageOfPhone(tx: Tx, { phone, phoneKey }: KeyedPhone): Promise<string> {
  const request = await tx
    .selectFrom('contactKeys')
    .innerJoin('referrals', 'referrals.id', 'contactKeys.referralId')
    .select('language')
    .where('channel', '=', 'text')
    .where('key', '=', phoneKey)
    .orderBy('createdAt', 'desc')
    .executeTakeFirst();
  if (request) return request.language;
  const agents = tx.selectFrom('agents').select('messageLanguage').where('phone', '=', phone);
  return (await agents.orderBy('npn').executeTakeFirst())?.messageLanguage ?? 'en';
}

/** Locks the open onboardings of the agents with this phone; comes before its opt-out (docs/decisions/0031-lock-order.md). */
export async function lockOnboardingsOfPhone(tx: Tx, phone: string) {
  return tx
    .selectFrom('onboardings')
    .select(['npn', 'planYear'])
    .where('npn', 'in', tx.selectFrom('agents').select('npn').where('phone', '=', phone))
    .where('closedAt', 'is', null)
    .orderBy('npn')
    .orderBy('planYear')
    .forUpdate()
    .execute();
}

/** Records the event for each onboarding and wakes it: an agent without another channel cannot get offers any more. */
async function recordTextsEvent(
  tx: Tx,
  open: readonly { npn: string; planYear: number }[],
  event: {
    kind: 'texts-stopped' | 'texts-started';
    at: Date;
    by: 'agent' | 'ops' | 'service';
    data: Record<string, unknown>;
  },
): Promise<void> {
  for (const onboarding of open) {
    await recordEvent(tx, { subject: { kind: 'onboarding', ...onboarding }, ...event });
  }
  for (const npn of new Set(open.map((onboarding) => onboarding.npn))) await wakeOnboardings(tx, npn);
}
