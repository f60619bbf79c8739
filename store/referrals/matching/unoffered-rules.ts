import { type RawBuilder, sql } from 'kysely';
import { wishRungs } from '../../../domain/matching/agent-wish.ts';
import { type MatchLimits, rungs } from '../../../domain/matching/matching.ts';
import { type UnofferedReason, unofferedReasons } from '../../../domain/matching/unoffered.ts';
import { comparingRules, rungNumber } from '../../matching/match-rules.ts';

// parts of the statement in unoffered-referrals.ts, with its names: `r` a request, `a` and `past` the agent, `v`, `l`, `z` and `m`

const isTrue = (condition: RawBuilder<unknown>) => sql`coalesce(${condition}, false)`;

const limit = (name: keyof MatchLimits) => sql`(s.limits ->> ${sql.lit(name)})::float8`;

const ownRung = rungNumber(
  { miles: sql`m.miles`, language: sql`r.language`, interpreter: sql`r.interpreter` },
  { nearMiles: limit('nearMiles'), fartherMiles: limit('fartherMiles') },
);

/** The searches for request `r`, each with what its rules compare more than once. */
export const searchesSql = sql`
  select s.at, s.npn, s.rung, ${isTrue(sql`v.spans @> s.at`)} as was_candidate, ${ownRung} as own_rung,
    array_position(${sql.lit(`{${rungs.join(',')}}`)}::text[], s.rung) - 1 as asked_rung,
    ${limit('openOffersPerAgent')}::integer as most_unanswered,
    ${limit('uncontactedReferralsPerAgent')}::integer as most_uncontacted
  from match_decisions s where s.referral_id = r.id offset 0`;

const unlessCandidate = (condition: RawBuilder<unknown>) =>
  sql`(not d.was_candidate and ${isTrue(condition)})`;

const compared = comparingRules(
  {
    id: sql`r.id`,
    state: sql`r.state`,
    zip: sql`r.zip`,
    language: sql`r.language`,
    interpreter: sql`r.interpreter`,
  },
  {
    wasAsked: () => sql`own.referral_id is not null`,
    skips: (kind) => isTrue(sql`${sql.ref(kind === 'language' ? 'l.spans' : 'z.spans')} @> d.at`),
  },
);

const interpreterRung = sql.lit(rungs.indexOf('interpreter'));

/**
 * SQL: whether each reason holds at search `d` of request `r`, none of those before it holding. Of an agent who was a candidate then,
 * what the candidate index covers is met, whatever is true now.
 */
const reasonHolds: Readonly<Record<UnofferedReason, RawBuilder<unknown>>> = {
  left: unlessCandidate(sql`a.left_at <= d.at`),
  held: unlessCandidate(sql`past.held @> d.at`),
  resting: unlessCandidate(sql`past.resting @> d.at`),
  // who was a candidate elsewhere then was there, so it is this state that they did not serve
  'not-serving': unlessCandidate(
    sql`(past.known @> d.at and not ${isTrue(sql`past.active @> d.at`)}) or not v.is_serving
      or (past.anywhere @> d.at and r.state = any(a.states_wanted))`,
  ),
  'state-not-wanted': unlessCandidate(compared['state-not-wanted']),
  language: compared.language,
  'skips-language': compared['skips-language'],
  'skips-area': compared['skips-area'],
  unavailable: sql`not d.was_candidate`,
  'no-channel': sql`not past.is_reachable`,
  'at-capacity': sql`past.unanswered[d.most_unanswered] @> d.at or past.uncontacted[d.most_uncontacted] @> d.at`,
  'changed-since': sql`d.npn is null or d.own_rung < d.asked_rung`,
  'another-wished': sql`d.rung in (${sql.join(wishRungs.map((rung) => sql.lit(rung)))})`,
  'others-speak-it': sql`d.own_rung = ${interpreterRung} and d.asked_rung < ${interpreterRung}`,
  'others-nearer': sql`d.own_rung > d.asked_rung`,
  'others-waited-longer': sql`true`,
};

/** SQL: why search `d` did not lead to the agent, as the place in the list of reasons. */
export const placeOfReason = sql`case ${sql.join(
  unofferedReasons.map((reason, index) => sql`when ${reasonHolds[reason]} then ${sql.lit(index + 1)}`),
  sql` `,
)} end`;
