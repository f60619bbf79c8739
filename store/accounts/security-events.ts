import { sql } from 'kysely';
import { repeatedEventKinds, type SecurityEventKind } from '../../domain/accounts/security-events.ts';
import type { Tx } from '../database/connection.ts';

/** A security event to record. */
export interface NewSecurityEvent {
  kind: SecurityEventKind;
  at: Date;
  /** Whose event it is; left out where nobody has an account, as with an unknown username. */
  accountId?: string | undefined;
  /** Who did it, if not the account itself. */
  byAccountId?: string | undefined;
  /** Where the request came from (`networkOf`); left out if there was none, as on the command line. */
  network?: string | undefined;
  /** Browser and system (`browserName`). */
  browser?: string | undefined;
  /** A code from a list, or a route; never what somebody typed. */
  detail?: string | undefined;
}

/** A security event as stored. Ids increase. */
export interface SecurityEvent {
  id: number;
  kind: SecurityEventKind;
  at: Date;
  byAccountId: string | null;
  network: string | null;
  browser: string | null;
  detail: string | null;
}

/** Time within which a repeat of a `repeatedEventKinds` event is not recorded again. */
const repeatMs = 10 * 60_000;

/**
 * Records a security event, in the transaction of what it is about. The API also logs it (`createSecurityLog`).
 * @returns false if it repeats one that is on record (`repeatedEventKinds`)
 */
export async function recordSecurityEvent(tx: Tx, event: NewSecurityEvent): Promise<boolean> {
  const {
    kind,
    at,
    accountId = null,
    byAccountId = null,
    network = null,
    browser = null,
    detail = null,
  } = event;
  const since = new Date(at.getTime() - repeatMs);
  const repeat = sql<boolean>`exists (
    select from security_events
    where kind = ${kind} and at > ${since} and detail is not distinct from ${detail}::text
      and account_id is not distinct from ${accountId}::uuid and network is not distinct from ${network}::text)`;
  const { numAffectedRows = 0n } = await sql`
    insert into security_events (at, kind, account_id, by_account_id, network, browser, detail)
    select ${at}::timestamptz, ${kind}::text, ${accountId}::uuid, ${byAccountId}::uuid, ${network}::text,
      ${browser}::text, ${detail}::text
    where ${repeatedEventKinds.has(kind) ? sql`not ${repeat}` : sql`true`}`.execute(tx);
  return numAffectedRows > 0n;
}

/** Reads an account's security events, the latest first. @param before id that the page ends at; undefined: the first page */
export async function readSecurityEvents(
  tx: Tx,
  { accountId, before, limit }: { accountId: string; before: number | undefined; limit: number },
): Promise<SecurityEvent[]> {
  const rows = await tx
    .selectFrom('securityEvents')
    .select(['id', 'kind', 'at', 'byAccountId', 'network', 'browser', 'detail'])
    .where('accountId', '=', accountId)
    .$if(before !== undefined, (query) => query.where('id', '<', before as number))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows as SecurityEvent[];
}
