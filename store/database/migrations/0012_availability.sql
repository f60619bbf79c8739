-- Up Migration

-- When an agent can be asked, as far as the agent has said so. No hours: at any time.
create table availability_hours (
  npn npn not null references agents (npn) on delete cascade,
  weekday smallint not null check (weekday between 1 and 7), -- ISO: 1 is Monday
  -- on the clock of the agent's time zone; an end that is not after the beginning lies on the next day
  from_time text not null check (from_time ~ '^([01]\d|2[0-3]):[0-5]\d$'),
  until_time text not null check (until_time ~ '^(([01]\d|2[0-3]):[0-5]\d|24:00)$'),
  primary key (npn, weekday, from_time)
);

-- The switch; null: until it is switched again.
create table availability_overrides (
  npn npn primary key references agents (npn) on delete cascade,
  is_on boolean not null,
  until_at timestamptz
);

-- Dates in the agent's time zone, both included. One that was taken back stays, for whoever asks why nobody was asked.
create table absences (
  id uuid primary key,
  npn npn not null references agents (npn) on delete cascade,
  from_date date not null,
  until_date date not null,
  created_at timestamptz not null,
  removed_at timestamptz,
  check (until_date >= from_date)
);
create unique index absences_once on absences (npn, from_date, until_date) where removed_at is null;

-- What matching reads of all that: available while duty_from <= now < duty_until.
alter table agents
  add column if not exists duty_from timestamptz not null default '-infinity',
  add column if not exists duty_until timestamptz not null default 'infinity',
  -- when that begins or ends by itself and has to be computed anew; null: never
  add column duty_turns_at timestamptz;
create index agents_duty_turns on agents (duty_turns_at) where duty_turns_at is not null;
