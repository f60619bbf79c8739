import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import type { Tx } from '../database/connection.ts';

/** The notice that consumers see while a state takes no requests, by language. */
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

/** Reads the current pauses, by state. */
export async function readIntakePauses(tx: Tx): Promise<IntakePause[]> {
  const rows = await tx
    .selectFrom('intakePauses')
    .select(['state', 'pausedAt', 'pauseReason as reason', 'notice'])
    .where('resumedAt', 'is', null)
    .orderBy('state')
    .execute();
  return rows.map((row) => ({ ...row, notice: row.notice as PauseNotice }));
}

/** Reads the pause of a state; undefined while it takes requests. */
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
 * Pauses intake in a state. A state that is paused already keeps the start of its pause; a new reason or notice is recorded as
 * a new row in place of the one before.
 */
export async function pauseIntake(
  tx: Tx,
  { state, reason, accountId, at, notice }: PauseAction & { notice: PauseNotice },
): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`intake ${state}`}, 0))`.execute(tx);
  const before = await readIntakePause(tx, state);
  const isRepeat = before?.reason === reason && isDeepStrictEqual(before.notice, notice);
  if (isRepeat) return;
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

/** Resumes intake in a state. Changes nothing if it is not paused. */
export async function resumeIntake(tx: Tx, { state, reason, accountId, at }: PauseAction): Promise<void> {
  await tx
    .updateTable('intakePauses')
    .set({ resumedAt: at, resumedBy: accountId, resumeReason: reason })
    .where('state', '=', state)
    .where('resumedAt', 'is', null)
    .execute();
}
