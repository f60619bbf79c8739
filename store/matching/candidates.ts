import { sql } from 'kysely';
import type { WishRung } from '../../domain/matching/agent-wish.ts';
import {
  type LadderStep,
  ladderStepsOf,
  type MatchLimits,
  type Rung,
  tieBreakSeed,
} from '../../domain/matching/matching.ts';
import { type AgentChannel, type ContactFacts, offerChannels } from '../../domain/notifications/contact.ts';
import type { Tx } from '../database/connection.ts';
import { contactColumns } from '../notifications/reachability.ts';
import {
  currentLoad,
  freeLoadRows,
  hardRules,
  hasFreeLoad,
  isExcluded,
  type ReferralToMatch,
  tieBreak,
} from './match-rules.ts';

/** The agent to offer a referral to, and the rung of the ladder on which the search ended, or the wish that led to them. */
export interface ChosenAgent {
  npn: string;
  rung: Rung | WishRung;
  /** Over which the offer reaches them now. */
  channels: AgentChannel[];
}

/** Candidates read per bucket: more than the transactions that lock candidates of one bucket at the same time. */
const candidatesPerBucket = 4;

interface CandidateSearch {
  at: Date;
  limits: MatchLimits;
  step: LadderStep;
  /** Agents who turned out not to fit once their row was locked. */
  rejected: readonly string[];
}

/**
 * Chooses the next agent and locks that agent's row, so that no other referral can reserve the same capacity. Takes the
 * first rung of the ladder (`domain/matching/matching.ts`) on which an agent fits; on it the agent who has been idle longest;
 * ties are broken in an order of the referral's own. Costs one or two queries a rung, and one to check again once the row is locked.
 * @param lockedInVain agents whom this transaction has locked already and who turned out not to fit
 * @returns undefined if no agent fits now
 */
export async function chooseAgent(
  tx: Tx,
  referral: ReferralToMatch,
  { at, limits, lockedInVain }: { at: Date; limits: MatchLimits; lockedInVain: readonly string[] },
): Promise<ChosenAgent | undefined> {
  await forceGenericPlan(tx);
  const rejected = [...lockedInVain];
  for (const step of ladderStepsOf(referral, limits)) {
    for (;;) {
      const npn = await claimFirstCandidate(tx, referral, { at, limits, step, rejected });
      if (npn === undefined) break;
      const channels = await channelsIfFitting(tx, npn, referral, { at, limits });
      if (channels) return { npn, rung: step.rung, channels };
      // between reading and locking, another referral took the last capacity or a review ended the agent's service
      rejected.push(npn);
    }
  }
  return undefined;
}

/**
 * Makes Postgres plan a prepared query once per connection, not for each referral, and read a bucket in index order, for the
 * rest of the transaction. Buckets differ too much in size for a plan that scans or sorts them to be cheap. The estimates of
 * the generic plan are high: it would hash all agents for the dozen that it joins, and a query that reads so few rows is not
 * worth compiling.
 */
export async function forceGenericPlan(tx: Tx): Promise<void> {
  await sql`select set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true),
    set_config('enable_bitmapscan', 'off', true), set_config('enable_hashjoin', 'off', true),
    set_config('enable_mergejoin', 'off', true), set_config('jit', 'off', true)`.execute(tx);
}

/**
 * Locks the first candidate on a rung whose row is not locked. If all are locked it waits for the first one, unless this
 * transaction has locked an agent already: so no two referrals wait for each other.
 */
async function claimFirstCandidate(
  tx: Tx,
  referral: ReferralToMatch,
  search: CandidateSearch,
): Promise<string | undefined> {
  const { npn, hasCandidates } = await lockFirstCandidate(tx, referral, search, 'skip');
  if (npn !== null) return npn;
  if (!hasCandidates || search.rejected.length > 0) return undefined;
  return (await lockFirstCandidate(tx, referral, search, 'wait')).npn ?? undefined;
}

async function lockFirstCandidate(
  tx: Tx,
  referral: ReferralToMatch,
  { at, limits, step, rejected }: CandidateSearch,
  ifLocked: 'skip' | 'wait',
): Promise<{ npn: string | null; hasCandidates: boolean }> {
  const seed = tieBreakSeed(referral.id);
  const rules = hardRules(referral, { at, limits, load: currentLoad });
  const fits = sql`c.bucket = buckets.bucket and ${hasFreeLoad} and c.npn <> all(${rejected}::text[]) and not (${isExcluded(rules)})
    and (${step.miles}::float8 is null
      or miles_between(c.lat, c.lon, ${referral.lat}, ${referral.lon}) <= ${step.miles})`;
  const head = sql`select c.npn, c.last_offered_at, c.tie_break from candidate_index c join agents a on a.npn = c.npn`;
  const inOrder = sql`order by c.last_offered_at, c.tie_break limit ${candidatesPerBucket}`;
  const { rows } = await sql<{ npn: string | null; hasCandidates: boolean }>`
    with head as materialized (
      select h.* from unnest(${step.buckets}::text[]) as buckets (bucket) cross join ${freeLoadRows(sql`buckets.bucket`, limits)}
      cross join lateral (
        -- agents who never had an offer have no load and are equally idle: their order begins at the referral's own seed
        (${head} where ${fits} and c.last_offered_at = '-infinity' and c.tie_break >= ${seed}
          and free.uncontacted = 0 ${inOrder})
        union all
        (${head} where ${fits} ${inOrder})
      ) h
    ), locked as (
      select a.npn from head h join agents a on a.npn = h.npn
      order by h.last_offered_at, ${tieBreak(seed)} limit 1
      for no key update of a ${ifLocked === 'skip' ? sql`skip locked` : sql``}
    )
    select (select npn from locked) as npn, exists (select from head) as has_candidates`.execute(tx);
  return rows[0] ?? { npn: null, hasCandidates: false };
}

/**
 * Checks all hard rules again once the row is locked: what was read before may have changed meanwhile.
 * @returns the channels over which an offer reaches the agent; undefined if they do not fit any more
 */
async function channelsIfFitting(
  tx: Tx,
  npn: string,
  referral: ReferralToMatch,
  { at, limits }: Pick<CandidateSearch, 'at' | 'limits'>,
): Promise<AgentChannel[] | undefined> {
  const rules = hardRules(referral, { at, limits, load: currentLoad });
  const { rows } = await sql<ContactFacts>`
    select ${contactColumns} from agents a where a.npn = ${npn} and not (${isExcluded(rules)})`.execute(tx);
  return rows[0] && offerChannels(rows[0]);
}

/**
 * Returns whether every agent who would fit, busy or not, available or not, was asked for this referral, which had asked
 * somebody. Ends at the first agent who was not, by way of those who speak the language where few do.
 */
export async function hasAskedEveryone(tx: Tx, referral: ReferralToMatch, at: Date): Promise<boolean> {
  const rules = hardRules(referral, {
    at,
    limits: { openOffersPerAgent: 0, uncontactedReferralsPerAgent: 0 },
    load: currentLoad,
  });
  const { 'at-capacity': _capacity, unavailable: _availability, ...rest } = rules;
  const isUnderstood = referral.interpreter ? sql`true` : sql`a.languages @> array[${referral.language}]`;
  // only a bitmap reads an index of arrays, and which index is best depends on the language
  await sql`select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'on', true),
    set_config('enable_bitmapscan', 'on', true), set_config('enable_hashjoin', 'on', true)`.execute(tx);
  const { rows } = await sql<{ asked: boolean }>`
    select not exists (
      select from agents a join serving s on s.npn = a.npn
      where s.state = ${referral.state} and a.states_wanted @> array[${referral.state}] and ${isUnderstood}
        and not (${isExcluded(rest)})) as asked`.execute(tx);
  return rows[0]?.asked ?? false;
}
