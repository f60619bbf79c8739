-- Up Migration

-- A row of the evidence names a release that is kept. A foreign key looks that up once for each of a feed's rows,
-- which took a quarter of an import's time, although all rows of a statement name the same release. These triggers
-- give the same guarantee once a statement: what is written names a release that is there already, and a release
-- never goes and keeps its id.
alter table registration_completions drop constraint registration_completions_release_id_fkey;
alter table terminations drop constraint terminations_release_id_fkey;
alter table training_completions drop constraint training_completions_release_id_fkey;
alter table licenses drop constraint licenses_release_id_fkey;

create function check_release() returns trigger language plpgsql as $$
begin
  if exists (
    select from (select distinct release_id from written) named
     where not exists (select from feed_releases where id = named.release_id)
  ) then
    raise foreign_key_violation using message = format('a row of %s names a release that is not kept', tg_table_name);
  end if;
  return null;
end $$;

create trigger release_checked after insert on registration_completions
  referencing new table as written for each statement execute function check_release();
create trigger changed_release_checked after update on registration_completions
  referencing new table as written for each statement execute function check_release();
create trigger release_checked after insert on terminations
  referencing new table as written for each statement execute function check_release();
create trigger changed_release_checked after update on terminations
  referencing new table as written for each statement execute function check_release();
create trigger release_checked after insert on training_completions
  referencing new table as written for each statement execute function check_release();
create trigger changed_release_checked after update on training_completions
  referencing new table as written for each statement execute function check_release();
create trigger release_checked after insert on licenses
  referencing new table as written for each statement execute function check_release();
create trigger changed_release_checked after update on licenses
  referencing new table as written for each statement execute function check_release();

create function refuse_loss_of_release() returns trigger language plpgsql as $$
begin
  raise restrict_violation using message = 'a release of a feed is never removed and keeps its id';
end $$;
create trigger releases_stay before delete or truncate or update of id on feed_releases
  for each statement execute function refuse_loss_of_release();

-- The same form of an NPN as before, without a regular expression, which took as long as writing the row.
alter domain npn drop constraint npn_check;
alter domain npn add constraint npn_form
  check (length(value) between 1 and 10 and ltrim(value, '0123456789') = '' and value not like '0%');

-- The imports of feeds, under way and ended: written beside an import's own transaction, so that ops see how far it
-- is and why it was refused. Holds nothing of what a file says.
create table feed_imports (
  id uuid primary key,
  kind text not null check (kind in ('registration-completions', 'terminations', 'training-completions', 'licenses')),
  origin text not null check (origin in ('upload', 'command', 'pulled')),
  -- which of the services that feeds are pulled from
  source_name text,
  started_at timestamptz not null,
  -- when the process that imports last said so; one that died says nothing more
  alive_at timestamptz not null,
  announced_bytes bigint,
  bytes bigint not null default 0,
  rows bigint not null default 0,
  ended_at timestamptz,
  ended_as text check (ended_as in ('imported', 'refused', 'interrupted')),
  release_id uuid references feed_releases (id),
  -- why it was refused: the type, and the sentence that its sender got, which repeats nothing of the file
  refusal text,
  refusal_detail text,
  check ((ended_at is null) = (ended_as is null)),
  check ((release_id is not null) = (ended_as is not distinct from 'imported')),
  check ((refusal is not null) = (ended_as is not distinct from 'refused'))
);
create index feed_imports_newest on feed_imports (started_at desc);
