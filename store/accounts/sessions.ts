import { sql } from 'kysely';
import type { SessionLimits } from '../../domain/accounts/session-policy.ts';
import {
  type CauseFacts,
  isTerminatedForCause,
  terminationsForCause,
} from '../../domain/onboarding/terminations.ts';
import { marketplaceDateAt } from '../../domain/time/marketplace-calendar.ts';
import type { Tx } from '../database/connection.ts';
import { type AccountRow, usableAccounts } from './accounts.ts';

/** Most sessions of one account at a time; those used longest ago are deleted. */
const maxSessions = 20;

/** A session that can be used, with its account. */
export interface SessionRow extends AccountRow {
  sessionId: string;
  usedAt: Date;
  /** When the account last showed its password. */
  confirmedAt: Date;
  /** When the session ends, however much it is used. */
  endsAt: Date;
  /** Whether the agent is terminated for cause, so that the session may only read why. */
  isTerminated: boolean;
}

/** A session as its owner sees it. */
export interface OwnSession {
  id: string;
  createdAt: Date;
  usedAt: Date;
  endsAt: Date;
  network: string | null;
  browser: string | null;
}

/**
 * SQL for the `CauseFacts` of an account's agent, null for nearly all: only an agent with an entry for cause has any.
 */
const causeFacts = sql<CauseFacts | null>`case when exists (
    select from terminations t where t.npn = accounts.npn and t.status = any (${terminationsForCause}::text[]))
  then json_build_object(
    'terminations', (
      select json_agg(json_build_object('marketplaces', marketplaces, 'datedOn', dated_on, 'status', status,
        'effectivePlanYear', effective_plan_year)) from terminations t where t.npn = accounts.npn),
    'planYears', (
      select coalesce(json_agg(plan_year) filter (where closed_at is null), json_build_array(max(plan_year)))
      from onboardings o where o.npn = accounts.npn))
  end`;

const isTerminated = (facts: CauseFacts | null, at: Date) =>
  facts !== null && isTerminatedForCause(marketplaceDateAt(at), facts);

const usableSessions = (tx: Tx, at: Date) =>
  usableAccounts(tx)
    .innerJoin('sessions', 'sessions.accountId', 'accounts.id')
    .where('sessions.expiresAt', '>', at)
    .select(['sessions.id as sessionId', 'tokenSha256', 'usedAt', 'confirmedAt', 'endsAt'])
    .select(causeFacts.as('causeFacts'));

/** Opens a session and deletes the account's expired and excess ones. */
export async function openSession(
  tx: Tx,
  session: {
    accountId: string;
    tokenSha256: string;
    at: Date;
    limits: SessionLimits;
    network: string;
    browser: string;
  },
): Promise<void> {
  const { at, limits, accountId, ...own } = session;
  const times = { createdAt: at, usedAt: at, confirmedAt: at, ...endsOf(at, limits) };
  await tx
    .insertInto('sessions')
    .values({ ...own, ...times, accountId })
    .execute();
  await sql`
    delete from sessions where account_id = ${accountId} and (
      expires_at <= ${at} or token_sha256 in (
        select token_sha256 from sessions where account_id = ${accountId}
        order by used_at desc, created_at desc, token_sha256 offset ${maxSessions}))`.execute(tx);
}

function endsOf(at: Date, { idleMs, lengthMs }: SessionLimits): { expiresAt: Date; endsAt: Date } {
  return {
    expiresAt: new Date(at.getTime() + Math.min(idleMs, lengthMs)),
    endsAt: new Date(at.getTime() + lengthMs),
  };
}

/** Finds a session with its account; undefined if there is none or it has ended. */
export async function findSession(
  tx: Tx,
  { tokenSha256, at }: { tokenSha256: string; at: Date },
): Promise<SessionRow | undefined> {
  const row = await usableSessions(tx, at).where('tokenSha256', '=', tokenSha256).executeTakeFirst();
  if (!row) return undefined;
  const { causeFacts: facts, tokenSha256: _, ...session } = row;
  return { ...session, isTerminated: isTerminated(facts, at) } as SessionRow;
}

/** Reads which of these sessions can still be used for more than to read why the account is closed. */
export async function readLiveSessions(
  tx: Tx,
  { tokens, at }: { tokens: readonly string[]; at: Date },
): Promise<ReadonlySet<string>> {
  const rows = await usableSessions(tx, at)
    .where('tokenSha256', '=', sql<string>`any(${tokens}::text[])`)
    .execute();
  return new Set(rows.filter((row) => !isTerminated(row.causeFacts, at)).map((row) => row.tokenSha256));
}

/** Checks whether an agent who has an account is terminated for cause. */
export async function isAgentTerminated(tx: Tx, { npn, at }: { npn: string; at: Date }): Promise<boolean> {
  const row = await tx
    .selectFrom('accounts')
    .select(causeFacts.as('causeFacts'))
    .where('npn', '=', npn)
    .executeTakeFirst();
  return isTerminated(row?.causeFacts ?? null, at);
}

/** Records that a person used a session, so that it stays open. Does nothing if that was recorded since `unlessSince`. */
export async function extendSession(
  tx: Tx,
  {
    tokenSha256,
    at,
    idleMs,
    unlessSince,
  }: { tokenSha256: string; at: Date; idleMs: number; unlessSince: Date },
): Promise<void> {
  await tx
    .updateTable('sessions')
    .set({
      usedAt: at,
      expiresAt: sql<Date>`least(${new Date(at.getTime() + idleMs)}::timestamptz, ends_at)`,
    })
    .where('tokenSha256', '=', tokenSha256)
    .where('usedAt', '<=', unlessSince)
    .execute();
}

/**
 * Gives a session another token, because its account has just shown its password. Its end stays.
 * @returns false if it has ended meanwhile, or has another token already
 */
export async function confirmSession(
  tx: Tx,
  { tokenSha256, newTokenSha256, at }: { tokenSha256: string; newTokenSha256: string; at: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('sessions')
    .set({ tokenSha256: newTokenSha256, confirmedAt: at })
    .where('tokenSha256', '=', tokenSha256)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Reads the sessions of an account, those used last first. */
export async function readSessions(
  tx: Tx,
  { accountId, at }: { accountId: string; at: Date },
): Promise<OwnSession[]> {
  return tx
    .selectFrom('sessions')
    .select(['id', 'createdAt', 'usedAt', 'endsAt', 'network', 'browser'])
    .where('accountId', '=', accountId)
    .where('expiresAt', '>', at)
    .orderBy('usedAt', 'desc')
    .execute();
}

/** Ends a session. @returns whose it was; undefined if there is no such session */
export async function endSession(tx: Tx, tokenSha256: string): Promise<string | undefined> {
  const ended = await tx
    .deleteFrom('sessions')
    .where('tokenSha256', '=', tokenSha256)
    .returning('accountId')
    .executeTakeFirst();
  return ended?.accountId;
}

/** Ends one session of an account by its id. @returns whether there was one */
export async function endSessionOf(
  tx: Tx,
  { accountId, id }: { accountId: string; id: string },
): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('sessions')
    .where('accountId', '=', accountId)
    .where('id', '=', id)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Ends all sessions of an account, with one exception if there is one. @returns how many */
export async function endSessions(
  tx: Tx,
  { accountId, exceptTokenSha256 }: { accountId: string; exceptTokenSha256: string | undefined },
): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('sessions')
    .where('accountId', '=', accountId)
    .$if(exceptTokenSha256 !== undefined, (query) =>
      query.where('tokenSha256', '<>', exceptTokenSha256 as string),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}
