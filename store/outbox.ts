import { sql } from 'kysely';
import type { NoticeToSend } from '../domain/notifications/notices.ts';
import type { Tx } from './database/connection.ts';

/**
 * `again`: also where the story was broken off before its end (the audit says so), or an onboarding's had ended and its
 * row was opened again.
 */
interface RestartOption {
  again?: true;
}

/** What must follow a commit (rule 6): the relay turns each into a client call, at least once. */
export type OutboxMessage =
  | { type: 'start-onboarding'; payload: { npn: string; planYear: number } & RestartOption }
  | { type: 'wake-onboarding'; payload: { npn: string; planYear: number } }
  | { type: 'start-referral'; payload: { referralId: string } & RestartOption }
  | { type: 'wake-referral'; payload: { referralId: string } }
  | { type: 'rescind-offer'; payload: { referralId: string; offerId: string } }
  | { type: 'offer-unreachable'; payload: { referralId: string; offerId: string } }
  | { type: 'close-referral'; payload: { referralId: string } }
  | { type: 'withdraw-referral'; payload: { referralId: string } }
  /** A notice of an onboarding that is closed: no story sends it. */
  | { type: 'tell-notice'; payload: NoticeToSend };

/** A deed as the relay reads it. */
export type OutboxRow = OutboxMessage & { id: number; tries: number };

/** Adds messages to be done once this transaction is committed. */
export async function enqueue(tx: Tx, ...messages: OutboxMessage[]): Promise<void> {
  if (messages.length === 0) return;
  await tx
    .insertInto('outbox')
    .values(messages.map(({ type, payload }) => ({ type, payload: JSON.stringify(payload) })))
    .execute();
}

/** Wakes every open onboarding of an agent, whichever plan years are running. */
export async function wakeOnboardings(tx: Tx, npn: string): Promise<void> {
  await sql`
    insert into outbox (type, payload)
    select 'wake-onboarding', jsonb_build_object('npn', npn, 'planYear', plan_year)
    from onboardings where npn = ${npn} and closed_at is null`.execute(tx);
}

/** Wakes an agent's onboardings for other plan years: they share the account and its invitation. */
export async function wakeOtherYears(
  tx: Tx,
  { npn, planYear }: { npn: string; planYear: number },
): Promise<void> {
  await sql`
    insert into outbox (type, payload)
    select 'wake-onboarding', jsonb_build_object('npn', npn, 'planYear', plan_year)
    from onboardings where npn = ${npn} and plan_year <> ${planYear} and closed_at is null`.execute(tx);
}

/**
 * The next page of due messages, locked against other relays until the transaction ends: those of referrals before those of
 * onboardings, of which a feed brings many at once; the oldest first.
 */
export async function claimDueMessages(tx: Tx, limit: number): Promise<OutboxRow[]> {
  const rows = await tx
    .selectFrom('outbox')
    .select(['id', 'type', 'payload', 'tries'])
    .where('tryAt', '<=', sql<Date>`now()`)
    .orderBy('urgent', 'desc')
    .orderBy('id')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
  return rows as OutboxRow[];
}

/** Removes messages that are done. */
export async function deleteMessages(tx: Tx, ids: readonly number[]): Promise<void> {
  if (ids.length > 0) await tx.deleteFrom('outbox').where('id', 'in', ids).execute();
}

/** Puts messages off that could not be done now: 1, 2, 4 … seconds, a minute at the most. */
export async function postponeMessages(tx: Tx, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .updateTable('outbox')
    .set({
      tries: sql<number>`tries + 1`,
      tryAt: sql<Date>`now() + least(60, power(2, least(tries, 6))) * interval '1 second'`,
    })
    .where('id', 'in', ids)
    .execute();
}
