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
export type OutboxRow = OutboxMessage & {
  id: number;
  tries: number;
  /** Messages of one subject are for one workflow; null: its payload does not say which. */
  subject: string | null;
  leasedUntil: Date;
};

/** Adds messages that the relay delivers once this transaction has committed. */
export async function enqueue(tx: Tx, ...messages: OutboxMessage[]): Promise<void> {
  await insertMessages(tx, messages, { bulk: false });
}

/** Has notices sent by workflows of their own, for notices that belong to no onboarding and no referral. */
export async function enqueueNotices(tx: Tx, notices: readonly NoticeToSend[]): Promise<void> {
  const sendable = notices.filter(({ channels }) => channels.length > 0);
  await enqueue(tx, ...sendable.map((payload) => ({ type: 'send-notice' as const, payload })));
}

/** Adds messages about any number of agents. The relay delivers them as fast as the workers keep up, behind all others. */
export async function enqueueBulk(tx: Tx, ...messages: OutboxMessage[]): Promise<void> {
  await insertMessages(tx, messages, { bulk: true });
}

async function insertMessages(
  tx: Tx,
  messages: readonly OutboxMessage[],
  { bulk }: { bulk: boolean },
): Promise<void> {
  if (messages.length === 0) return;
  const types = messages.map(({ type }) => type);
  const payloads = messages.map(({ payload }) => JSON.stringify(payload));
  await sql`
    insert into outbox (type, payload, bulk)
    select type, payload, ${bulk} from unnest(${types}::text[], ${payloads}::jsonb[]) as message (type, payload)`.execute(
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
  return insertSql(type, payload, { bulk: false });
}

/** SQL as of `insertMessagesSql`, for messages that wait as those of `enqueueBulk` do. */
export function insertBulkMessagesSql<Type extends OutboxMessage['type']>(
  type: Type,
  payload: PayloadColumns<Type>,
): string {
  return insertSql(type, payload, { bulk: true });
}

function insertSql(type: string, payload: Record<string, string>, { bulk }: { bulk: boolean }): string {
  const members = Object.entries(payload).map(([name, column]) => `'${name}', ${column}`);
  return `insert into outbox (type, bulk, payload) select '${type}', ${bulk}, jsonb_build_object(${members.join(', ')})`;
}

const onboardingColumns = { npn: 'o.npn', planYear: 'o.plan_year' } as const;

/** SQL that wakes the open onboardings `o` that a condition chooses, in the order of NPN and plan year, in bulk. */
export function wakeOnboardingsSql(condition: string): string {
  return `${insertBulkMessagesSql('wake-onboarding', onboardingColumns)} ${openOnboardingsSql(condition)}`;
}

function openOnboardingsSql(condition: string): string {
  return `from onboardings o where o.closed_at is null and (${condition}) order by o.npn, o.plan_year`;
}

const wakeSql = (condition: string): string =>
  `${insertMessagesSql('wake-onboarding', onboardingColumns)} ${openOnboardingsSql(condition)}`;

/** Wakes an agent's open onboardings of every plan year. */
export async function wakeOnboardings(tx: Tx, npn: string): Promise<void> {
  await tx.executeQuery(CompiledQuery.raw(wakeSql('o.npn = $1'), [npn]));
}

/** Wakes these onboardings, in bulk. */
export async function wakeOnboardingsOf(tx: Tx, ids: readonly OnboardingId[]): Promise<void> {
  await enqueueBulk(tx, ...ids.map((payload) => ({ type: 'wake-onboarding' as const, payload })));
}

/** Wakes an agent's open onboardings of the other plan years: they share the account and its invitation. */
export async function wakeOtherYears(tx: Tx, { npn, planYear }: OnboardingId): Promise<void> {
  await tx.executeQuery(CompiledQuery.raw(wakeSql('o.npn = $1 and o.plan_year <> $2'), [npn, planYear]));
}

/** Returns whether a message is due that no relay has leased. */
export async function hasDueMessages(db: Tx, { bulk }: { bulk: boolean }): Promise<boolean> {
  const due = await db
    .selectFrom('outbox')
    .select('id')
    .where('bulk', '=', bulk)
    .where('tryAt', '<=', sql<Date>`now()`)
    .where(sql<boolean>`coalesce(leased_until <= now(), true)`)
    .limit(1)
    .executeTakeFirst();
  return due !== undefined;
}

/**
 * Returns the ids of those onboardings (NPN and plan year) and referrals that have a start or a wake waiting in the
 * outbox. One index lookup an id, however long the outbox is.
 */
export async function findPendingWakes(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const { rows } = await sql<{ subject: string }>`
    select subject from outbox
    where subject = any(${[...ids]}::text[]) and (type like 'start-%' or type like 'wake-%')`.execute(tx);
  return new Set(rows.map(({ subject }) => subject));
}

/**
 * Leases the oldest due messages, in one statement and its commit: until the lease ends no other relay takes
 * them, nor later messages for the same workflows. Then they are due again by themselves.
 * @returns them in their order
 */
export async function leaseMessages(
  db: Tx,
  { bulk, limit, leaseMs }: { bulk: boolean; limit: number; leaseMs: number },
): Promise<OutboxRow[]> {
  const { rows } = await sql<OutboxRow>`
    select id, type, payload, tries, subject, leased_until
      from lease_messages(${bulk}, ${limit}, ${leaseMs} * interval '1 millisecond')
     order by id`.execute(db);
  return rows;
}

/** Deletes messages that were delivered. */
export async function deleteMessages(tx: Tx, rows: readonly OutboxRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.deleteFrom('outbox').where('id', '=', anyOf(rows)).execute();
}

/** Gives leases back: the messages are due at once. */
export async function releaseMessages(tx: Tx, rows: readonly OutboxRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.updateTable('outbox').set({ leasedUntil: null }).where(isStillLeased(rows)).execute();
}

/** Postpones messages that could not be delivered: by 1, 2, 4 … seconds, up to a maximum. */
export async function postponeMessages(
  tx: Tx,
  rows: readonly OutboxRow[],
  { maxSeconds }: { maxSeconds: number },
): Promise<void> {
  if (rows.length === 0) return;
  await tx
    .updateTable('outbox')
    .set({
      leasedUntil: null,
      tries: sql<number>`tries + 1`,
      tryAt: sql<Date>`now() + least(${maxSeconds}::integer, power(2, least(tries, 6))) * interval '1 second'`,
    })
    .where(isStillLeased(rows))
    .execute();
}

const anyOf = (rows: readonly OutboxRow[]) => sql<number>`any(${rows.map(({ id }) => id)}::bigint[])`;

/** Leaves out what another relay has leased since. */
const isStillLeased = (rows: readonly OutboxRow[]) =>
  sql<boolean>`id = ${anyOf(rows)} and leased_until = ${rows[0]?.leasedUntil}`;
