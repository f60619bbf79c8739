import { sql } from 'kysely';
import { type CapacityLimits, isServiceOpen } from '../agents/serving.ts';
import type { Tx } from '../database/connection.ts';
import { currentLoad, hardRules, isExcluded } from '../matching/match-rules.ts';

/** A referral that has looked, or that is gone. */
interface Predecessor {
  id: string;
  state: string;
  createdAt: Date;
}

/** So many of those who are free are held against the referrals that wait. */
const freePerBucket = 4;

/**
 * A place may be left over by a referral that was woken for it, because it took somebody else, found nobody, or is
 * gone: wakes the oldest that came after it and whom somebody fits now. One at the most, and always a later one, so
 * nothing is woken in a circle and never many at once.
 *
 * Of all the lines that are waited in, the first who are free are read once, as choosing reads them: no agent is looked
 * at once for each referral that waits, nor once for each language where the interpreter does.
 */
export async function wakeNextReferral(
  tx: Tx,
  { id, state, createdAt }: Predecessor,
  { at, limits }: { at: Date; limits: CapacityLimits },
): Promise<void> {
  const [language, interpreter] = [sql.ref('w.language'), sql.ref('w.interpreter')];
  const asker = { id: sql.ref('w.id'), state, language, interpreter };
  const {
    'asked-before': wasAsked,
    // who stands in a line speaks its language
    language: _spoken,
    ...rest
  } = hardRules(asker, { at, limits, load: currentLoad });
  await sql`/* prepared */
    with waiting as materialized (
      select id, created_at, language, interpreter,
        ${state} || case when interpreter then '' else ' ' || language end as bucket
      from referrals
      where state = ${state} and stage = 'queued' and contact_wrong_at is null and ${isServiceOpen}
        and (created_at, id) > (${createdAt}, ${id})
    ), free as materialized (
      select w.bucket, a.npn
      from (select distinct bucket from waiting) w
      cross join lateral (
        select a.npn from candidate_index c join agents a on a.npn = c.npn
        where c.bucket = w.bucket and not (${isExcluded(rest)})
        order by c.last_offered_at, c.tie_break limit ${freePerBucket}
      ) a
    )
    insert into outbox (type, payload)
    select 'wake-referral', jsonb_build_object('referralId', w.id)
    from waiting w
    where exists (select from free a where a.bucket = w.bucket and not ${wasAsked})
    order by w.created_at, w.id limit 1`.execute(tx);
}
