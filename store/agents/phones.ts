import { randomUUID } from 'node:crypto';
import type { OnboardingEvents } from '../../domain/events.ts';
import type { ContactPreference, LineType } from '../../domain/notifications/contact.ts';
import { preferredChannels } from '../../domain/notifications/contact.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Tx } from '../database/connection.ts';
import { recordEvent } from '../events.ts';
import { createNotice } from '../notifications/notices.ts';
import { enqueue } from '../outbox.ts';

export type PhonePolicy = Pick<Policy, 'phoneCheckAfterMs' | 'phoneCodeTtlMs' | 'requireConfirmedPhone'>;

/** A phone as somebody gave it: E.164, and the kind of its line; null where the look-up was down. */
export interface GivenPhone {
  phone: string;
  lineType: LineType | null;
}

/** Where agents' rows have what is known of a phone that was just given: nobody has confirmed it yet. */
export function phoneColumns(
  { phone, lineType }: GivenPhone,
  { at, policy }: { at: Date; policy: PhonePolicy },
) {
  return {
    phone,
    phoneLineType: lineType,
    phoneCheckAt: lineType === null ? nextPhoneCheckAt({ at, policy, failures: 0 }) : null,
    phoneChecksFailed: 0,
    phoneMustBeConfirmed: policy.requireConfirmedPhone,
    phoneConfirmedAt: null,
  };
}

/** When a line that could not be looked up is looked up again; null where policy never asks again. */
export function nextPhoneCheckAt({
  at,
  policy: { phoneCheckAfterMs },
  failures,
}: {
  at: Date;
  policy: PhonePolicy;
  failures: number;
}): Date | null {
  const afterMs = phoneCheckAfterMs[failures] ?? phoneCheckAfterMs.at(-1);
  return afterMs === undefined ? null : new Date(at.getTime() + afterMs);
}

/**
 * Takes another phone over as the agent's, in the transaction that changes his profile: what was known of the old one
 * is void, and where he chose texts a code goes to the new one. The same phone again changes nothing.
 */
export async function replacePhone(
  tx: Tx,
  { npn, at, policy, ...given }: GivenPhone & { npn: string; at: Date; policy: PhonePolicy },
): Promise<void> {
  // a story holds its own row before the agent's: in this order nobody waits for the other
  await lockOpenOnboardings(tx, npn);
  const { phone: before, contactPreference } = await tx
    .selectFrom('agents')
    .select(['phone', 'contactPreference'])
    .where('npn', '=', npn)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (before === given.phone) return;
  await tx.updateTable('agents').set(phoneColumns(given, { at, policy })).where('npn', '=', npn).execute();
  await tx.deleteFrom('phoneCodes').where('npn', '=', npn).execute();
  if (hasChosenTexts(contactPreference)) await sendPhoneCode(tx, { npn, at, policy });
}

export function hasChosenTexts(preference: string | null): boolean {
  return preference !== null && preferredChannels(preference as ContactPreference).includes('text');
}

/**
 * Sends a code to the agent's phone by the story of an open onboarding: the newest, which is woken, or the one whose
 * own deed this is. An earlier code is void. Undefined: there is no such story, or no text reaches the phone (a
 * landline or the like, texts that were stopped).
 * @returns when the code expires
 */
export async function sendPhoneCode(
  tx: Tx,
  { npn, planYear, at, policy }: { npn: string; planYear?: number; at: Date; policy: PhonePolicy },
): Promise<Date | undefined> {
  const year = planYear ?? (await lockOpenOnboardings(tx, npn)).at(-1);
  if (year === undefined) return undefined;
  const id = randomUUID();
  const expiresAt = new Date(at.getTime() + policy.phoneCodeTtlMs);
  const { channels } = await createNotice(tx, {
    kind: 'phone-code',
    npn,
    planYear: year,
    data: { phoneCodeId: id },
    at,
    untilAt: expiresAt,
    dedupeKey: `phone-code ${id}`,
  });
  if (channels.length === 0) return undefined;
  const row = { id, createdAt: at, expiresAt, tries: 0, confirmedAt: null };
  await tx
    .insertInto('phoneCodes')
    .values({ npn, ...row })
    .onConflict((conflict) => conflict.column('npn').doUpdateSet(row))
    .execute();
  await recordPhoneEvent(tx, { npn, planYear: year, at, by: 'service' }, 'phone-code-sent', {
    expiresAt: expiresAt.toISOString(),
  });
  if (planYear === undefined)
    await enqueue(tx, { type: 'wake-onboarding', payload: { npn, planYear: year } });
  return expiresAt;
}

/** The plan years of an agent's open onboardings, oldest first; their rows are held till the transaction ends. */
export async function lockOpenOnboardings(tx: Tx, npn: string): Promise<number[]> {
  const rows = await tx
    .selectFrom('onboardings')
    .select('planYear')
    .where('npn', '=', npn)
    .where('closedAt', 'is', null)
    .orderBy('planYear')
    .forUpdate()
    .execute();
  return rows.map((row) => row.planYear);
}

type PhoneEvent = 'phone-code-sent' | 'phone-confirmed' | 'phone-checked';

/** Writes down what became of a phone; never the phone. */
export function recordPhoneEvent<Kind extends PhoneEvent>(
  tx: Tx,
  { npn, planYear, at, by }: { npn: string; planYear: number; at: Date; by: 'agent' | 'service' },
  kind: Kind,
  data: OnboardingEvents[Kind],
): Promise<void> {
  return recordEvent(tx, { subject: { kind: 'onboarding', npn, planYear }, kind, at, by, data });
}
