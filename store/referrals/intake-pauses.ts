import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import type { Tx } from '../database/connection.ts';

/** What consumers are told while a state takes no requests, by language. */
export type PauseNotice = Readonly<Partial<Record<'en' | 'es', string>>>;

/** A state that takes no new requests now. */
export interface IntakePause {
  state: string;
  pausedAt: Date;
  reason: string;
  notice: PauseNotice;
}

interface PauseAction {
  state: string;
  reason: string;
  accountId: string;
  at: Date;
}

/** The pauses that are running, by state. */
export async function readIntakePauses(tx: Tx): Promise<IntakePause[]> {
  const rows = await tx
    .selectFrom('intakePauses')
    .select(['state', 'pausedAt', 'pauseReason as reason', 'notice'])
    .where('resumedAt', 'is', null)
    .orderBy('state')
    .execute();
  return rows.map((row) => ({ ...row, notice: row.notice as PauseNotice }));
}

/** The pause of a state; undefined while it takes requests. */
export async function readIntakePause(tx: Tx, state: string): Promise<IntakePause | undefined> {
  const row = await tx
    .selectFrom('intakePauses')
    .select(['state', 'pausedAt', 'pauseReason as reason', 'notice'])
    .where('state', '=', state)
    .where('resumedAt', 'is', null)
    .executeTakeFirst();
  return row && { ...row, notice: row.notice as PauseNotice };
}

/**
 * Takes no new requests from a state from now on. One that is paused stays so since it was; who pauses it again, why and
 * with which notice is a row of its own in place of the one before.
 */
export async function pauseIntake(
  tx: Tx,
  { state, reason, accountId, at, notice }: PauseAction & { notice: PauseNotice },
): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`intake ${state}`}, 0))`.execute(tx);
  const before = await readIntakePause(tx, state);
  const isSaid = before?.reason === reason && isDeepStrictEqual(before.notice, notice);
  if (isSaid) return;
  await resumeIntake(tx, { state, reason, accountId, at });
  await tx
    .insertInto('intakePauses')
    .values({
      id: randomUUID(),
      state,
      pausedAt: before?.pausedAt ?? at,
      pausedBy: accountId,
      pauseReason: reason,
      notice: JSON.stringify(notice),
    })
    .execute();
}

/** Takes requests from a state again. Nothing happens where it takes them. */
export async function resumeIntake(tx: Tx, { state, reason, accountId, at }: PauseAction): Promise<void> {
  await tx
    .updateTable('intakePauses')
    .set({ resumedAt: at, resumedBy: accountId, resumeReason: reason })
    .where('state', '=', state)
    .where('resumedAt', 'is', null)
    .execute();
}
