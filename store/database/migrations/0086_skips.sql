-- Up Migration

-- What an agent skips: requests in a language, or from an area.
create table agent_skips (
  npn npn not null references agents (npn) on delete cascade,
  kind text not null check (kind in ('language', 'area')),
  value text not null,
  from_at timestamptz not null,
  until_at timestamptz,
  primary key (npn, kind, value, from_at),
  check (until_at >= from_at)
);
create unique index agent_skips_open on agent_skips (npn, kind, value) where until_at is null;
comment on table agent_skips is 'From when to when an agent skips the requests of one language or area, which they declined again and again.';
comment on column agent_skips.value is 'The code of the language, or the first three digits of the ZIP.';
comment on column agent_skips.until_at is 'Null: it still holds. Equal to from_at: it was suggested, and the agent did not want it.';

-- Matching reads the open skips in the row of the agent.
alter table agents
  add column skipped_languages text[] not null default '{}',
  add column skipped_areas text[] not null default '{}';
comment on column agents.skipped_languages is 'Languages whose requests the agent skips now (agent_skips).';
comment on column agents.skipped_areas is 'Areas whose requests the agent skips now: the first three digits of their ZIPs.';

-- An agent is no candidate in a language that they skip. Who skips an area stays in the index and is passed over.
create or replace view candidate_index_source as
select a.npn, b.bucket, coalesce(a.last_offered_at, '-infinity') as last_offered_at,
       tie_break_of(a.npn) as tie_break, a.lat, a.lon, o.unanswered, o.uncontacted
from agents a
cross join lateral (select distinct state from serving where npn = a.npn and state = any (a.states_wanted)) s
cross join lateral (
  select s.state as bucket
  union
  select s.state || ' ' || language from unnest(a.languages) language where language <> all (a.skipped_languages)
  union
  select s.state || ' ' || language || ' ' || square_of(a.lat, a.lon) from unnest(a.languages) language
  where language <> all (a.skipped_languages) and square_of(a.lat, a.lon) is not null
) b
cross join lateral (
  select (count(*) filter (where accepted_at is null))::integer as unanswered,
         (count(*) filter (where contacted_at is null))::integer as uncontacted
  from offers where npn = a.npn and ended_at is null
) o
where a.left_at is null and a.held_at is null and a.resting_since is null
  -- written by the loop that follows the clock: the agent's availability has begun
  and a.available_from = '-infinity';

create or replace function refresh_changed_candidates() returns trigger language plpgsql as $$
declare
  -- a set operation, because a join would keep the plan of its first call, which changed one row
  npns constant text[] := array(select npn from (
    select npn, languages, skipped_languages, states_wanted, lat, lon, left_at, held_at, resting_since, available_from
    from changed_to
    except all
    select npn, languages, skipped_languages, states_wanted, lat, lon, left_at, held_at, resting_since, available_from
    from changed_from
  ) changed);
begin
  if cardinality(npns) > 0 then perform refresh_candidates(npns); end if;
  return null;
end $$;
