-- Up Migration

-- What the feeds bring. Every feed is a full snapshot; a row names the release that last changed it, so that a
-- standing can say which release it rests on. An NPN is kept without leading zeros, which are not significant.
create domain npn as text check (value ~ '^[1-9][0-9]{0,9}$');

create table feed_releases (
  id uuid primary key default gen_random_uuid(),
  kind text not null check (kind in ('registration-completions', 'terminations', 'training-completions', 'licenses')),
  sha256 text not null,
  bytes bigint not null,
  added integer not null,
  changed integer not null,
  removed integer not null,
  unchanged integer not null,
  bad integer not null,
  received_at timestamptz not null
);
create index feed_releases_latest on feed_releases (kind, received_at desc);

create table registration_completions (
  npn npn not null,
  plan_year smallint not null,
  completed_on date,
  ends_on date,
  shop_completed_on date,
  shop_ends_on date,
  npn_valid text not null check (npn_valid in ('Y', 'N', '-')),
  -- the last Y or N that was stated: "-" only means "not stated" and never erases it
  npn_valid_kept text check (npn_valid_kept in ('Y', 'N')),
  release_id uuid not null references feed_releases (id) deferrable initially deferred,
  changed_at timestamptz not null,
  primary key (npn, plan_year)
);

create table terminations (
  npn npn not null,
  marketplaces text not null check (marketplaces in ('BOTH', 'INDIVIDUAL', 'SHOP')),
  dated_on date not null,
  status text not null check (status ~ '^[TR][1-4]$'),
  effective_plan_year smallint not null,
  registration_completed_on date,
  release_id uuid not null references feed_releases (id) deferrable initially deferred,
  changed_at timestamptz not null,
  primary key (npn, marketplaces, dated_on)
);

create table training_completions (
  npn npn not null,
  plan_year smallint not null,
  first_name text not null,
  last_name text not null,
  email text not null,
  languages text[] not null, -- BCP-47
  states_wanted text[] not null,
  marketplace_registered_on date,
  marketplace_trained_on date,
  cms_agreements_signed_on date,
  coursework_completed_on date,
  nipr_validated_on date,
  new_to_marketplace boolean not null,
  release_id uuid not null references feed_releases (id) deferrable initially deferred,
  changed_at timestamptz not null,
  primary key (npn, plan_year)
);

create table licenses (
  npn npn not null,
  state text not null,
  license_number text not null,
  line_of_authority text not null,
  license_class text not null check (license_class in ('Producer', 'Business Entity')),
  resident boolean not null,
  active boolean not null,
  issued_on date,
  expires_on date, -- null: it never expires
  line_code text not null,
  line_active boolean not null,
  release_id uuid not null references feed_releases (id) deferrable initially deferred,
  changed_at timestamptz not null,
  primary key (npn, state, license_number, line_of_authority)
);

-- What the evidence is read against.
create table lines_of_authority (
  state text not null, -- '*': every state that has no row of its own for this name
  name text not null,  -- lower case
  health boolean not null,
  primary key (state, name)
);

create table marketplaces (
  state text not null,
  plan_year smallint not null,
  effective_on date not null,
  kind text not null check (kind in ('FFM', 'SBM-FP', 'SBM')),
  name text not null,
  url text not null,
  phone text not null,
  primary key (state, plan_year, effective_on)
);

create table zips (
  zip text primary key check (zip ~ '^[0-9]{5}$'),
  city text not null,
  state text not null,
  lat double precision,
  lon double precision,
  time_zone text not null
);
create index zips_state on zips (state);

-- The hash of each file of reference data that was loaded last, so that loading again costs nothing.
create table reference_files (
  name text primary key,
  sha256 text not null,
  loaded_at timestamptz not null default now()
);
