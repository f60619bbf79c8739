import { sql } from 'kysely';
import type { NoticeToSend } from '../domain/notifications/notices.ts';
import type { Tx } from './database/connection.ts';

/**
 * `again`: start the workflow even though one of this id has ended: it was terminated or failed before its end (the
 * audit found that), or the onboarding's row was opened again.
 */
interface RestartOption {
  again?: true;
}

/**
 * Work that must follow a commit (docs/architecture.md, rule 6). The relay turns each message into a Temporal call, at
 * least once.
 */
export type OutboxMessage =
  | { type: 'start-onboarding'; payload: { npn: string; planYear: number } & RestartOption }
  | { type: 'wake-onboarding'; payload: { npn: string; planYear: number } }
  | { type: 'start-referral'; payload: { referralId: string } & RestartOption }
  | { type: 'wake-referral'; payload: { referralId: string } }
  | { type: 'rescind-offer'; payload: { referralId: string; offerId: string } }
  | { type: 'offer-unreachable'; payload: { referralId: string; offerId: string } }
  | { type: 'close-referral'; payload: { referralId: string } }
  | { type: 'withdraw-referral'; payload: { referralId: string } }
  /** For a notice whose onboarding or referral has no running workflow to send it. */
  | { type: 'tell-notice'; payload: NoticeToSend };

/** A message as the relay reads it. */
export type OutboxRow = OutboxMessage & { id: number; tries: number };

/** Adds messages that the relay delivers once this transaction has committed. */
export async function enqueue(tx: Tx, ...messages: OutboxMessage[]): Promise<void> {
  if (messages.length === 0) return;
  await tx
    .insertInto('outbox')
    .values(messages.map(({ type, payload }) => ({ type, payload: JSON.stringify(payload) })))
    .execute();
}

/** Wakes an agent's open onboardings of every plan year. */
export async function wakeOnboardings(tx: Tx, npn: string): Promise<void> {
  await sql`
    insert into outbox (type, payload)
    select 'wake-onboarding', jsonb_build_object('npn', npn, 'planYear', plan_year)
    from onboardings where npn = ${npn} and closed_at is null`.execute(tx);
}

/** Wakes an agent's open onboardings of the other plan years: they share the account and its invitation. */
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
 * Reads the next page of due messages and locks it against other relays until the transaction ends. Messages about
 * referrals come before those about onboardings, of which a feed adds many at once; then the oldest first.
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

/** Deletes messages that were delivered. */
export async function deleteMessages(tx: Tx, ids: readonly number[]): Promise<void> {
  if (ids.length > 0) await tx.deleteFrom('outbox').where('id', 'in', ids).execute();
}

/** Postpones messages that could not be delivered: by 1, 2, 4 … seconds, at most a minute. */
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
