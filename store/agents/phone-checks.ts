import { isTextless, type LineType } from '../../domain/notifications/contact.ts';
import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import type { Tx } from '../database/connection.ts';
import { createNotice } from '../notifications/notices.ts';
import { wakeOtherYears } from '../outbox.ts';
import { nextPhoneCheckAt, type PhonePolicy, recordPhoneEvent } from './phones.ts';

/** Reads the phone whose lookup is due, and how often it has failed. */
export async function readDuePhoneCheck(
  tx: Tx,
  npn: string,
  at: Date,
): Promise<{ phone: string; failures: number } | undefined> {
  const row = await tx
    .selectFrom('agents')
    .select(['phone', 'phoneChecksFailed as failures'])
    .where('npn', '=', npn)
    .where('phoneCheckAt', '<=', at)
    .executeTakeFirst();
  return row?.phone ? { phone: row.phone, failures: row.failures } : undefined;
}

/** Postpones a lookup that has failed once more. */
export async function postponePhoneCheck(
  tx: Tx,
  { npn, at, failures, policy }: { npn: string; at: Date; failures: number; policy: PhonePolicy },
): Promise<void> {
  await tx
    .updateTable('agents')
    .set({ phoneChecksFailed: failures, phoneCheckAt: nextPhoneCheckAt({ at, policy, failures }) })
    .where('npn', '=', npn)
    .execute();
}

/** Records the line type of a phone. An agent whose phone cannot receive texts is asked for a cell phone. */
export async function recordLineType(
  tx: Tx,
  { npn, planYear, at, lineType }: OnboardingId & { at: Date; lineType: LineType },
): Promise<void> {
  await tx
    .updateTable('agents')
    .set({ phoneLineType: lineType, phoneCheckAt: null, phoneChecksFailed: 0 })
    .where('npn', '=', npn)
    .execute();
  await recordPhoneEvent(tx, { npn, planYear, at, by: 'service' }, 'phone-checked', { lineType });
  if (!isTextless(lineType)) return;
  const dedupeKey = `phone-not-mobile ${npn} ${at.toISOString()}`;
  await createNotice(tx, { kind: 'phone-not-mobile', npn, planYear, at, dedupeKey });
  await wakeOtherYears(tx, { npn, planYear });
}
