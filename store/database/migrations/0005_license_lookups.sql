-- Up Migration

-- The look-up at the registry for an agent of whom the license feed knows nothing yet: one row an NPN.
create table license_lookups (
  npn npn primary key,
  tries integer not null default 0,
  looked_up_at timestamptz, -- null: not yet
  next_at timestamptz, -- null: no more
  ended_as text check (ended_as in ('found', 'none', 'outage')),
  check ((tries = 0) = (looked_up_at is null) and (tries = 0) = (ended_as is null))
);

-- What the registry answered, in the shape of the feed. It counts only while the feed has no row of the NPN.
create table looked_up_licenses (
  npn npn not null references license_lookups (npn) on delete cascade,
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
  looked_up_at timestamptz not null,
  primary key (npn, state, license_number, line_of_authority)
);

-- A mapping that somebody gave by command, and not the committed file: it stays when the file is loaded anew.
alter table lines_of_authority
  add column set_at timestamptz,
  add column set_by text,
  add check ((set_at is null) = (set_by is null));
