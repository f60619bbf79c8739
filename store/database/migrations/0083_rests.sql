-- Up Migration

-- An agent who left the last offers unseen is asked whether their hours still hold, and rests until they answer.
alter table agents add column resting_since timestamptz;
comment on column agents.resting_since is
  'Since when the agent is not offered anything, because the last offers were left unseen; null: not resting.';

create table rests (
  id uuid primary key,
  npn npn not null references agents (npn) on delete cascade,
  began_at timestamptz not null,
  unseen_offers integer not null check (unseen_offers > 0),
  ended_at timestamptz,
  ended_by text check (ended_by in ('confirmed', 'availability', 'answer')),
  constraint rests_check check ((ended_at is null) = (ended_by is null))
);
comment on table rests is 'One time in which an agent is not offered anything, because the last offers were left unseen.';
comment on column rests.unseen_offers is 'Offers in a row that reached the agent and were left unseen and unanswered.';
comment on column rests.ended_by is
  'The agent said that the hours hold (confirmed), changed their availability, or answered an offer.';
create unique index rests_one_open on rests (npn) where ended_at is null;
create index rests_history on rests (npn, began_at desc);

create or replace view candidate_index_source as
select a.npn, b.bucket, coalesce(a.last_offered_at, '-infinity') as last_offered_at,
       tie_break_of(a.npn) as tie_break, a.lat, a.lon, o.unanswered, o.uncontacted
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
    select npn, languages, states_wanted, lat, lon, left_at, held_at, resting_since, available_from from changed_to
    except all
    select npn, languages, states_wanted, lat, lon, left_at, held_at, resting_since, available_from
    from changed_from) changed);
begin
  if cardinality(npns) > 0 then perform refresh_candidates(npns); end if;
  return null;
end $$;
