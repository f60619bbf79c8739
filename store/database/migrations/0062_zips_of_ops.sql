-- Up Migration

-- A ZIP that ops know of before the file does. Its row stays when the file is loaded again.
alter table zips add column set_at timestamptz;

-- What ops said of a ZIP, who and why. Append-only.
create table zip_changes (
  id uuid primary key,
  zip text not null check (zip ~ '^[0-9]{5}$'),
  city text not null,
  state text not null,
  lat double precision,
  lon double precision,
  time_zone text not null,
  reason text not null check (length(reason) between 1 and 2000),
  account_id uuid not null references accounts (id),
  at timestamptz not null
);
create index zip_changes_of_zip on zip_changes (zip, at);

-- Agents of a ZIP move with its row.
create index agents_zip on agents (zip) where zip is not null;

-- How old the data of a file are, which is not when they were loaded.
alter table reference_files add column as_of date;
