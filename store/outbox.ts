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
  | { deed: 'start-onboarding'; subject: { npn: string; planYear: number } & RestartOption }
  | { deed: 'wake-onboarding'; subject: { npn: string; planYear: number } }
  | { deed: 'start-referral'; subject: { referralId: string } & RestartOption }
  | { deed: 'wake-referral'; subject: { referralId: string } }
  | { deed: 'rescind-offer'; subject: { referralId: string; offerId: string } }
  | { deed: 'offer-unreachable'; subject: { referralId: string; offerId: string } }
  | { deed: 'close-referral'; subject: { referralId: string } }
  | { deed: 'withdraw-referral'; subject: { referralId: string } }
  /** A notice of an onboarding that is closed: no story sends it. */
  | { deed: 'tell-notice'; subject: NoticeToSend };

/** A deed as the relay reads it. */
export type OutboxRow = OutboxMessage & { id: number; tries: number };

/** Adds deeds to be done once this transaction is committed. */
export async function enqueue(tx: Tx, ...deeds: OutboxMessage[]): Promise<void> {
  if (deeds.length === 0) return;
  await tx
    .insertInto('outbox')
    .values(deeds.map(({ deed, subject }) => ({ deed, subject: JSON.stringify(subject) })))
    .execute();
}

/** Wakes every open onboarding of an agent, whichever plan years are running. */
export async function wakeOnboardings(tx: Tx, npn: string): Promise<void> {
  await sql`
    insert into outbox (deed, subject)
    select 'wake-onboarding', jsonb_build_object('npn', npn, 'planYear', plan_year)
    from onboardings where npn = ${npn} and closed_at is null`.execute(tx);
}

/** Wakes an agent's onboardings for other plan years: they share the account and its invitation. */
export async function wakeOtherYears(
  tx: Tx,
  { npn, planYear }: { npn: string; planYear: number },
): Promise<void> {
  await sql`
    insert into outbox (deed, subject)
    select 'wake-onboarding', jsonb_build_object('npn', npn, 'planYear', plan_year)
    from onboardings where npn = ${npn} and plan_year <> ${planYear} and closed_at is null`.execute(tx);
}

/**
 * The next page of due deeds, locked against other relays until the transaction ends: those of referrals before those of
 * onboardings, of which a feed brings many at once; the oldest first.
 */
export async function claimDueMessages(tx: Tx, limit: number): Promise<OutboxRow[]> {
  const rows = await tx
    .selectFrom('outbox')
    .select(['id', 'deed', 'subject', 'tries'])
    .where('tryAt', '<=', sql<Date>`now()`)
    .orderBy('urgent', 'desc')
    .orderBy('id')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
  return rows as OutboxRow[];
}

/** Removes deeds that are done. */
export async function deleteMessages(tx: Tx, ids: readonly number[]): Promise<void> {
  if (ids.length > 0) await tx.deleteFrom('outbox').where('id', 'in', ids).execute();
}

/** Puts deeds off that could not be done now: 1, 2, 4 … seconds, a minute at the most. */
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
