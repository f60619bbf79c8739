-- Up Migration

-- The index is ordered by load before idle time. An agent is free if both counts are below the limits of the policy in
-- force, so a search reads only the few pairs of counts below them, and passes over nobody who is busy.
drop index candidate_index_order;
alter table candidate_index
  add column unanswered integer not null default 0,
  add column uncontacted integer not null default 0;
comment on column candidate_index.unanswered is 'Offers that wait for the agent''s answer.';
comment on column candidate_index.uncontacted is 'Offers that wait for first contact; one that waits for an answer counts too.';

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
where a.left_at is null and a.held_at is null
  -- written by the loop that follows the clock: the agent's availability has begun
  and a.available_from = '-infinity';

create or replace function refresh_candidates(npns text[]) returns void language plpgsql as $$
begin
  perform from agents where npn = any (npns) order by npn for no key update;
  with source as materialized (
    select * from candidate_index_source where npn = any (npns)
  ), gone as (
    delete from candidate_index c where c.npn = any (npns)
      and not exists (select from source s where s.npn = c.npn and s.bucket = c.bucket)
  )
  insert into candidate_index as c select * from source
  on conflict (npn, bucket) do update set
    last_offered_at = excluded.last_offered_at, lat = excluded.lat, lon = excluded.lon,
    unanswered = excluded.unanswered, uncontacted = excluded.uncontacted
  where (c.last_offered_at, c.lat, c.lon, c.unanswered, c.uncontacted) is distinct from
    (excluded.last_offered_at, excluded.lat, excluded.lon, excluded.unanswered, excluded.uncontacted);
  update candidate_periods p set until_at = greatest(p.from_at, now())
  where p.npn = any (npns) and p.until_at is null
    and not exists (select from candidate_index c where c.npn = p.npn and c.bucket = p.state);
  insert into candidate_periods (npn, state, from_at)
  select c.npn, c.bucket, now() from candidate_index c
  where c.npn = any (npns) and length(c.bucket) = 2
    and not exists (select from candidate_periods p where p.npn = c.npn and p.state = c.bucket and p.until_at is null)
  -- gone and back in one transaction: never gone
  on conflict (npn, state, from_at) do update set until_at = null;
end $$;

-- Counts an agent's load. The agent's row is locked first, so that of two transactions that end offers of one agent the
-- second sees what the first has written.
create function count_candidate_load() returns trigger language plpgsql as $$
begin
  perform from agents where npn = new.npn for no key update;
  update candidate_index c set unanswered = o.unanswered, uncontacted = o.uncontacted
  from (
    select (count(*) filter (where accepted_at is null))::integer as unanswered,
           (count(*) filter (where contacted_at is null))::integer as uncontacted
    from offers where npn = new.npn and ended_at is null
  ) o
  where c.npn = new.npn and (c.unanswered, c.uncontacted) is distinct from (o.unanswered, o.uncontacted);
  return null;
end $$;
comment on function count_candidate_load() is 'Follows the offers of an agent, each of which is load until it ends or the consumer is reached.';
create trigger offers_count_load_of_new after insert on offers for each row execute function count_candidate_load();
create trigger offers_count_load after update on offers for each row
  when ((new.accepted_at, new.contacted_at, new.ended_at) is distinct from (old.accepted_at, old.contacted_at, old.ended_at))
  execute function count_candidate_load();

update candidate_index c set unanswered = s.unanswered, uncontacted = s.uncontacted
from (
  select npn, (count(*) filter (where accepted_at is null))::integer as unanswered,
         (count(*) filter (where contacted_at is null))::integer as uncontacted
  from offers where ended_at is null group by npn
) s
where c.npn = s.npn;
create index candidate_index_order on candidate_index (bucket, unanswered, uncontacted, last_offered_at, tie_break);

-- Whether everybody who fits was asked is looked up by way of those who speak the language, where few do.
create index agents_states_languages on agents using gin (states_wanted, languages);
drop index agents_states_wanted;

-- What a decision was chosen from is computed when ops ask for it.
drop index match_decisions_unexplained;
alter table match_decisions drop column explained_at, drop column considered, drop column excluded, drop column ranked;
