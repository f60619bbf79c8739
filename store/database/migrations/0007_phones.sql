-- Up Migration

-- What is known of an agent's phone. Texts reach a cell phone alone, and offers only the agent's own.
alter table agents
  -- null: not known yet
  add column phone_line_type text check (phone_line_type in ('mobile', 'landline', 'unknown')),
  -- when the kind of line is looked up again; null: nothing to look up
  add column phone_check_at timestamptz,
  add column phone_checks_failed integer not null default 0,
  -- promised when the phone was given, by the policy of that moment: no text but the code before it is confirmed
  add column phone_must_be_confirmed boolean not null default false,
  add column phone_confirmed_at timestamptz;

-- The look-up at the door, kept until the onboarding has taken the registration in.
alter table registration_requests add column phone_line_type text;

-- The latest code that an agent confirms his phone with. The code itself is derived from the id and rests nowhere:
-- a hash of six digits would tell it to anybody who tries a million of them.
create table phone_codes (
  npn npn primary key references agents (npn) on delete cascade,
  id uuid not null unique,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  tries integer not null default 0,
  confirmed_at timestamptz
);
