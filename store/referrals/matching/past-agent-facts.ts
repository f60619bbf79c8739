import { type RawBuilder, sql } from 'kysely';
import { hasOfferChannel } from '../../notifications/reachability.ts';

/**
 * SQL: the parts of a statement that hold what was true of an agent when, each as the times in which it was, so that comparing it with
 * an instant reads no row. `served`: by state, when they were a candidate, and whether they serve it now. `own_offers`.
 * `skipped`: by kind and value. `past`, one row: when they were `held`, `resting`, in any onboarding (`known`), in an active one
 * (`active`), a candidate `anywhere`; and when they had so many unanswered and uncontacted offers or more, as arrays by
 * number. `is_reachable`: whether an offer would reach them now.
 */
export function agentFactsSql(about: {
  npn: string;
  since: Date;
  states: readonly string[];
}): RawBuilder<unknown> {
  const { npn } = about;
  return sql`
    served as materialized (${servedSql(about)}),
    own_offers as materialized (${ownOffersSql(about)}),
    load_steps as (${loadStepsSql}),
    loads as materialized (
      select kind, array_agg(spans order by number) as spans
      from (
        select kind, number, range_agg(tstzrange(at, until)) as spans
        from load_steps cross join generate_series(1, load) number where at < until group by kind, number
      ) levels group by kind
    ),
    skipped as materialized (
      select kind, value, range_agg(tstzrange(from_at, until_at)) as spans
      from agent_skips where npn = ${npn} group by kind, value
    ),
    past as materialized (
      select
        (select range_agg(spans) from served) as anywhere,
        (select range_agg(tstzrange(began_at, ended_at)) from rests
          where npn = ${npn} and (ended_at is null or ended_at >= began_at)) as resting,
        (select ${hasOfferChannel} from agents a where a.npn = ${npn}) as is_reachable,
        (${heldSql(npn)}) as held, stages.known, stages.active,
        (select spans from loads where kind = 'unanswered') as unanswered,
        (select spans from loads where kind = 'uncontacted') as uncontacted
      from (${stagesSql(npn)}) stages
    )`;
}

/** Begins with the last period that began before, which may have lasted. */
const servedSql = ({ npn, since, states }: { npn: string; since: Date; states: readonly string[] }) => sql`
  select s.state, exists (select from serving w where w.npn = ${npn} and w.state = s.state) as is_serving,
    (select range_agg(tstzrange(p.from_at, p.until_at)) from candidate_periods p
      where p.npn = ${npn} and p.state = s.state and p.from_at >= coalesce((
        select max(q.from_at) from candidate_periods q
        where q.npn = ${npn} and q.state = s.state and q.from_at <= ${since}), '-infinity')) as spans
  from unnest(${[...states]}::text[]) s (state)`;

/** An offer waits for an answer for minutes, and for first contact for days, so those of a month before are enough. */
const ownOffersSql = ({ npn, since }: { npn: string; since: Date }) => sql`
  select referral_id, offered_at, coalesce(accepted_at, ended_at, 'infinity') as answered_at,
    coalesce(contacted_at, ended_at, 'infinity') as contacted_at
  from offers where npn = ${npn} and offered_at >= ${since}::timestamptz - interval '30 days'`;

/** The load from one change of it to the next. */
const loadStepsSql = sql`
  select kind, at, lead(at) over (partition by kind order by at) as until,
    (sum(sum(step)) over (partition by kind order by at))::integer as load
  from own_offers cross join lateral (values
    ('unanswered', offered_at, 1), ('unanswered', answered_at, -1),
    ('uncontacted', offered_at, 1), ('uncontacted', contacted_at, -1)
  ) changes (kind, at, step)
  group by kind, at`;

const heldSql = (npn: string) => sql`
  select range_agg(tstzrange(at, until)) from (
    select action, at, lead(at) over (order by at) as until
    from ops_actions where npn = ${npn} and action in ('hold', 'release')
  ) holds where action = 'hold'`;

const stagesSql = (npn: string) => sql`
  select range_agg(tstzrange(at, until)) as known, range_agg(tstzrange(at, until)) filter (where stage = 'active') as active
  from (
    select e.data ->> 'stage' as stage, e.at, lead(e.at) over (partition by e.subject_id order by e.sequence) as until
    from onboardings w join events e on e.subject_kind = 'onboarding' and e.subject_id = w.npn || '-' || w.plan_year
    where w.npn = ${npn} and e.kind = 'stage-entered'
  ) entered where until is null or until >= at`;
