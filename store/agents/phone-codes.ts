import { sql } from 'kysely';
import type { ContactPreference, LineType } from '../../domain/notifications/contact.ts';
import type { Tx } from '../database/connection.ts';
import { wakeOnboardings } from '../outbox.ts';
import { isTimingSafeEqual, phoneCode } from '../tokens.ts';
import { lockOpenOnboardings, recordPhoneEvent } from './phones.ts';

/** What an agent sees of his phone. */
export interface AgentPhone {
  phone: string | null;
  lineType: LineType | null;
  contactPreference: ContactPreference | null;
  confirmedAt: Date | null;
  /** Whether no text but the code goes to it before it is confirmed. */
  mustBeConfirmed: boolean;
  /** When the code that was sent last expires; null where there is none to enter. */
  codeExpiresAt: Date | null;
}

/** The phone of an agent and the code he may enter now. */
export async function readAgentPhone(
  tx: Tx,
  { npn, at, mostTries }: { npn: string; at: Date; mostTries: number },
): Promise<AgentPhone | undefined> {
  const row = await tx
    .selectFrom('agents')
    .leftJoin('phoneCodes', (join) =>
      join
        .onRef('phoneCodes.npn', '=', 'agents.npn')
        .on('expiresAt', '>', at)
        .on('confirmedAt', 'is', null)
        .on('tries', '<', mostTries),
    )
    .select(['phone', 'phoneLineType as lineType', 'contactPreference', 'phoneConfirmedAt as confirmedAt'])
    .select(['phoneMustBeConfirmed as mustBeConfirmed', 'expiresAt as codeExpiresAt'])
    .where('agents.npn', '=', npn)
    .executeTakeFirst();
  return row as AgentPhone | undefined;
}

/** How a code that was entered fared. */
export type CodeCheckResult =
  | { was: 'right'; confirmedAt: Date }
  | { was: 'wrong'; attemptsLeft: number }
  /** There is none, it has expired, another has taken its place, or too many wrong ones came. */
  | { was: 'over'; at: Date | null };

interface PhoneCodeEntry {
  npn: string;
  code: string;
  at: Date;
  mostTries: number;
  linkSecret: string;
}

/**
 * Confirms an agent's phone by the code that was sent there last, in the caller's transaction. Each wrong code counts,
 * also those that come at once; the right one again gets the first answer.
 */
export async function enterPhoneCode(tx: Tx, entered: PhoneCodeEntry): Promise<CodeCheckResult> {
  const { npn, code, at, mostTries, linkSecret } = entered;
  const years = await lockOpenOnboardings(tx, npn);
  const kept = await tx
    .selectFrom('phoneCodes')
    .selectAll()
    .where('npn', '=', npn)
    .forUpdate()
    .executeTakeFirst();
  if (!kept) return { was: 'over', at: null };
  const isRight = isTimingSafeEqual(code, phoneCode(linkSecret, kept.id));
  if (kept.confirmedAt && isRight) return { was: 'right', confirmedAt: kept.confirmedAt };
  if (kept.confirmedAt || at >= kept.expiresAt)
    return { was: 'over', at: kept.confirmedAt ?? kept.expiresAt };
  if (kept.tries >= mostTries) return { was: 'over', at: null };
  if (!isRight) {
    await tx.updateTable('phoneCodes').set({ tries: sql`tries + 1` }).where('npn', '=', npn).execute();
    return { was: 'wrong', attemptsLeft: mostTries - kept.tries - 1 };
  }
  await tx.updateTable('phoneCodes').set({ confirmedAt: at }).where('npn', '=', npn).execute();
  await tx.updateTable('agents').set({ phoneConfirmedAt: at }).where('npn', '=', npn).execute();
  for (const planYear of years)
    await recordPhoneEvent(tx, { npn, planYear, at, by: 'agent' }, 'phone-confirmed', {});
  await wakeOnboardings(tx, npn);
  return { was: 'right', confirmedAt: at };
}
