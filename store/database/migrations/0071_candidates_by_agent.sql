-- Up Migration

-- The states of one agent are read by that agent. A join with the distinct rows of `serving` reads all of them first.
create or replace view candidate_index_source as
select a.npn, b.bucket, coalesce(a.last_offered_at, '-infinity') as last_offered_at,
       tie_break_of(a.npn) as tie_break, a.lat, a.lon
from agents a
cross join lateral (select distinct state from serving where npn = a.npn and state = any (a.states_wanted)) s
cross join lateral (
  select s.state as bucket
  union
  select s.state || ' ' || language from unnest(a.languages) language
  union
  select s.state || ' ' || language || ' ' || square_of(a.lat, a.lon) from unnest(a.languages) language
  where square_of(a.lat, a.lon) is not null
) b
where a.left_at is null and a.held_at is null
  -- written by the loop that follows the clock: the agent's availability has begun
  and a.available_from = '-infinity';

-- Agents who begin at nine are refreshed as a page, not one by one.
drop trigger agents_refresh_candidate on agents;
drop function refresh_candidate();
create function refresh_changed_candidates() returns trigger language plpgsql as $$
declare
  -- a set operation, because a join would keep the plan of its first call, which changed one row
  npns constant text[] := array(select npn from (
    select npn, languages, states_wanted, lat, lon, left_at, held_at, available_from from changed_to
    except all
    select npn, languages, states_wanted, lat, lon, left_at, held_at, available_from from changed_from) changed);
begin
  if cardinality(npns) > 0 then perform refresh_candidates(npns); end if;
  return null;
end $$;
comment on function refresh_changed_candidates() is 'Follows a change of the facts of agents.';
create trigger agents_refresh_candidates after update on agents
  referencing old table as changed_from new table as changed_to
  for each statement execute function refresh_changed_candidates();
