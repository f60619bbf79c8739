import { type RawBuilder, sql } from 'kysely';
import type { OwnExclusion } from '../../domain/agents/not-serving.ts';
import {
  type CapacityLimits,
  type Exclusion,
  exclusions,
  ladder,
  type MatchLimits,
  type MatchRequest,
  rungs,
} from '../../domain/matching/matching.ts';
import type { SkipKind } from '../../domain/matching/skips.ts';
import type { OnboardingCause } from '../../domain/onboarding/standing.ts';
import { hasOfferChannel } from '../notifications/reachability.ts';

/** A referral that needs an agent. */
export type ReferralToMatch = MatchRequest & { id: string; zip: string };

type Condition = RawBuilder<unknown>;

/** The parts of a referral that the hard rules read: its values, or columns of a query that reads many. */
type ReferralColumns = {
  [Fact in 'id' | 'state' | 'zip' | 'language' | 'interpreter']: ReferralToMatch[Fact] | Condition;
};

/**
 * SQL for the load of an agent `a`, for whether `a` rests or was asked for a referral, and for whether `a` skips its language
 * or its area. An unanswered offer counts among the uncontacted referrals too, since it can be accepted at any moment.
 */
export interface AgentLoad {
  unanswered: Condition;
  uncontacted: Condition;
  isResting: Condition;
  wasAsked: (referralId: ReferralColumns['id']) => Condition;
  skips: (kind: SkipKind, value: unknown) => Condition;
}

/** SQL: the area of a ZIP, as `areaOf` of the domain. */
const areaOfZip = (zip: ReferralColumns['zip']): Condition => sql`left(${zip}, 3)`;

/** SQL: the agents whom a referral has asked, but for those from whom another agent took the offer. An array, because for `exists` over many referrals Postgres would hash all offers. */
export const askedBy = (referralId: ReferralColumns['id']): Condition =>
  sql`array(select o.npn::text from offers o
    where o.referral_id = ${referralId} and o.ended_as is distinct from 'taken')`;

/** Load as it is now. */
export const currentLoad: AgentLoad = {
  unanswered: sql`(select count(*) from offers o
    where o.npn = a.npn and o.ended_at is null and o.accepted_at is null)`,
  uncontacted: sql`(select count(*) from offers o
    where o.npn = a.npn and o.ended_at is null and o.contacted_at is null)`,
  isResting: sql`a.resting_since is not null`,
  wasAsked: (referralId) => sql`a.npn = any(${askedBy(referralId)})`,
  skips: (kind, value) =>
    kind === 'language' ? sql`${value} = any(a.skipped_languages)` : sql`${value} = any(a.skipped_areas)`,
};

/**
 * SQL: the loads under the limits that agents of a bucket have, as rows `free` to read the candidate index by. They go up to
 * the highest one in the index, so limits that nobody comes near cost nothing. Arrays, because Postgres expects a thousand
 * rows of each series, and would read all agents for as many.
 */
export function freeLoadRows(
  bucket: Condition,
  { openOffersPerAgent, uncontactedReferralsPerAgent }: CapacityLimits,
): Condition {
  return sql`lateral (
    select u.unanswered, t.uncontacted
    from unnest(array(select generate_series(0, (select max(m.unanswered) from candidate_index m
      where m.bucket = ${bucket} and m.unanswered < ${openOffersPerAgent}::integer)))) as u (unanswered)
    cross join lateral unnest(array(select generate_series(u.unanswered, (select max(m.uncontacted) from candidate_index m
      where m.bucket = ${bucket} and m.unanswered = u.unanswered
        and m.uncontacted < ${uncontactedReferralsPerAgent}::integer)))) as t (uncontacted)
  ) as free`;
}

/** SQL condition that row `c` of the candidate index has the load of row `free`. */
export const hasFreeLoad: Condition = sql`c.unanswered = free.unanswered and c.uncontacted = free.uncontacted`;

/** Load as it was at an instant, for a referral that had made `asked` offers by then. */
export function loadAt(at: Date, asked: number): AgentLoad {
  const isOpen = sql`o.npn = a.npn and o.offered_at < ${at} and (o.ended_at is null or o.ended_at > ${at})`;
  const hasCome = (instant: string) => sql`coalesce(${sql.ref(`o.${instant}`)} <= ${at}, false)`;
  return {
    unanswered: sql`(select count(*) from offers o where ${isOpen} and not ${hasCome('accepted_at')})`,
    uncontacted: sql`(select count(*) from offers o
      where ${isOpen} and not ${hasCome('contacted_at')})`,
    isResting: sql`exists (select from rests r where r.npn = a.npn and r.began_at <= ${at}
      and (r.ended_at is null or r.ended_at > ${at}))`,
    wasAsked: (referralId) =>
      sql`a.npn = any(array(
        select o.npn::text from offers o where o.referral_id = ${referralId} and o.number <= ${asked}
          and (o.ended_as is distinct from 'taken' or o.ended_at > ${at})))`,
    skips: (kind, value) => sql`exists (select from agent_skips k where k.npn = a.npn and k.kind = ${kind}
      and k.value = ${value} and k.from_at <= ${at} and (k.until_at is null or k.until_at > ${at}))`,
  };
}

/** The hard rules that compare a referral with an agent `a`, whoever is free now: the condition under which each excludes. */
export function comparingRules(
  { id, state, zip, language, interpreter }: ReferralColumns,
  load: Pick<AgentLoad, 'wasAsked' | 'skips'>,
) {
  return {
    'asked-before': load.wasAsked(id),
    'state-not-wanted': sql`${state} <> all(a.states_wanted)`,
    language: sql`not (${language} = any(a.languages) or ${interpreter})`,
    'skips-language': load.skips('language', language),
    'skips-area': load.skips('area', areaOfZip(zip)),
  } satisfies Partial<Record<Exclusion, Condition>>;
}

/** Causes of an onboarding by the termination list. */
const terminationCauses: readonly OnboardingCause[] = ['not-terminated', 'terminated-for-cause'];

/** When the rules are checked, under which limits, and the load that they read. */
interface RuleContext {
  at: Date;
  limits: CapacityLimits;
  load: AgentLoad;
}

/** SQL: whether row `s` of `serving` says that agent `a` serves a state now. @param state a state, or `any(…)` of several */
export const isServed = (state: ReferralColumns['state'], at: Date): Condition =>
  sql`s.npn = a.npn and s.state = ${state} and s.from_at <= ${at} and (s.until_at is null or s.until_at > ${at})`;

const notServing = (state: ReferralColumns['state'], at: Date): Condition =>
  sql`not exists (select from serving s where ${isServed(state, at)})`;

/** The hard rules that look at an agent `a` alone, for a request from a state, or from any of several. */
export function rulesOfAgent(
  state: ReferralColumns['state'],
  { at, limits, load }: RuleContext,
): Record<OwnExclusion, Condition> {
  return {
    left: sql`a.left_at is not null`,
    held: sql`a.held_at is not null`,
    resting: load.isResting,
    'not-serving': notServing(state, at),
    unavailable: sql`not (a.available_from <= ${at} and a.available_until > ${at})`,
    'no-channel': sql`not ${hasOfferChannel}`,
    'at-capacity': sql`(${load.unanswered} >= ${limits.openOffersPerAgent}
      or ${load.uncontacted} >= ${limits.uncontactedReferralsPerAgent})`,
  };
}

/** The hard rules: the condition under which each excludes an agent `a`. */
export function hardRules(referral: ReferralColumns, context: RuleContext): Record<Exclusion, Condition> {
  return {
    ...comparingRules(referral, context.load),
    // why they do not serve, as their reviews have found
    terminated: sql`(${notServing(referral.state, context.at)} and exists (select from onboardings w
      where w.npn = a.npn and w.closed_at is null and w.causes && ${terminationCauses}::text[]))`,
    ...rulesOfAgent(referral.state, context),
  };
}

/** SQL: whether any rule excludes agent `a`. */
export function isExcluded(rules: Partial<Record<Exclusion, Condition>>): Condition {
  return sql.join(Object.values(rules), sql` or `);
}

/** SQL: the first of these rules that excludes agent `a`; null: none. */
export function firstExclusion(rules: Partial<Record<Exclusion, Condition>>): Condition {
  const cases = exclusions.flatMap((reason) =>
    rules[reason] ? [sql`when ${rules[reason]} then ${sql.lit(reason)}`] : [],
  );
  return sql`case ${sql.join(cases, sql` `)} end`;
}

/** The parts of a referral that the rungs compare, with the distance of agent `a` in miles: values, or columns of a query that reads many. */
interface RungFacts {
  miles: Condition;
  language: ReferralColumns['language'];
  interpreter: ReferralColumns['interpreter'];
}

/** SQL: the index of the first rung, from 0, on which agent `a` fits a referral; null: none. */
export function rungNumber(
  { miles, language, interpreter }: RungFacts,
  limits: { [Limit in 'nearMiles' | 'fartherMiles']: MatchLimits[Limit] | Condition },
): Condition {
  const cases = rungs.map((rung, number) => {
    const { language: requirement, within } = ladder[rung];
    const isUnderstood = requirement === 'spoken' ? sql`${language} = any(a.languages)` : sql`${interpreter}`;
    const isWithin = within ? sql`${miles} <= ${limits[within]}` : sql`true`;
    return sql`when ${isUnderstood} and ${isWithin} then ${sql.lit(number)}`;
  });
  return sql`case ${sql.join(cases, sql` `)} end`;
}

/** SQL: the distance of agent `a` from a referral, in miles; null: one of them has no position. */
export const milesFrom = ({ lat, lon }: ReferralToMatch): Condition =>
  sql`miles_between(a.lat, a.lon, ${lat}, ${lon})`;

/** Orders rows by `tie_break`, counted cyclically from the referral's own seed: equally idle agents come in another order for each referral. */
export const tieBreak = (seed: number): Condition => sql`(tie_break - ${seed}) & 2147483647`;
