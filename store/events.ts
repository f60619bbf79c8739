import { type RawBuilder, sql } from 'kysely';
import type { Actor, OnboardingStage, ReferralStage } from '../domain/stages.ts';
import type { Tx } from './database/connection.ts';

/** The onboarding or referral that an event is about. */
export type EventSubject =
  | { kind: 'onboarding'; npn: string; planYear: number }
  | { kind: 'referral'; referralId: string };

/** An event to append. `stage` events carry the stage that was entered; `data` holds ids, codes and instants only. */
export interface NewEvent {
  subject: EventSubject;
  kind: string;
  at: Date;
  by: Actor;
  data?: Record<string, unknown>;
}

/** An event as stored. `sequence` counts from 1 for each subject and is the event id on live pages. */
export interface StoredEvent {
  sequence: number;
  kind: string;
  at: Date;
  by: Actor;
  data: { stage?: OnboardingStage | ReferralStage } & Record<string, unknown>;
}

/** Formats the id under which a subject's events are stored. */
export function subjectId(subject: EventSubject): string {
  return subject.kind === 'onboarding' ? `${subject.npn}-${subject.planYear}` : subject.referralId;
}

/**
 * Appends an event. The caller has locked the subject's row, so that the sequence has no gaps and two writers cannot
 * collide. Live pages read it once it is committed (`changes.ts`).
 */
export async function recordEvent(tx: Tx, { subject, ...event }: NewEvent): Promise<void> {
  await sql`${appendEventsSql(subject, [event])}`.execute(tx);
}

/**
 * SQL that appends events of one subject in their order, as `recordEvent`: a statement, or a part of one.
 * @param onlyIf SQL condition without which nothing is appended
 */
export function appendEventsSql(
  subject: EventSubject,
  events: readonly Omit<NewEvent, 'subject'>[],
  onlyIf: RawBuilder<unknown> = sql`true`,
): RawBuilder<unknown> {
  const id = subjectId(subject);
  const column = <T>(valueOf: (event: Omit<NewEvent, 'subject'>) => T) => events.map(valueOf);
  return sql`
    insert into events (subject_kind, subject_id, sequence, kind, at, by, data)
    select ${subject.kind}, ${id}, last.sequence + e.number, e.kind, e.at, e.by, e.data
    from (
      select coalesce(max(sequence), 0) as sequence from events
      where subject_kind = ${subject.kind} and subject_id = ${id}
    ) last cross join unnest(${column(({ kind }) => kind)}::text[], ${column(({ at }) => at)}::timestamptz[],
      ${column(({ by }) => by)}::text[], ${column(({ data = {} }) => JSON.stringify(data))}::jsonb[])
      with ordinality as e (kind, at, by, data, number)
    where ${onlyIf}`;
}

/** Reads a subject's events after a sequence number, oldest first. */
export async function readEventsAfter(
  tx: Tx,
  subject: EventSubject,
  sequence: number,
): Promise<StoredEvent[]> {
  const rows = await tx
    .selectFrom('events')
    .select(['sequence', 'kind', 'at', 'by', 'data'])
    .where('subjectKind', '=', subject.kind)
    .where('subjectId', '=', subjectId(subject))
    .where('sequence', '>', sequence)
    .orderBy('sequence')
    .execute();
  return rows as StoredEvent[];
}
