import { sql } from 'kysely';
import {
  type LadderStep,
  ladderStepsOf,
  type MatchLimits,
  type Rung,
  tieBreakSeed,
} from '../../domain/matching/matching.ts';
import type { Tx } from '../database/connection.ts';
import { currentLoad, hardRules, isExcluded, type ReferralToMatch, tieBreak } from './match-rules.ts';

/** Who is asked next, and how far the search had to go for it. */
export interface ChosenAgent {
  npn: string;
  rung: Rung;
}

/** How many of a line are looked at: more than there are transactions that hold the head of one line at a time. */
const candidatesPerBucket = 4;

interface CandidateSearch {
  at: Date;
  limits: MatchLimits;
  step: LadderStep;
  /** Whoever turned out to have no place after all. */
  passed: readonly string[];
}

/**
 * Chooses who is asked next and holds that agent's row, so that no other referral can reserve the same place: the
 * first of the first rung of the ladder (`domain/matching/matching.ts`) on which somebody fits, the longest idle first, those
 * who are idle alike in an order of the referral's own. One query a rung, and one to look again with the row held.
 * Undefined: nobody fits now.
 */
export async function chooseAgent(
  tx: Tx,
  referral: ReferralToMatch,
  { at, limits }: { at: Date; limits: MatchLimits },
): Promise<ChosenAgent | undefined> {
  await forceGenericPlan(tx);
  const passed: string[] = [];
  for (const step of ladderStepsOf(referral, limits)) {
    for (;;) {
      const npn = await claimFirstCandidate(tx, referral, { at, limits, step, passed });
      if (npn === undefined) break;
      if (await stillFits(tx, npn, referral, { at, limits })) return { npn, rung: step.rung };
      // between our look and our lock another referral took the last place, or a review found that he may not help
      passed.push(npn);
    }
  }
  return undefined;
}

/**
 * For the rest of the transaction a prepared query is planned once a connection, not for each referral, and reads a
 * line in its order: how long a line is differs too much from the average for sorting it to be cheap.
 */
async function forceGenericPlan(tx: Tx): Promise<void> {
  await sql`select set_config('plan_cache_mode', 'force_generic_plan', true),
    set_config('enable_bitmapscan', 'off', true)`.execute(tx);
}

/**
 * The first on a rung whose row nobody holds. Where all are held it waits for the first, but only while it holds
 * nobody itself: so no two referrals wait for each other.
 */
async function claimFirstCandidate(
  tx: Tx,
  referral: ReferralToMatch,
  look: CandidateSearch,
): Promise<string | undefined> {
  const { npn, isAnyHeld } = await lockFirstCandidate(tx, referral, look, 'skip');
  if (npn !== null) return npn;
  if (!isAnyHeld || look.passed.length > 0) return undefined;
  return (await lockFirstCandidate(tx, referral, look, 'wait')).npn ?? undefined;
}

async function lockFirstCandidate(
  tx: Tx,
  referral: ReferralToMatch,
  { at, limits, step, passed }: CandidateSearch,
  held: 'skip' | 'wait',
): Promise<{ npn: string | null; isAnyHeld: boolean }> {
  const seed = tieBreakSeed(referral.id);
  const rules = hardRules(referral, { at, limits, places: currentLoad });
  const fits = sql`c.bucket = buckets.bucket and c.npn <> all(${passed}::text[]) and not (${isExcluded(rules)})
    and (${step.miles}::float8 is null
      or miles_between(c.lat, c.lon, ${referral.lat}, ${referral.lon}) <= ${step.miles})`;
  const head = sql`select c.npn, c.last_offered_at, c.tie_break from candidate_index c join agents a on a.npn = c.npn`;
  const inOrder = sql`order by c.last_offered_at, c.tie_break limit ${candidatesPerBucket}`;
  const { rows } = await sql<{ npn: string | null; isAnyHeld: boolean }>`/* prepared */
    with head as materialized (
      select h.* from unnest(${step.buckets}::text[]) as buckets (bucket)
      cross join lateral (
        -- those never asked before begin at the referral's own place on the circle of turns
        (${head} where ${fits} and c.last_offered_at = '-infinity' and c.tie_break >= ${seed} ${inOrder})
        union all
        (${head} where ${fits} ${inOrder})
      ) h
    ), taken as (
      select a.npn from head h join agents a on a.npn = h.npn
      order by h.last_offered_at, ${tieBreak(seed)} limit 1
      for no key update of a ${held === 'skip' ? sql`skip locked` : sql``}
    )
    select (select npn from taken) as npn, exists (select from head) as is_any_held`.execute(tx);
  return rows[0] ?? { npn: null, isAnyHeld: false };
}

/** All hard rules once more with the row held: what was read before may have ended while we waited for it. */
async function stillFits(
  tx: Tx,
  npn: string,
  referral: ReferralToMatch,
  { at, limits }: Pick<CandidateSearch, 'at' | 'limits'>,
): Promise<boolean> {
  const rules = hardRules(referral, { at, limits, places: currentLoad });
  const { rows } = await sql<{ fits: boolean }>`/* prepared */
    select not (${isExcluded(rules)}) as fits from agents a where a.npn = ${npn}`.execute(tx);
  return rows[0]?.fits ?? false;
}

/** Whether everybody who would fit, free or busy, on duty or not, was asked for this referral already. */
export async function hasAskedEveryone(tx: Tx, referral: ReferralToMatch, at: Date): Promise<boolean> {
  const rules = hardRules(referral, {
    at,
    limits: { openOffersPerAgent: 0, uncontactedReferralsPerAgent: 0 },
    places: currentLoad,
  });
  const { 'no-place': _place, 'off-duty': _duty, ...rest } = rules;
  const { rows } = await sql<{ asked: boolean }>`
    select exists (select from offers where referral_id = ${referral.id})
       and not exists (
         select from agents a
         where a.npn in (select npn from serving where state = ${referral.state}) and not (${isExcluded(rest)})) as asked`.execute(
    tx,
  );
  return rows[0]?.asked ?? false;
}
