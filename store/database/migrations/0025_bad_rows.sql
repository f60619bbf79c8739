-- Up Migration

-- The bad rows of the newest release of each feed, for whoever has to mend them. A reason names columns and repeats no
-- field.
create table feed_bad_rows (
  release_id uuid not null references feed_releases (id),
  line integer not null,
  reason text not null,
  primary key (release_id, line)
);
