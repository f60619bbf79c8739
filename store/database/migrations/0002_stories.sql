-- Up Migration

-- Agents. Name and email come from the MLMS feed alone; the rest is the agent's own.
create table agents (
  npn npn primary key,
  first_name text not null,
  last_name text not null,
  email text not null,
  email_undeliverable_at timestamptz,
  synced_at timestamptz not null,
  phone text,
  contact_preference text check (contact_preference in ('email-text-app', 'email-text', 'email-app', 'email')),
  zip text,
  lat double precision,
  lon double precision,
  time_zone text,
  languages text[] not null default '{}',
  states_wanted text[] not null default '{}',
  registered_at timestamptz,
  last_offered_at timestamptz,
  left_at timestamptz,
  held_at timestamptz
);

create table accounts (
  id uuid primary key,
  username text not null,
  password_hash text not null,
  role text not null check (role in ('agent', 'ops')),
  npn npn unique references agents (npn),
  created_at timestamptz not null,
  check ((role = 'agent') = (npn is not null))
);
create unique index accounts_username on accounts (lower(username));

create table sessions (
  token_sha256 text primary key,
  account_id uuid not null references accounts (id) on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index sessions_expiry on sessions (expires_at);

create table push_subscriptions (
  endpoint text primary key,
  npn npn not null references agents (npn) on delete cascade,
  p256dh text not null,
  auth text not null,
  created_at timestamptz not null,
  gone_at timestamptz
);
create index push_subscriptions_npn on push_subscriptions (npn);

-- Terms and consents are kept word for word; a row never changes.
create table terms_documents (
  kind text not null check (kind in ('terms-of-use', 'agents-and-brokers-terms-of-use')),
  version text not null,
  effective_at timestamptz not null,
  sha256 text not null,
  text text not null,
  primary key (kind, version)
);

create table consent_documents (
  kind text not null check (kind in ('intake')),
  language text not null,
  version text not null,
  effective_at timestamptz not null,
  sha256 text not null,
  text text not null,
  primary key (kind, language, version)
);

create table terms_acceptances (
  npn npn not null references agents (npn),
  kind text not null,
  version text not null,
  sha256 text not null,
  accepted_at timestamptz not null,
  account_id uuid not null references accounts (id),
  ip_address text not null,
  user_agent text not null,
  primary key (npn, kind, version),
  foreign key (kind, version) references terms_documents (kind, version)
);

-- Onboarding. Only a training-completion row opens one; only activities write its stage.
create table onboardings (
  npn npn not null,
  plan_year smallint not null,
  stage text not null default 'awaiting-eligibility',
  since timestamptz not null,
  causes text[] not null default '{}',
  next_change_at timestamptz,
  -- when it was looked at for the first time
  reviewed_at timestamptz,
  -- when every condition was first met; a later gap is a suspension
  eligible_at timestamptz,
  -- promised at registration (or when a known agent's new plan year asks for terms); they never move
  terms_remind_at timestamptz[] not null default '{}',
  terms_reminders_told integer not null default 0,
  -- asked for by the agent (dead link) or by ops; an invitation issued later answers it
  invitation_requested_at timestamptz,
  closed_at timestamptz,
  created_at timestamptz not null,
  primary key (npn, plan_year)
);
create index onboardings_stage on onboardings (stage, since);

create table invitations (
  id uuid primary key,
  npn npn not null,
  plan_year smallint not null,
  number integer not null,
  token_sha256 text not null unique,
  sent_to text not null,
  issued_at timestamptz not null,
  remind_at timestamptz not null,
  reminded_at timestamptz,
  expires_at timestamptz not null,
  ended_at timestamptz,
  ended_as text check (ended_as in ('registered', 'expired', 'replaced', 'undeliverable')),
  registration_request_id uuid,
  policy_version text not null,
  foreign key (npn, plan_year) references onboardings (npn, plan_year),
  unique (npn, plan_year, number),
  check ((ended_at is null) = (ended_as is null))
);
-- an invitation opens an account, so an agent has one live link whichever plan years are under way
create unique index invitations_one_live on invitations (npn) where ended_at is null;
create index invitations_of_agent on invitations (npn, issued_at desc);

-- What a registering agent typed, until the onboarding has taken it in or refused it. The workflow knows the id.
create table registration_requests (
  id uuid primary key,
  invitation_id uuid not null references invitations (id),
  username text not null,
  password_hash text not null,
  phone text not null,
  contact_preference text not null,
  zip text not null,
  terms_version text not null,
  ip_address text not null,
  user_agent text not null,
  created_at timestamptz not null
);
create index registration_requests_invitation on registration_requests (invitation_id);

-- Who serves which state from when to when, written by the review, read by matching.
create table serving (
  npn npn not null references agents (npn),
  state text not null,
  from_at timestamptz not null,
  until_at timestamptz,
  plan_year smallint not null,
  primary key (npn, state, plan_year)
);
create index serving_state on serving (state);

-- Referrals. Postgres knows the person, in a table of its own; everything else speaks of the id.
create table referrals (
  id uuid primary key,
  stage text not null default 'queued',
  since timestamptz not null,
  causes text[] not null default '{}',
  waiting_until timestamptz,
  outcome text,
  zip text not null,
  city text not null,
  state text not null,
  lat double precision,
  lon double precision,
  time_zone text not null,
  language text not null,
  interpreter boolean not null,
  coverage_year smallint not null,
  need text not null,
  token_sha256 text not null,
  idempotency_key_sha256 text not null unique,
  request_sha256 text not null,
  budget_ends_at timestamptz not null,
  policy_version text not null,
  created_at timestamptz not null,
  closed_at timestamptz
);
create index referrals_waiting on referrals (state, created_at) where stage = 'queued';
create index referrals_stage on referrals (stage, since);

create table consumer_contacts (
  referral_id uuid primary key references referrals (id) on delete cascade,
  name text not null,
  phone text,
  email text,
  check (phone is not null or email is not null)
);

create table consents (
  referral_id uuid primary key references referrals (id),
  kind text not null,
  language text not null,
  version text not null,
  given_by text not null check (given_by in ('adult', 'representative')),
  given_at timestamptz not null,
  rescinded_at timestamptz,
  foreign key (kind, language, version) references consent_documents (kind, language, version)
);

-- One row a turn, from reservation to its one end.
create table offers (
  id uuid primary key,
  referral_id uuid not null references referrals (id),
  npn npn not null references agents (npn),
  number integer not null,
  short_code text not null,
  offered_at timestamptz not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  contact_due_at timestamptz,
  contacted_at timestamptz,
  closes_at timestamptz,
  ended_at timestamptz,
  ended_as text,
  ended_by text check (ended_by in ('agent', 'consumer', 'clock', 'service')),
  reason text,
  policy_version text not null,
  unique (referral_id, number),
  check ((ended_at is null) = (ended_as is null))
);
create unique index offers_one_open on offers (referral_id) where ended_at is null;
create index offers_of_agent on offers (npn) where ended_at is null;
create index offers_history on offers (npn, offered_at desc);

-- Notices: one row for each time somebody is told something; one delivery for each channel it takes.
create table notices (
  id uuid primary key,
  kind text not null,
  npn npn,
  plan_year smallint,
  referral_id uuid,
  offer_id uuid,
  invitation_id uuid,
  language text not null,
  created_at timestamptz not null,
  -- after this instant telling it would mislead
  until_at timestamptz,
  dedupe_key text not null unique
);
create index notices_offer on notices (offer_id) where offer_id is not null;

create table deliveries (
  id uuid primary key,
  notice_id uuid not null references notices (id),
  channel text not null check (channel in ('email', 'text', 'push')),
  status text not null check (status in ('pending', 'sent', 'delivered', 'refused', 'lapsed')),
  provider_message_id text,
  code text,
  changed_at timestamptz not null,
  unique (notice_id, channel)
);

-- What happened, append-only. The sequence counts per subject; NOTIFY carries ids alone and is only a hint.
create table events (
  subject_kind text not null check (subject_kind in ('onboarding', 'referral')),
  subject_id text not null,
  sequence integer not null,
  kind text not null,
  at timestamptz not null,
  by text not null check (by in ('agent', 'consumer', 'ops', 'clock', 'service')),
  data jsonb not null default '{}',
  primary key (subject_kind, subject_id, sequence)
);
create index events_at on events (at);

create function tell_of_event() returns trigger language plpgsql as $$
begin
  perform pg_notify('events', new.subject_kind || ' ' || new.subject_id);
  return null;
end $$;
create trigger events_told after insert on events for each row execute function tell_of_event();

-- What must follow a commit, drained by the relay at least once and in order of id.
--   deed 'start-onboarding' | 'wake-onboarding'   subject {"npn": "…", "planYear": 2027}
--   deed 'start-referral' | 'wake-referral'       subject {"referralId": "…"}
--   deed 'rescind-offer'                          subject {"referralId": "…", "offerId": "…"}
create table outbox (
  id bigint generated always as identity primary key,
  deed text not null check (deed in ('start-onboarding', 'wake-onboarding', 'start-referral', 'wake-referral', 'rescind-offer')),
  subject jsonb not null,
  created_at timestamptz not null default now(),
  try_at timestamptz not null default now(),
  tries integer not null default 0
);
create index outbox_due on outbox (try_at, id);

create function tell_of_outbox() returns trigger language plpgsql as $$
begin
  perform pg_notify('outbox', '');
  return null;
end $$;
create trigger outbox_told after insert on outbox for each statement execute function tell_of_outbox();

-- The limiter's own layout (rate-limiter-flexible); keys arrive hashed.
create table rate_limits (
  key varchar(255) primary key,
  points integer not null default 0,
  expire bigint
);
