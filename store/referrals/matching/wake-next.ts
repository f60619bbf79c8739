import { sql } from 'kysely';
import type { CapacityLimits } from '../../../domain/matching/matching.ts';
import { isWaiting } from '../../agents/serving.ts';
import type { Tx } from '../../database/connection.ts';
import { forceGenericPlan } from '../../matching/candidates.ts';
import { currentLoad, freeLoadRows, hardRules, hasFreeLoad, isExcluded } from '../../matching/match-rules.ts';
import { insertMessagesSql } from '../../outbox.ts';

/** A referral that has searched for an agent, or has ended. */
interface Predecessor {
  id: string;
  state: string;
  createdAt: Date;
}

/** Free candidates per bucket and load that are compared with the waiting referrals. */
const freePerLoad = 4;

/**
 * Wakes the oldest later referral that an agent fits now, since the given one may leave capacity unused: it took another
 * agent, found none, or has ended. Wakes at most one, and always a later one, so that referrals never wake each other in a
 * circle or many at once.
 *
 * Reads the first free candidates of each bucket once, in the order of choosing, not once for each waiting referral; and
 * no waiting referral if nobody in the state is free.
 */
export async function wakeNextReferral(
  tx: Tx,
  { id, state, createdAt }: Predecessor,
  { at, limits }: { at: Date; limits: CapacityLimits },
): Promise<void> {
  const [zip, language, interpreter] = [sql.ref('w.zip'), sql.ref('w.language'), sql.ref('w.interpreter')];
  const asker = { id: sql.ref('w.id'), state, zip, language, interpreter };
  const {
    'asked-before': wasAsked,
    'skips-language': skipsLanguage,
    'skips-area': skipsArea,
    // candidates of a bucket speak its language
    language: _spoken,
    ...rest
  } = hardRules(asker, { at, limits, load: currentLoad });
  await forceGenericPlan(tx);
  await sql`
    with waiting as materialized (
      select id, created_at, zip, language, interpreter,
        ${state} || case when interpreter then '' else ' ' || language end as bucket
      from referrals
      where state = ${state} and ${isWaiting} and (created_at, id) > (${createdAt}, ${id})
        and exists (select from ${freeLoadRows(sql`${state}`, limits)} join candidate_index c on c.bucket = ${state} and ${hasFreeLoad})
    ), first as materialized (
      select w.bucket, a.npn, a.skipped_languages, a.skipped_areas
      from (select distinct bucket from waiting) w cross join ${freeLoadRows(sql`w.bucket`, limits)}
      cross join lateral (
        select a.npn, a.skipped_languages, a.skipped_areas from candidate_index c join agents a on a.npn = c.npn
        where c.bucket = w.bucket and ${hasFreeLoad} and not (${isExcluded(rest)})
        order by c.last_offered_at, c.tie_break limit ${freePerLoad}
      ) a
    )
    ${sql.raw(insertMessagesSql('wake-referral', { referralId: 'w.id' }))}
    from waiting w
    where exists (select from first a where a.bucket = w.bucket 
      and not (${wasAsked} or ${skipsLanguage} or ${skipsArea}))
    order by w.created_at, w.id limit 1`.execute(tx);
}

/** Returns whether a referral is queued, and so passes on itself what it does not use of the capacity that it is woken for. */
export async function isQueued(tx: Tx, { referralId }: { referralId: string }): Promise<boolean> {
  const row = await tx
    .selectFrom('referrals')
    .select('stage')
    .where('id', '=', referralId)
    .executeTakeFirst();
  return row?.stage === 'queued';
}

/** Offers the capacity that a referral was woken for to the next one, if it is no longer queued. */
export async function offerUnusedCapacity(
  tx: Tx,
  { referralId, at, limits }: { referralId: string; at: Date; limits: CapacityLimits },
): Promise<void> {
  const row = await tx
    .selectFrom('referrals')
    .select(['id', 'state', 'createdAt'])
    .where('id', '=', referralId)
    .where('stage', '<>', 'queued')
    .executeTakeFirst();
  if (row) await wakeNextReferral(tx, row, { at, limits });
}
