-- Up Migration

-- How long requests wait for an agent, as everybody may read it. Counted by a loop of the workers, never when
-- somebody reads them.
create table waiting_times (
  period text not null check (period in ('this-hour', 'month')),
  state text,
  language text,
  requests integer not null check (requests >= 20),
  median_minutes integer,
  ninetieth_minutes integer,
  unmatched_share double precision not null check (unmatched_share between 0 and 1),
  check (language is null or state is not null),
  check ((median_minutes is null) = (ninetieth_minutes is null)),
  unique nulls not distinct (state, language, period)
);
comment on table waiting_times is
  'How long requests waited for their first agent. A group of fewer than 20 requests is not shown, so it has no row.';
comment on column waiting_times.period is
  'this-hour: requests of the last 7 days at this hour of the day; month: those of the last 30 days.';
comment on column waiting_times.state is 'Null: all states.';
comment on column waiting_times.language is 'Null: all languages.';
comment on column waiting_times.requests is 'Requests whose search is over: an agent accepted, or none was found.';
comment on column waiting_times.median_minutes is
  'Half of those that found an agent waited no longer; null if fewer than 20 found one.';
comment on column waiting_times.ninetieth_minutes is 'Nine of ten of them waited no longer.';
comment on column waiting_times.unmatched_share is 'Share of the requests that found no agent.';

create table waiting_time_counts (
  period text primary key,
  counted_at timestamptz not null,
  leased_until timestamptz
);
comment on table waiting_time_counts is 'When the waiting times of a period were counted.';
comment on column waiting_time_counts.leased_until is
  'While a worker counts: until when the others leave it to that one. Null: none does.';
insert into waiting_time_counts values ('this-hour', '-infinity'), ('month', '-infinity');
