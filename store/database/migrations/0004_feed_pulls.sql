-- Up Migration

-- Each look at a data catalog for a newer release of a feed, and the pages of one that is under way.
create table feed_pulls (
  id uuid primary key,
  kind text not null,
  dataset text not null,
  -- what the catalog called the release: its distribution and the day it was changed
  distribution text not null,
  modified text not null,
  etag text,
  rows integer not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  ended_as text check (ended_as in ('imported', 'refused', 'replaced')),
  -- the refusal's code
  code text,
  release_id uuid references feed_releases (id),
  check ((ended_at is null) = (ended_as is null))
);
create unique index feed_pulls_one_open on feed_pulls (dataset) where ended_at is null;
create index feed_pulls_ended on feed_pulls (dataset, ended_at desc);

-- Pages rest here rather than in a file of one machine, so that any worker can go on where another one ended.
create table feed_pull_pages (
  pull_id uuid not null references feed_pulls (id) on delete cascade,
  first_row integer not null,
  rows integer not null,
  csv text not null,
  primary key (pull_id, first_row)
);
