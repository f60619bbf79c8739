import { sql } from 'kysely';
import type { ContactPreference, LineType } from '../../domain/notifications/contact.ts';
import type { Tx } from '../database/connection.ts';
import { wakeOnboardings } from '../outbox.ts';
import { isTimingSafeEqual, phoneCode } from '../tokens.ts';
import { lockOpenOnboardings, recordPhoneEvent } from './phones.ts';

/** Phone settings as an agent sees them. */
export interface AgentPhone {
  phone: string | null;
  lineType: LineType | null;
  contactPreference: ContactPreference | null;
  confirmedAt: Date | null;
  /** Whether texts, other than the code, wait until the phone is confirmed. */
  mustBeConfirmed: boolean;
  /** Expiration of the latest code; null if there is none to enter. */
  codeExpiresAt: Date | null;
}

/** Reads an agent's phone and whether a code can be entered now. */
export async function readAgentPhone(
  tx: Tx,
  { npn, at, maxAttempts }: { npn: string; at: Date; maxAttempts: number },
): Promise<AgentPhone | undefined> {
  const row = await tx
    .selectFrom('agents')
    .leftJoin('phoneCodes', (join) =>
      join
        .onRef('phoneCodes.npn', '=', 'agents.npn')
        .on('expiresAt', '>', at)
        .on('confirmedAt', 'is', null)
        .on('tries', '<', maxAttempts),
    )
    .select(['phone', 'phoneLineType as lineType', 'contactPreference', 'phoneConfirmedAt as confirmedAt'])
    .select(['phoneMustBeConfirmed as mustBeConfirmed', 'expiresAt as codeExpiresAt'])
    .where('agents.npn', '=', npn)
    .executeTakeFirst();
  return row as AgentPhone | undefined;
}

/** Result of entering a code. */
export type CodeCheckResult =
  | { was: 'right'; confirmedAt: Date }
  | { was: 'wrong'; attemptsLeft: number }
  /** There is no code, it has expired or was replaced, or too many wrong ones were entered. */
  | { was: 'over'; at: Date | null };

interface PhoneCodeEntry {
  npn: string;
  code: string;
  at: Date;
  maxAttempts: number;
  linkSecret: string;
}

/**
 * Confirms an agent's phone by the latest code that was sent to it, in the caller's transaction. Each wrong code
 * counts, concurrent ones too. Entering the right code again returns the first result.
 */
export async function enterPhoneCode(tx: Tx, entry: PhoneCodeEntry): Promise<CodeCheckResult> {
  const { npn, code, at, maxAttempts, linkSecret } = entry;
  const planYears = await lockOpenOnboardings(tx, npn);
  const stored = await tx
    .selectFrom('phoneCodes')
    .selectAll()
    .where('npn', '=', npn)
    .forUpdate()
    .executeTakeFirst();
  if (!stored) return { was: 'over', at: null };
  const isRight = isTimingSafeEqual(code, phoneCode(linkSecret, stored.id));
  if (stored.confirmedAt && isRight) return { was: 'right', confirmedAt: stored.confirmedAt };
  if (stored.confirmedAt || at >= stored.expiresAt)
    return { was: 'over', at: stored.confirmedAt ?? stored.expiresAt };
  if (stored.tries >= maxAttempts) return { was: 'over', at: null };
  if (!isRight) {
    await tx.updateTable('phoneCodes').set({ tries: sql`tries + 1` }).where('npn', '=', npn).execute();
    return { was: 'wrong', attemptsLeft: maxAttempts - stored.tries - 1 };
  }
  await tx.updateTable('phoneCodes').set({ confirmedAt: at }).where('npn', '=', npn).execute();
  await tx.updateTable('agents').set({ phoneConfirmedAt: at }).where('npn', '=', npn).execute();
  for (const planYear of planYears)
    await recordPhoneEvent(tx, { npn, planYear, at, by: 'agent' }, 'phone-confirmed', {});
  await wakeOnboardings(tx, npn);
  return { was: 'right', confirmedAt: at };
}
