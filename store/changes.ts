import { sql } from 'kysely';
import type { Tx } from './database/connection.ts';
import type { EventSubject } from './events.ts';

/** An onboarding or a referral that has new events, and the agents whom these concern. */
export interface Change {
  kind: EventSubject['kind'];
  /** As of `subjectId`. */
  id: string;
  npns: string[];
}

/** What has been committed since an earlier read. */
export interface ChangeBatch {
  changes: Change[];
  /** The snapshot of Postgres that was read, from which the next read goes on. */
  cursor: string;
  /** Increases from batch to batch, also across processes. */
  position: number;
}

/**
 * Reads which subjects have events that the snapshot of an earlier read did not show, in one query however many there
 * are. Transactions commit in another order than they begin, so the events are found by the transactions that were
 * running at that snapshot or came after it: https://www.postgresql.org/docs/18/functions-info.html (pg_snapshot). A
 * referral concerns the agents who have its open offers, and the agent whom the event names: the one whose offer ended.
 * @param cursor of the earlier batch; undefined: only where to go on from is read
 */
export async function readChanges(tx: Tx, cursor: string | undefined): Promise<ChangeBatch> {
  const { rows } = await sql<Omit<ChangeBatch, 'changes'> & { changes: Change[] | null }>`
    with committed as (
      select subject_kind as kind, subject_id as id, data ->> 'npn' as npn from events
      where transaction_id >= pg_snapshot_xmax(${cursor ?? null}::pg_snapshot)
        -- the events of a restored copy can carry numbers that this server has not reached
        and transaction_id < pg_snapshot_xmax(pg_current_snapshot())
      union all
      select subject_kind, subject_id, data ->> 'npn' from events
      where transaction_id = any(array(select pg_snapshot_xip(${cursor ?? null}::pg_snapshot)))
    ), concerned as (
      select kind, id, unnest(case kind
        when 'onboarding' then array[split_part(id, '-', 1)]
        -- not a join, which would be planned for more changes than there are
        else npn || array(select o.npn::text from offers o where o.referral_id = committed.id::uuid and o.ended_at is null)
      end) as npn
      from committed
    ), changes as (
      select kind, id, coalesce(array_agg(distinct npn) filter (where npn is not null), '{}') as npns
      from concerned group by kind, id
    )
    select pg_current_snapshot()::text as cursor, pg_snapshot_xmax(pg_current_snapshot())::text::bigint as position,
      (select json_agg(changes) from changes) as changes`.execute(tx);
  const [read] = rows;
  if (!read) throw new Error('Postgres answered without its snapshot');
  return { ...read, changes: read.changes ?? [] };
}
