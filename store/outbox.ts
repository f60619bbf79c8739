import { CompiledQuery, sql } from 'kysely';
import type { NoticeToSend } from '../domain/notifications/notices.ts';
import type { OnboardingId } from '../domain/onboarding/onboarding-id.ts';
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
  | { type: 'start-onboarding'; payload: OnboardingId & RestartOption }
  | { type: 'wake-onboarding'; payload: OnboardingId }
  | { type: 'start-referral'; payload: { referralId: string } & RestartOption }
  | { type: 'wake-referral'; payload: { referralId: string } }
  | { type: 'rescind-offer'; payload: { referralId: string; offerId: string } }
  | { type: 'offer-unreachable'; payload: { referralId: string; offerId: string } }
  | { type: 'close-referral'; payload: { referralId: string } }
  | { type: 'withdraw-referral'; payload: { referralId: string } }
  /** For a notice whose onboarding or referral has no running workflow to send it. */
  | { type: 'send-notice'; payload: NoticeToSend };

/** A message as the relay reads it. */
export type OutboxRow = OutboxMessage & { id: number; tries: number };

/** Adds messages that the relay delivers once this transaction has committed. */
export async function enqueue(tx: Tx, ...messages: OutboxMessage[]): Promise<void> {
  if (messages.length === 0) return;
  const types = messages.map(({ type }) => type);
  const payloads = messages.map(({ payload }) => JSON.stringify(payload));
  await sql`insert into outbox (type, payload) select * from unnest(${types}::text[], ${payloads}::jsonb[])`.execute(
    tx,
  );
}

type PayloadOf<Type extends OutboxMessage['type']> = Extract<OutboxMessage, { type: Type }>['payload'];

/** The column of a query that gives each member of a payload. */
type PayloadColumns<Type extends OutboxMessage['type']> = {
  [Member in keyof PayloadOf<Type>]: PayloadOf<Type>[Member] extends true | undefined ? 'true' : string;
};

/**
 * SQL that writes a message of one type for each row of a query, in the order of its rows. The query follows, from its
 * `from` on, so that messages about many rows take one statement.
 */
export function insertMessagesSql<Type extends OutboxMessage['type']>(
  type: Type,
  payload: PayloadColumns<Type>,
): string {
  const members = Object.entries<string>(payload).map(([name, column]) => `'${name}', ${column}`);
  return `insert into outbox (type, payload) select '${type}', jsonb_build_object(${members.join(', ')})`;
}

/** SQL that wakes the open onboardings `o` that a condition chooses, in the order of NPN and plan year. */
export function wakeOnboardingsSql(condition: string): string {
  return `${insertMessagesSql('wake-onboarding', { npn: 'o.npn', planYear: 'o.plan_year' })}
    from onboardings o where o.closed_at is null and (${condition})
    order by o.npn, o.plan_year`;
}

/** Wakes an agent's open onboardings of every plan year. */
export async function wakeOnboardings(tx: Tx, npn: string): Promise<void> {
  await tx.executeQuery(CompiledQuery.raw(wakeOnboardingsSql('o.npn = $1'), [npn]));
}

/** Wakes these onboardings. */
export async function wakeOnboardingsOf(tx: Tx, ids: readonly OnboardingId[]): Promise<void> {
  await enqueue(tx, ...ids.map((payload) => ({ type: 'wake-onboarding' as const, payload })));
}

/** Wakes an agent's open onboardings of the other plan years: they share the account and its invitation. */
export async function wakeOtherYears(tx: Tx, { npn, planYear }: OnboardingId): Promise<void> {
  await tx.executeQuery(
    CompiledQuery.raw(wakeOnboardingsSql('o.npn = $1 and o.plan_year <> $2'), [npn, planYear]),
  );
}

/** The expression of the index `outbox_about`: the id of the onboarding or referral that a message is about. */
const aboutSql = sql.raw(
  "coalesce(payload ->> 'referralId', (payload ->> 'npn') || '-' || (payload ->> 'planYear'))",
);

/**
 * Returns the ids of those onboardings (NPN and plan year) and referrals that have a start or a wake waiting in the
 * outbox. One index lookup an id, however long the outbox is.
 */
export async function findPendingWakes(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const { rows } = await sql<{ id: string }>`
    select ${aboutSql} as id from outbox
    where ${aboutSql} = any(${[...ids]}::text[]) and (type like 'start-%' or type like 'wake-%')`.execute(tx);
  return new Set(rows.map(({ id }) => id));
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
