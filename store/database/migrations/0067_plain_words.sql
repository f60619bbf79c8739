-- Up Migration

-- Tables, columns, functions, triggers and indexes get the words of the glossary. Nothing that is stored changes: values
-- of types, kinds and stages, keys inside jsonb and the channels of NOTIFY keep their names. Bodies of functions are text
-- and do not follow a rename, so each that named something old is written anew.

-- The outbox holds messages: a type and a payload.
--   type 'start-onboarding' | 'wake-onboarding'                   payload {"npn": "…", "planYear": 2027}
--   type 'start-referral' | 'wake-referral'                       payload {"referralId": "…"}
--   type 'rescind-offer' | 'offer-unreachable'                    payload {"referralId": "…", "offerId": "…"}
--   type 'close-referral' | 'withdraw-referral'                   payload {"referralId": "…"}
--   type 'tell-notice'                                            payload {"noticeId": "…", "kind": "…", "channels": ["email"]}
alter table outbox rename column deed to type;
alter table outbox rename column subject to payload;
alter table outbox rename constraint outbox_deed_check to outbox_type_check;
alter index outbox_in_turn rename to outbox_order;
alter function tell_of_outbox() rename to notify_outbox;
alter trigger outbox_told on outbox rename to outbox_notify;
alter function tell_of_event() rename to notify_event;
alter trigger events_told on events rename to events_notify;

-- What matching reads of an agent's availability: available while available_from <= now < available_until.
alter table agents rename column duty_from to available_from;
alter table agents rename column duty_until to available_until;
alter table agents rename column duty_turns_at to availability_changes_at;
alter index agents_duty_turns rename to agents_availability_changes;

-- The index of candidates: for each agent who is available for a state, the buckets in which matching finds them, the
-- longest idle first. Matching reads the facts of each agent it finds here, so a wrong row can cost time and never
-- makes a wrong offer. Triggers keep it in the transaction that changes a fact.
drop view lines_of_facts;
alter table lineup rename to candidate_index;
alter table candidate_index rename column line to bucket;
alter table candidate_index rename column turn to tie_break;
alter table candidate_index rename constraint lineup_pkey to candidate_index_pkey;
alter table candidate_index rename constraint lineup_npn_fkey to candidate_index_npn_fkey;
alter index lineup_order rename to candidate_index_order;

-- When an agent was a candidate for a state, by the clock of Postgres.
alter table line_periods rename to candidate_periods;
alter table candidate_periods rename constraint line_periods_pkey to candidate_periods_pkey;
alter table candidate_periods rename constraint line_periods_npn_fkey to candidate_periods_npn_fkey;
alter index line_periods_open rename to candidate_periods_open;
alter index line_periods_of_state rename to candidate_periods_of_state;

-- An agent's tie-break, 0 to 2^31 - 1, by chance and for ever: the order of agents who are idle equally long.
alter function turn_of(npn) rename to tie_break_of;

-- What the index of candidates should hold, computed from the facts.
create view candidate_index_source as
select a.npn, b.bucket, coalesce(a.last_offered_at, '-infinity') as last_offered_at,
       tie_break_of(a.npn) as tie_break, a.lat, a.lon
from agents a
join (select distinct npn, state from serving) s on s.npn = a.npn and s.state = any (a.states_wanted)
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

-- Brings the index up to date for these agents; rows that are right already are not touched. The agents' rows are locked
-- first, so that of two transactions that change facts of one agent the second sees what the first has written.
drop function line_up(text[]);
create function refresh_candidates(npns text[]) returns void language plpgsql as $$
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
    last_offered_at = excluded.last_offered_at, lat = excluded.lat, lon = excluded.lon
  where (c.last_offered_at, c.lat, c.lon) is distinct from (excluded.last_offered_at, excluded.lat, excluded.lon);
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

alter function line_up_agent() rename to refresh_candidate;
create or replace function refresh_candidate() returns trigger language plpgsql as $$
begin
  perform refresh_candidates(array[new.npn::text]);
  return null;
end $$;
alter trigger lines_follow on agents rename to agents_refresh_candidate;

alter function move_in_lines() rename to reorder_candidate;
create or replace function reorder_candidate() returns trigger language plpgsql as $$
begin
  update candidate_index set last_offered_at = coalesce(new.last_offered_at, '-infinity') where npn = new.npn;
  return null;
end $$;
alter trigger lines_move on agents rename to agents_reorder_candidate;

alter function line_up_serving() rename to refresh_serving_candidates;
create or replace function refresh_serving_candidates() returns trigger language plpgsql as $$
declare
  npns constant text[] := array(select distinct npn from changed);
begin
  if cardinality(npns) > 0 then perform refresh_candidates(npns); end if;
  return null;
end $$;
alter trigger lines_follow_begin on serving rename to serving_added;
alter trigger lines_follow_end on serving rename to serving_removed;

-- Ops actions.
alter table ops_acts rename to ops_actions;
alter table ops_actions rename column act to action;
alter table ops_actions rename constraint ops_acts_pkey to ops_actions_pkey;
alter table ops_actions rename constraint ops_acts_account_id_fkey to ops_actions_account_id_fkey;
alter table ops_actions rename constraint ops_acts_referral_id_fkey to ops_actions_referral_id_fkey;
alter table ops_actions rename constraint ops_acts_reason_check to ops_actions_reason_check;
alter table ops_actions rename constraint ops_acts_check to ops_actions_check;
alter index ops_acts_of_agent rename to ops_actions_of_agent;
alter index ops_acts_of_referral rename to ops_actions_of_referral;

-- Warnings that a registration or a license expires.
alter table end_warnings rename to expiration_warnings;
alter table expiration_warnings rename constraint end_warnings_pkey to expiration_warnings_pkey;
alter table expiration_warnings rename constraint end_warnings_npn_plan_year_fkey to expiration_warnings_npn_plan_year_fkey;

-- What was sent or reported.
alter table onboardings rename column terms_reminders_told to terms_reminders_sent;
alter table onboardings rename column late_told_at to late_notified_at;
alter table offers rename column called_told_at to called_reported_at;

-- Messages of SNS that were processed: a replay changes nothing.
alter table taken_reports rename to processed_reports;
alter table processed_reports rename column taken_at to processed_at;
alter table processed_reports rename constraint taken_reports_pkey to processed_reports_pkey;
alter index taken_reports_age rename to processed_reports_age;

-- When the catalog was checked last and had no newer release; `looked_at` of audit_runs is a number.
alter table feed_pulls rename column looked_at to checked_at;

-- The consents that are in force; agents alone have a standing.
alter index consents_standing rename to consents_in_force;

-- From Postgres 18 on, a NOT NULL has a name of its own, which follows neither its table nor its column.
do $$
declare
  named record;
begin
  for named in
    select c.conrelid::regclass as of_table, c.conname as old_name, t.relname || '_' || a.attname || '_not_null' as new_name
    from pg_constraint c
    join pg_class t on t.oid = c.conrelid
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where c.contype = 'n' and c.conrelid in ('outbox'::regclass, 'agents'::regclass, 'candidate_index'::regclass,
      'candidate_periods'::regclass, 'ops_actions'::regclass, 'expiration_warnings'::regclass, 'onboardings'::regclass,
      'offers'::regclass, 'processed_reports'::regclass, 'feed_pulls'::regclass)
  loop
    if named.old_name <> named.new_name then
      execute format('alter table %s rename constraint %I to %I', named.of_table, named.old_name, named.new_name);
    end if;
  end loop;
end $$;
