import { randomUUID } from 'node:crypto';
import type { OnboardingEvents } from '../../domain/events.ts';
import type { ContactPreference, LineType } from '../../domain/notifications/contact.ts';
import { preferredChannels } from '../../domain/notifications/contact.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Tx } from '../database/connection.ts';
import type { Keyring } from '../encryption/keyring.ts';
import { recordEvent } from '../events.ts';
import { createNotice } from '../notifications/notices.ts';
import { keyedPhone, showOptOutOfAgent } from '../notifications/text-opt-outs.ts';
import { enqueue } from '../outbox.ts';
import { tellOfPhoneChange } from './phone-changes.ts';

export type PhonePolicy = Pick<Policy, 'phoneCheckAfterMs' | 'phoneCodeTtlMs' | 'requireConfirmedPhone'>;

/** A phone as entered: the number in E.164, and its line type, null if the lookup was unavailable. */
export interface GivenPhone {
  phone: string;
  lineType: LineType | null;
}

/** Builds the columns of an agent's row for a new phone, which nobody has confirmed yet. */
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

/** Computes when a failed lookup of a line type is repeated; null if the policy does not repeat it. */
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
 * Replaces an agent's phone, in the transaction that changes the profile. Facts about the old phone are cleared, the agent is
 * told, and one who chose texts gets a code on the new phone. The same phone again changes nothing.
 */
export async function replacePhone(
  tx: Tx,
  keyring: Keyring,
  { npn, at, policy, ...entered }: GivenPhone & { npn: string; at: Date; policy: PhonePolicy },
): Promise<void> {
  // lock order: onboardings before the agent, as the activities do (docs/decisions/0031-lock-order.md)
  await lockOpenOnboardings(tx, npn);
  const { phone: before, contactPreference } = await tx
    .selectFrom('agents')
    .select(['phone', 'contactPreference'])
    .where('npn', '=', npn)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (before === entered.phone) return;
  if (before !== null) await tellOfPhoneChange(tx, { npn, former: before, at });
  await tx.updateTable('agents').set(phoneColumns(entered, { at, policy })).where('npn', '=', npn).execute();
  await showOptOutOfAgent(tx, keyedPhone(keyring, entered.phone));
  await tx.deleteFrom('phoneCodes').where('npn', '=', npn).execute();
  if (hasChosenTexts(contactPreference)) await sendPhoneCode(tx, { npn, at, policy });
}

export function hasChosenTexts(preference: string | null): boolean {
  return preferredChannels(preference as ContactPreference | null).includes('text');
}

/**
 * Creates a phone code and the notice that sends it, which belongs to an open onboarding: the given plan year's, whose
 * activity calls this, or else the newest, which is woken. An earlier code becomes void.
 * @returns when the code expires; undefined if no onboarding is open or no text can reach the phone (a landline, or
 * texts that were stopped)
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

/** Locks an agent's open onboardings till the transaction ends. @returns their plan years, oldest first */
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

type PhoneEvent = 'phone-code-sent' | 'phone-confirmed' | 'phone-checked' | 'phone-refused';

/** Records an event about a phone, without the number. */
export function recordPhoneEvent<Kind extends PhoneEvent>(
  tx: Tx,
  { npn, planYear, at, by }: { npn: string; planYear: number; at: Date; by: 'agent' | 'service' },
  kind: Kind,
  data: OnboardingEvents[Kind],
): Promise<void> {
  return recordEvent(tx, { subject: { kind: 'onboarding', npn, planYear }, kind, at, by, data });
}
