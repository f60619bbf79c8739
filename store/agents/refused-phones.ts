import { sql } from 'kysely';
import type { Tx } from '../database/connection.ts';
import { tellOfFailedChannel } from '../notifications/channel-failures.ts';
import {
  type KeyedPhone,
  lockOnboardingsOfPhone,
  optedOutErrorCode,
  stopTexts,
} from '../notifications/text-opt-outs.ts';
import { wakeOnboardings } from '../outbox.ts';
import { recordPhoneEvent } from './phones.ts';

/** Twilio's error codes that say of the number itself that no text reaches it (docs/sources.md). */
const deadNumberCodes: ReadonlySet<string> = new Set([
  '21211', // no valid number
  '21614', // no mobile number
  '21635', // a landline
  '30004', // blocked from receiving
  '30005', // unknown, may no longer exist
  '30006', // a landline, or its carrier cannot be reached
]);

/** Returns whether a refusal of a text is about its recipient's phone for good, and not about one text or the hour. */
export const isAboutPhone = (code: string): boolean =>
  code === optedOutErrorCode || deadNumberCodes.has(code);

/** A text that was refused because of its recipient's phone, with Twilio's code. */
interface PhoneRefusal extends KeyedPhone {
  code: string;
}

/**
 * Locks what `recordRefusedPhone` changes, for a transaction that locks deliveries between
 * (docs/decisions/0031-lock-order.md).
 */
export async function lockRefusedPhone(tx: Tx, phone: string) {
  const open = await lockOnboardingsOfPhone(tx, phone);
  await tx
    .selectFrom('agents')
    .select('npn')
    .where('phone', '=', phone)
    .orderBy('npn')
    .forNoKeyUpdate()
    .execute();
  return open;
}

/**
 * Records that a phone takes no texts. If its owner opted out with the provider, texts are stopped. If the number is dead
 * or not mobile, the agent who gave it has to confirm it again with a code, and gets no other texts until then. Other
 * refusals, and a phone that waits for its code already, change nothing.
 */
export async function recordRefusedPhone(
  tx: Tx,
  { phone, phoneKey, code, at }: PhoneRefusal & { at: Date },
): Promise<void> {
  if (code === optedOutErrorCode) {
    await stopTexts(tx, { phone, phoneKey, by: 'provider', at });
    return;
  }
  if (!deadNumberCodes.has(code)) return;
  const open = await lockRefusedPhone(tx, phone);
  const { rows } = await sql<{ npn: string }>`
    update agents set phone_confirmed_at = null, phone_must_be_confirmed = true
    where phone = ${phone} and (phone_confirmed_at is not null or not phone_must_be_confirmed)
    returning npn`.execute(tx);
  for (const { npn } of rows) {
    // the code that confirmed it before would confirm nothing now
    await tx.deleteFrom('phoneCodes').where('npn', '=', npn).execute();
    for (const onboarding of open.filter((one) => one.npn === npn))
      await recordPhoneEvent(tx, { ...onboarding, at, by: 'service' }, 'phone-refused', { code });
    await wakeOnboardings(tx, npn);
    await tellOfFailedChannel(tx, { npn, channel: 'text', at });
  }
}
