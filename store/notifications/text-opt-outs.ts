import type { TextAnswer, TextReplyKind } from '../../domain/notifications/read-reply.ts';
import type { Tx } from '../database/connection.ts';
import { recordEvent } from '../events.ts';
import { wakeOnboardings } from '../outbox.ts';

/** What the provider of texts says of a recipient who ended them there (Twilio's error code). */
export const optedOutErrorCode = '21610';

/** Who ended texts to a phone: its owner by a word for it, a reply that nobody understood, or the provider. */
export type StoppedBy = 'reply' | 'unclear-reply' | 'provider';

/** Whether texts to a phone (E.164) are stopped. */
export async function areTextsStopped(tx: Tx, phone: string): Promise<boolean> {
  const row = await tx
    .selectFrom('textOptOuts')
    .select('phone')
    .where('phone', '=', phone)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Stops texts to a phone. A clear word replaces what was only guessed from an unclear one.
 * @returns whether they went there before
 */
export async function stopTexts(
  tx: Tx,
  { phone, by, at }: { phone: string; by: StoppedBy; at: Date },
): Promise<boolean> {
  const open = await lockOnboardingsOfPhone(tx, phone);
  const stopped = await tx
    .insertInto('textOptOuts')
    .values({ phone, stoppedAt: at, stoppedBy: by })
    .onConflict((conflict) => conflict.column('phone').doNothing())
    .returning('phone')
    .executeTakeFirst();
  if (!stopped) {
    if (by === 'unclear-reply') return false;
    const guessed = tx.updateTable('textOptOuts').set({ stoppedBy: by }).where('phone', '=', phone);
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
  return true;
}

/** Lets texts go to a phone again, by its owner's word unless told otherwise. @returns whether they were stopped */
export async function startTexts(
  tx: Tx,
  { phone, by = 'agent', at }: { phone: string; by?: 'agent' | 'ops'; at: Date },
): Promise<boolean> {
  const open = await lockOnboardingsOfPhone(tx, phone);
  const started = await tx
    .deleteFrom('textOptOuts')
    .where('phone', '=', phone)
    .returning('phone')
    .executeTakeFirst();
  if (started) await recordTextsEvent(tx, open, { kind: 'texts-started', at, by, data: {} });
  return started !== undefined;
}

/** A reply as it is kept: that it came and how it was taken, never its words. */
export interface SavedReply {
  providerMessageId: string;
  phone: string;
  kinds: readonly TextReplyKind[];
  at: Date;
}

/** Saves a reply. @returns the answers that it got before, null while undecided; undefined where it is new */
export async function saveReply(
  tx: Tx,
  { providerMessageId, phone, kinds, at }: SavedReply,
): Promise<{ answers: TextAnswer[] | null } | undefined> {
  const added = await tx
    .insertInto('textReplies')
    .values({ providerMessageId, phone, kinds: [...new Set(kinds)], receivedAt: at })
    .onConflict((conflict) => conflict.column('providerMessageId').doNothing())
    .returning('phone')
    .executeTakeFirst();
  if (added) return undefined;
  const { answers } = await tx
    .selectFrom('textReplies')
    .select('answers')
    .where('providerMessageId', '=', providerMessageId)
    .executeTakeFirstOrThrow();
  return { answers: answers as TextAnswer[] | null };
}

/** Saves which answers a reply got, so that its repeat gets the same ones. */
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

/** The language to answer a phone in: the one that its owner asked for help in, and English for everybody else. */
export async function languageOfPhone(tx: Tx, phone: string): Promise<string> {
  const row = await tx
    .selectFrom('consumerContacts')
    .innerJoin('referrals', 'referrals.id', 'consumerContacts.referralId')
    .select('language')
    .where('phone', '=', phone)
    .orderBy('createdAt', 'desc')
    .executeTakeFirst();
  return row?.language ?? 'en';
}

/** Locks the open onboardings of whoever has this phone, before whether texts are stopped there (decision 0031). */
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

/** Whoever has no other channel can be offered nothing any more, so the onboardings look again. */
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
