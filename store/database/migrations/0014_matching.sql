-- Up Migration

-- Great-circle distance in miles; null where a position is not known.
create function miles_between(lat double precision, lon double precision, to_lat double precision, to_lon double precision)
returns double precision language sql immutable parallel safe as $$
  select 2 * 3958.8 * asin(least(1, sqrt(
    pow(sin(radians(lat - to_lat) / 2), 2)
    + cos(radians(lat)) * cos(radians(to_lat)) * pow(sin(radians(lon - to_lon) / 2), 2))))
$$;

-- The square of half a degree that a position lies in; `squareOf` of the domain is the same.
create function square_of(lat double precision, lon double precision)
returns integer language sql immutable parallel safe as $$
  select floor((lat + 90) * 2)::integer * 720 + mod(floor((lon + 180) * 2)::integer, 720)
$$;

-- An agent's place on the circle of turns, 0 to 2^31 - 1, by chance and for ever: the order of those who are idle alike.
create function turn_of(npn npn) returns integer language sql immutable parallel safe as $$
  select ('x' || substr(md5(npn), 1, 8))::bit(32)::integer & 2147483647
$$;

-- The lines in which agents stand who are on duty for a state, the longest idle first: an index for matching, which
-- reads the facts of whoever it finds here. Triggers keep it in the transaction that changes a fact.
create table lineup (
  npn npn not null references agents (npn) on delete cascade,
  line text not null, -- 'TX', 'TX en', 'TX en 172987': `lineOf` of the domain
  last_offered_at timestamptz not null, -- '-infinity': never
  turn integer not null,
  lat double precision,
  lon double precision,
  primary key (npn, line)
) with (
  -- whoever is asked moves from the head of his lines to their end: a vacuum after some hundreds of them, not after a
  -- fifth of the table, keeps the heads short
  fillfactor = 70,
  autovacuum_vacuum_scale_factor = 0.005,
  autovacuum_vacuum_threshold = 500
);

create view lines_of_facts as
select a.npn, l.line, coalesce(a.last_offered_at, '-infinity') as last_offered_at,
       turn_of(a.npn) as turn, a.lat, a.lon
from agents a
cross join lateral (select distinct state from serving where npn = a.npn and state = any (a.states_wanted)) s
cross join lateral (
  select s.state as line
  union
  select s.state || ' ' || language from unnest(a.languages) language
  union
  select s.state || ' ' || language || ' ' || square_of(a.lat, a.lon) from unnest(a.languages) language
  where square_of(a.lat, a.lon) is not null
) l
where a.left_at is null and a.held_at is null
  -- written by the loop that follows the clock: the agent's time on duty has begun
  and a.duty_from = '-infinity';

-- When an agent stood in the line of a state, by the clock of Postgres: offers are counted against these hours, and
-- they answer later why somebody was not asked.
create table line_periods (
  npn npn not null references agents (npn) on delete cascade,
  state text not null,
  from_at timestamptz not null,
  until_at timestamptz,
  primary key (npn, state, from_at)
);
create unique index line_periods_open on line_periods (npn, state) where until_at is null;

-- Writes agents' lines anew; what is right already is not touched. The agents' rows are held first, so that of two
-- transactions that change facts of one agent the second sees what the first has written.
create function line_up(who text[]) returns void language plpgsql as $$
begin
  perform from agents where npn = any (who) order by npn for no key update;
  with facts as materialized (
    select * from lines_of_facts where npn = any (who)
  ), gone as (
    delete from lineup l where l.npn = any (who)
      and not exists (select from facts f where f.npn = l.npn and f.line = l.line)
  )
  insert into lineup as l select * from facts
  on conflict (npn, line) do update set
    last_offered_at = excluded.last_offered_at, lat = excluded.lat, lon = excluded.lon
  where (l.last_offered_at, l.lat, l.lon) is distinct from (excluded.last_offered_at, excluded.lat, excluded.lon);
  update line_periods p set until_at = greatest(p.from_at, now())
  where p.npn = any (who) and p.until_at is null
    and not exists (select from lineup l where l.npn = p.npn and l.line = p.state);
  insert into line_periods (npn, state, from_at)
  select l.npn, l.line, now() from lineup l
  where l.npn = any (who) and length(l.line) = 2
    and not exists (select from line_periods p where p.npn = l.npn and p.state = l.line and p.until_at is null)
  -- gone and back in one transaction: never gone
  on conflict (npn, state, from_at) do update set until_at = null;
end $$;

create function line_up_agent() returns trigger language plpgsql as $$
begin
  perform line_up(array[new.npn::text]);
  return null;
end $$;
create trigger lines_follow after update on agents for each row
  when ((new.languages, new.states_wanted, new.lat, new.lon, new.left_at, new.held_at, new.duty_from)
    is distinct from (old.languages, old.states_wanted, old.lat, old.lon, old.left_at, old.held_at, old.duty_from))
  execute function line_up_agent();

create function move_in_lines() returns trigger language plpgsql as $$
begin
  update lineup set last_offered_at = coalesce(new.last_offered_at, '-infinity') where npn = new.npn;
  return null;
end $$;
create trigger lines_move after update on agents for each row
  when (new.last_offered_at is distinct from old.last_offered_at)
  execute function move_in_lines();

create function line_up_serving() returns trigger language plpgsql as $$
declare
  who constant text[] := array(select distinct npn from changed);
begin
  if cardinality(who) > 0 then perform line_up(who); end if;
  return null;
end $$;
create trigger lines_follow_begin after insert on serving
  referencing new table as changed for each statement execute function line_up_serving();
create trigger lines_follow_end after delete on serving
  referencing old table as changed for each statement execute function line_up_serving();

-- what `line_up` would write for everybody, in one pass; the index is built once, at the end
insert into lineup select * from lines_of_facts;
create index lineup_order on lineup (line, last_offered_at, turn);
insert into line_periods (npn, state, from_at) select npn, line, now() from lineup where length(line) = 2;

-- Each look of a referral for somebody to ask. Written by the look itself: what it came to. What it was chosen from is
-- counted some seconds later, so that no consumer waits for it.
create table match_decisions (
  id bigint generated always as identity primary key,
  referral_id uuid not null references referrals (id) on delete cascade,
  at timestamptz not null,
  -- who was asked; null: nobody, for this cause
  npn npn,
  rung text,
  cause text,
  -- how many were asked before
  asked integer not null,
  -- the limits that it was decided by
  limits jsonb not null,
  policy_version text not null,
  -- when the rest was counted, by the same rules
  explained_at timestamptz,
  -- all who serve the state or want it
  considered integer,
  excluded jsonb, -- {"reason": how many}
  ranked jsonb, -- the first 20: [{"npn", "rung", "idleSince", "miles"}]
  unique (referral_id, at),
  check ((npn is null) = (rung is null) and (npn is null) <> (cause is null))
);
create index match_decisions_unexplained on match_decisions (id) where explained_at is null;
create index match_decisions_of_agent on match_decisions (npn, at);

-- Who wants a state, whether he serves it or not.
create index agents_states_wanted on agents using gin (states_wanted);
