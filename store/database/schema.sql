-- The tables of the service. Generated from the migrated database by `npm run schema`: do not edit it, add a migration.
-- A table stands after those that it refers to, and a function above the triggers that call it.

create domain npn as text
  constraint npn_form check (length(value) >= 1 and length(value) <= 10 and ltrim(value, '0123456789') = ''
    and value not like '0%');

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
  held_at timestamptz,
  phone_line_type text check (phone_line_type in ('mobile', 'landline', 'no-texts', 'no-number', 'unknown')),
  phone_check_at timestamptz,
  phone_checks_failed integer not null default 0,
  phone_must_be_confirmed boolean not null default false,
  phone_confirmed_at timestamptz,
  left_because text check (left_because in ('agent', 'departure', 'death', 'other')),
  left_by text check (left_by in ('agent', 'ops')),
  available_from timestamptz not null default '-infinity',
  available_until timestamptz not null default 'infinity',
  availability_changes_at timestamptz
);
create index agents_availability_changes on agents (availability_changes_at)
  where availability_changes_at is not null;
create index agents_email on agents (lower(email));
create index agents_phone on agents (phone) where phone is not null;
create index agents_states_wanted on agents using gin (states_wanted);
create index agents_zip on agents (zip) where zip is not null;

create function refresh_candidate() returns trigger language plpgsql as $$
begin
  perform refresh_candidates(array[new.npn::text]);
  return null;
end $$;

create function reorder_candidate() returns trigger language plpgsql as $$
begin
  update candidate_index set last_offered_at = coalesce(new.last_offered_at, '-infinity') where npn = new.npn;
  return null;
end $$;

create trigger agents_refresh_candidate after update on agents for each row
  when (new.languages is distinct from old.languages or new.states_wanted is distinct from old.states_wanted
  or new.lat is distinct from old.lat or new.lon is distinct from old.lon or new.left_at is distinct from old.left_at
  or new.held_at is distinct from old.held_at or new.available_from is distinct from old.available_from)
  execute function refresh_candidate();
create trigger agents_reorder_candidate after update on agents for each row
  when (new.last_offered_at is distinct from old.last_offered_at) execute function reorder_candidate();

create table absences (
  id uuid primary key,
  npn npn not null references agents (npn) on delete cascade,
  from_date date not null,
  until_date date not null,
  created_at timestamptz not null,
  removed_at timestamptz,
  constraint absences_check check (until_date >= from_date)
);
create unique index absences_once on absences (npn, from_date, until_date) where removed_at is null;

create table accounts (
  id uuid primary key,
  username text not null,
  password_hash text not null,
  role text not null check (role in ('agent', 'ops')),
  npn npn unique references agents (npn),
  created_at timestamptz not null,
  constraint accounts_check check ((role = 'agent') = (npn is not null))
);
create unique index accounts_username on accounts (lower(username));

create table audit_findings (
  id bigint generated always as identity primary key,
  kind text not null,
  subject_kind text not null,
  subject_id text not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  repaired_at timestamptz,
  resolved_at timestamptz
);
create index audit_findings_of_subject on audit_findings (kind, subject_id, repaired_at)
  where repaired_at is not null;
create unique index audit_findings_open on audit_findings (kind, subject_id) where resolved_at is null;

create table audit_runs (
  id uuid primary key,
  started_at timestamptz not null,
  ended_at timestamptz,
  looked_at integer not null default 0,
  lists integer not null default 0,
  describes integer not null default 0,
  found integer not null default 0,
  repaired integer not null default 0,
  resolved integer not null default 0
);
create index audit_runs_latest on audit_runs (started_at desc);

create table availability_hours (
  npn npn not null references agents (npn) on delete cascade,
  weekday smallint not null check (weekday >= 1 and weekday <= 7),
  from_time text not null check (from_time ~ '^([01]\d|2[0-3]):[0-5]\d$'),
  until_time text not null check (until_time ~ '^(([01]\d|2[0-3]):[0-5]\d|24:00)$'),
  constraint availability_hours_pkey primary key (npn, weekday, from_time)
);

create table availability_overrides (
  npn npn primary key references agents (npn) on delete cascade,
  is_on boolean not null,
  until_at timestamptz
);

create table candidate_index (
  npn npn not null references agents (npn) on delete cascade,
  bucket text not null,
  last_offered_at timestamptz not null,
  tie_break integer not null,
  lat double precision,
  lon double precision,
  constraint candidate_index_pkey primary key (npn, bucket)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.005, autovacuum_vacuum_threshold = 500);
create index candidate_index_order on candidate_index (bucket, last_offered_at, tie_break);

create table candidate_periods (
  npn npn not null references agents (npn) on delete cascade,
  state text not null,
  from_at timestamptz not null,
  until_at timestamptz,
  constraint candidate_periods_pkey primary key (npn, state, from_at)
);
create index candidate_periods_of_state on candidate_periods (state, until_at);
create unique index candidate_periods_open on candidate_periods (npn, state) where until_at is null;

create table consent_documents (
  kind text not null check (kind in ('intake', 'texts')),
  language text not null,
  version text not null,
  effective_at timestamptz not null,
  sha256 text not null,
  text text not null,
  scope text[] not null,
  purpose text not null,
  duration_days integer check (duration_days > 0),
  constraint consent_documents_pkey primary key (kind, language, version)
);

create table events (
  subject_kind text not null check (subject_kind in ('onboarding', 'referral')),
  subject_id text not null,
  sequence integer not null,
  kind text not null,
  at timestamptz not null,
  by text not null check (by in ('agent', 'consumer', 'ops', 'clock', 'service')),
  data jsonb not null default '{}',
  constraint events_pkey primary key (subject_kind, subject_id, sequence)
);
create index events_at on events (at);

create function notify_event() returns trigger language plpgsql as $$
begin
  perform pg_notify('events', new.subject_kind || ' ' || new.subject_id);
  return null;
end $$;

create trigger events_notify after insert on events for each row execute function notify_event();

create table feed_releases (
  id uuid default gen_random_uuid() primary key,
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

create function refuse_loss_of_release() returns trigger language plpgsql as $$
begin
  raise restrict_violation using message = 'a release of a feed is never removed and keeps its id';
end $$;

create trigger releases_stay before delete or update of id or truncate on feed_releases for each statement
  execute function refuse_loss_of_release();

create table feed_bad_rows (
  release_id uuid not null references feed_releases (id),
  line integer not null,
  reason text not null,
  constraint feed_bad_rows_pkey primary key (release_id, line)
);

create table feed_imports (
  id uuid primary key,
  kind text not null check (kind in ('registration-completions', 'terminations', 'training-completions', 'licenses')),
  origin text not null check (origin in ('upload', 'command', 'pulled')),
  source_name text,
  started_at timestamptz not null,
  alive_at timestamptz not null,
  announced_bytes bigint,
  bytes bigint not null default 0,
  rows bigint not null default 0,
  ended_at timestamptz,
  ended_as text check (ended_as in ('imported', 'refused', 'interrupted')),
  release_id uuid references feed_releases (id),
  refusal text,
  refusal_detail text,
  additional_columns text[] not null default '{}',
  constraint feed_imports_check check ((ended_at is null) = (ended_as is null)),
  constraint feed_imports_check1 check ((release_id is not null) = (ended_as is not distinct from 'imported')),
  constraint feed_imports_check2 check ((refusal is not null) = (ended_as is not distinct from 'refused'))
);
create index feed_imports_newest on feed_imports (started_at desc);

create table feed_pulls (
  id uuid primary key,
  kind text not null,
  dataset text not null,
  distribution text not null,
  modified text not null,
  etag text,
  rows integer not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  ended_as text check (ended_as in ('imported', 'refused', 'replaced')),
  code text,
  release_id uuid references feed_releases (id),
  checked_at timestamptz,
  constraint feed_pulls_check check ((ended_at is null) = (ended_as is null))
);
create index feed_pulls_ended on feed_pulls (dataset, ended_at desc);
create unique index feed_pulls_one_open on feed_pulls (dataset) where ended_at is null;

create table feed_pull_pages (
  pull_id uuid not null references feed_pulls (id) on delete cascade,
  first_row integer not null,
  rows integer not null,
  csv text not null,
  constraint feed_pull_pages_pkey primary key (pull_id, first_row)
);

create table intake_pauses (
  id uuid primary key,
  state text not null,
  paused_at timestamptz not null,
  paused_by uuid not null references accounts (id),
  pause_reason text not null,
  notice jsonb not null default '{}',
  resumed_at timestamptz,
  resumed_by uuid references accounts (id),
  resume_reason text,
  constraint intake_pauses_check check ((resumed_at is null) = (resumed_by is null))
);
create unique index intake_pauses_running on intake_pauses (state) where resumed_at is null;

create table known_devices (
  account_id uuid not null references accounts (id) on delete cascade,
  token_sha256 text not null,
  created_at timestamptz not null,
  used_at timestamptz not null,
  constraint known_devices_pkey primary key (account_id, token_sha256)
);
create index known_devices_token on known_devices (token_sha256);

create table license_lookups (
  npn npn primary key,
  tries integer not null default 0,
  looked_up_at timestamptz,
  next_at timestamptz,
  ended_as text check (ended_as in ('found', 'none', 'outage')),
  constraint license_lookups_check check ((tries = 0) = (looked_up_at is null) and (tries = 0) = (ended_as is null))
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
  expires_on date,
  line_code text not null,
  line_active boolean not null,
  release_id uuid not null,
  changed_at timestamptz not null,
  constraint licenses_pkey primary key (npn, state, license_number, line_of_authority)
);

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

create trigger changed_release_checked after update on licenses referencing new table as written for each statement
  execute function check_release();
create trigger release_checked after insert on licenses referencing new table as written for each statement
  execute function check_release();

create table lines_of_authority (
  state text not null,
  name text not null,
  health boolean not null,
  set_at timestamptz,
  set_by text,
  constraint lines_of_authority_pkey primary key (state, name),
  constraint lines_of_authority_check check ((set_at is null) = (set_by is null))
);

create table looked_up_licenses (
  npn npn not null references license_lookups (npn) on delete cascade,
  state text not null,
  license_number text not null,
  line_of_authority text not null,
  license_class text not null check (license_class in ('Producer', 'Business Entity')),
  resident boolean not null,
  active boolean not null,
  issued_on date,
  expires_on date,
  line_code text not null,
  line_active boolean not null,
  looked_up_at timestamptz not null,
  constraint looked_up_licenses_pkey primary key (npn, state, license_number, line_of_authority)
);

create table marketplaces (
  state text not null,
  plan_year smallint not null,
  effective_on date not null,
  kind text not null check (kind in ('FFM', 'SBM-FP', 'SBM')),
  name text not null,
  url text not null,
  phone text not null,
  constraint marketplaces_pkey primary key (state, plan_year, effective_on)
);

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
  until_at timestamptz,
  dedupe_key text not null unique,
  data jsonb not null default '{}',
  to_address text
);
create index notices_of_agent on notices (npn, created_at desc) where npn is not null;
create index notices_of_referral on notices (referral_id) where referral_id is not null;
create index notices_offer on notices (offer_id) where offer_id is not null;

create table deliveries (
  id uuid primary key,
  notice_id uuid not null references notices (id),
  channel text not null check (channel in ('email', 'text', 'push', 'voice')),
  status text not null check (status in ('pending', 'sent', 'delivered', 'refused', 'lapsed', 'bounced',
    'complained')),
  provider_message_id text,
  code text,
  changed_at timestamptz not null,
  constraint deliveries_notice_id_channel_key unique (notice_id, channel)
);
create index deliveries_pending on deliveries (id) where status = 'pending';
create index deliveries_provider_message on deliveries (provider_message_id) where provider_message_id is not null;

create table onboardings (
  npn npn not null,
  plan_year smallint not null,
  stage text not null default 'awaiting-eligibility',
  since timestamptz not null,
  causes text[] not null default '{}',
  next_change_at timestamptz,
  reviewed_at timestamptz,
  eligible_at timestamptz,
  terms_remind_at timestamptz[] not null default '{}'::timestamptz[],
  terms_reminders_sent integer not null default 0,
  invitation_requested_at timestamptz,
  closed_at timestamptz,
  created_at timestamptz not null,
  late_at timestamptz,
  late_notified_at timestamptz,
  covered text[] not null default '{}',
  constraint onboardings_pkey primary key (npn, plan_year)
);
create index onboardings_causes on onboardings using gin (causes);
create index onboardings_open on onboardings (npn, plan_year) where closed_at is null;
create index onboardings_stage on onboardings (stage, since);

create table expiration_warnings (
  npn npn not null,
  plan_year smallint not null,
  subject text not null,
  ends_on date not null,
  warned_at timestamptz not null,
  constraint expiration_warnings_pkey primary key (npn, plan_year, subject, ends_on),
  constraint expiration_warnings_npn_plan_year_fkey foreign key (npn, plan_year)
    references onboardings (npn, plan_year)
);

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
  ended_as text check (ended_as in ('registered', 'expired', 'replaced', 'undeliverable', 'unsent')),
  registration_request_id uuid,
  policy_version text not null,
  retry_at timestamptz,
  constraint invitations_npn_plan_year_number_key unique (npn, plan_year, number),
  constraint invitations_npn_plan_year_fkey foreign key (npn, plan_year) references onboardings (npn, plan_year),
  constraint invitations_check check ((ended_at is null) = (ended_as is null))
);
create index invitations_of_agent on invitations (npn, issued_at desc);
create unique index invitations_one_live on invitations (npn) where ended_at is null;

create table outbox (
  id bigint generated always as identity primary key,
  type text not null check (type in ('start-onboarding', 'wake-onboarding', 'start-referral', 'wake-referral',
    'rescind-offer', 'offer-unreachable', 'close-referral', 'withdraw-referral', 'tell-notice')),
  payload jsonb not null,
  created_at timestamptz not null default now(),
  try_at timestamptz not null default now(),
  tries integer not null default 0,
  urgent boolean not null generated always as (type not in ('start-onboarding', 'wake-onboarding')) stored
);
create index outbox_due on outbox (try_at, id);
create index outbox_order on outbox (urgent desc, id);

create function notify_outbox() returns trigger language plpgsql as $$
begin
  perform pg_notify('outbox', '');
  return null;
end $$;

create trigger outbox_notify after insert on outbox for each statement execute function notify_outbox();

create table phone_codes (
  npn npn primary key references agents (npn) on delete cascade,
  id uuid not null unique,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  tries integer not null default 0,
  confirmed_at timestamptz
);

create table processed_reports (
  message_id text primary key,
  processed_at timestamptz not null
);
create index processed_reports_age on processed_reports (processed_at);

create table push_subscriptions (
  endpoint text primary key,
  npn npn not null references agents (npn) on delete cascade,
  p256dh text not null,
  auth text not null,
  created_at timestamptz not null,
  gone_at timestamptz
);
create index push_subscriptions_npn on push_subscriptions (npn);

create table rate_limits (
  key varchar(255) primary key,
  points integer not null default 0,
  expire bigint,
  open_at timestamptz
);
create index rate_limits_expire on rate_limits (expire);

create table reference_files (
  name text primary key,
  sha256 text not null,
  loaded_at timestamptz not null default now(),
  as_of date
);

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
  closed_at timestamptz,
  contact_times text[] not null default '{}',
  contact_by text not null default 'call' check (contact_by in ('call', 'relay', 'text', 'email')),
  contact_wrong_at timestamptz,
  another_asked_at timestamptz,
  opens_at timestamptz,
  idempotency_keys text[] not null default '{}',
  delete_at timestamptz
);
create index referrals_by_time on referrals (created_at);
create index referrals_delete_at on referrals (delete_at, id) where delete_at is not null;
create index referrals_idempotency_keys on referrals using gin (idempotency_keys);
create index referrals_open on referrals (id) where closed_at is null;
create index referrals_opening on referrals (state, opens_at, created_at) where stage = 'queued'
  and opens_at is not null;
create index referrals_stage on referrals (stage, since);
create index referrals_waiting on referrals (state, created_at) where stage = 'queued';

create table consents (
  referral_id uuid not null references referrals (id),
  kind text not null,
  language text not null,
  version text not null,
  given_by text not null check (given_by in ('adult', 'representative')),
  given_at timestamptz not null,
  rescinded_at timestamptz,
  expires_at timestamptz,
  constraint consents_pkey primary key (referral_id, kind, given_at),
  constraint consents_kind_language_version_fkey foreign key (kind, language, version)
    references consent_documents (kind, language, version)
);
create unique index consents_in_force on consents (referral_id, kind) where rescinded_at is null;

create table consumer_contacts (
  referral_id uuid primary key references referrals (id) on delete cascade,
  name text not null,
  phone text,
  email text,
  email_undeliverable_at timestamptz,
  constraint consumer_contacts_check check (phone is not null or email is not null)
);
create index consumer_contacts_email on consumer_contacts (lower(email)) where email is not null;
create index consumer_contacts_phone on consumer_contacts (phone) where phone is not null;

create table contact_changes (
  id uuid primary key,
  referral_id uuid not null references consumer_contacts (referral_id) on delete cascade,
  channel text not null check (channel in ('text', 'email')),
  address_before text,
  address text,
  key text,
  asked_at timestamptz not null,
  asked_by text not null default 'consumer' check (asked_by = 'consumer'),
  from_intake boolean not null default false,
  contact_by text not null,
  text_consent jsonb,
  code_id uuid,
  code_expires_at timestamptz,
  phone_over text not null default 'text' check (phone_over in ('text', 'voice')),
  tries integer not null default 0,
  waiting_until timestamptz,
  made_at timestamptz,
  constraint contact_changes_check check (address is not null or address_before is not null),
  constraint contact_changes_check1 check (made_at is not null or code_id is not null and code_expires_at is not null
    and waiting_until is not null)
);
create index contact_changes_of_referral on contact_changes (referral_id);
create index contact_changes_over on contact_changes (waiting_until) where made_at is null;
create unique index contact_changes_waiting on contact_changes (referral_id, channel) where made_at is null;

create table contact_codes (
  referral_id uuid primary key references referrals (id) on delete cascade,
  id uuid not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  tries integer not null default 0,
  confirmed_at timestamptz,
  resolved_to uuid,
  phone_over text not null default 'text' check (phone_over in ('text', 'voice'))
);

create table contact_keys (
  referral_id uuid not null references consumer_contacts (referral_id) on delete cascade,
  channel text not null check (channel in ('text', 'email')),
  key text not null,
  confirmed_at timestamptz,
  constraint contact_keys_pkey primary key (referral_id, channel)
);
create index contact_keys_key on contact_keys (key);

create table match_decisions (
  id bigint generated always as identity primary key,
  referral_id uuid not null references referrals (id) on delete cascade,
  at timestamptz not null,
  npn npn,
  rung text,
  cause text,
  asked integer not null,
  limits jsonb not null,
  policy_version text not null,
  explained_at timestamptz,
  considered integer,
  excluded jsonb,
  ranked jsonb,
  constraint match_decisions_referral_id_at_key unique (referral_id, at),
  constraint match_decisions_check check ((npn is null) = (rung is null) and (npn is null) <> (cause is null))
);
create index match_decisions_of_agent on match_decisions (npn, at);
create index match_decisions_unexplained on match_decisions (id) where explained_at is null;

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
  contact_remind_at timestamptz,
  milestone text check (milestone in ('quoted', 'deferred', 'delayed')),
  deferred_until date,
  called boolean,
  called_reported_at timestamptz,
  constraint offers_referral_id_number_key unique (referral_id, number),
  constraint offers_check check ((ended_at is null) = (ended_as is null))
);
create index offers_by_time on offers (offered_at);
create index offers_history on offers (npn, offered_at desc);
create index offers_of_agent on offers (npn) where ended_at is null;
create unique index offers_one_open on offers (referral_id) where ended_at is null;
create index offers_open on offers (id) where ended_at is null;

create table disclosures (
  offer_id uuid not null references offers (id) on delete cascade,
  shown text not null check (shown in ('offer', 'contact')),
  through text not null check (through in ('portal', 'link')),
  first_at timestamptz not null,
  last_at timestamptz not null,
  constraint disclosures_pkey primary key (offer_id, shown, through, first_at)
);

create table ops_actions (
  id uuid primary key,
  account_id uuid not null references accounts (id),
  action text not null,
  npn npn,
  plan_year smallint,
  referral_id uuid references referrals (id),
  because text,
  reason text not null check (length(reason) >= 1 and length(reason) <= 2000),
  at timestamptz not null,
  constraint ops_actions_check check (plan_year is null or npn is not null)
);
create index ops_actions_of_agent on ops_actions (npn, at) where npn is not null;
create index ops_actions_of_referral on ops_actions (referral_id, at) where referral_id is not null;

create table problem_reports (
  id uuid primary key,
  referral_id uuid not null references referrals (id),
  offer_id uuid not null references offers (id),
  npn npn not null references agents (npn),
  kind text not null check (kind in ('not-professional', 'asked-for-money', 'enrolled-without-consent',
    'kept-calling', 'other')),
  reported_at timestamptz not null,
  handled_at timestamptz,
  handled_by uuid references accounts (id),
  handled_reason text check (length(handled_reason) >= 1 and length(handled_reason) <= 2000)
);
create index problem_reports_of_offer on problem_reports (offer_id, kind, reported_at);
create index problem_reports_open on problem_reports (reported_at) where handled_at is null;

create table registration_completions (
  npn npn not null,
  plan_year smallint not null,
  completed_on date,
  ends_on date,
  shop_completed_on date,
  shop_ends_on date,
  npn_valid text not null check (npn_valid in ('Y', 'N', '-')),
  npn_valid_kept text check (npn_valid_kept in ('Y', 'N')),
  release_id uuid not null,
  changed_at timestamptz not null,
  constraint registration_completions_pkey primary key (npn, plan_year)
);
create trigger changed_release_checked after update on registration_completions referencing new table as written
  for each statement execute function check_release();
create trigger release_checked after insert on registration_completions referencing new table as written
  for each statement execute function check_release();

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
  created_at timestamptz not null,
  phone_line_type text
);
create index registration_requests_invitation on registration_requests (invitation_id);

create table serving (
  npn npn not null references agents (npn),
  state text not null,
  from_at timestamptz not null,
  until_at timestamptz,
  plan_year smallint not null,
  constraint serving_pkey primary key (npn, state, plan_year)
);
create index serving_state on serving (state);

create function refresh_serving_candidates() returns trigger language plpgsql as $$
declare
  npns constant text[] := array(select distinct npn from changed);
begin
  if cardinality(npns) > 0 then perform refresh_candidates(npns); end if;
  return null;
end $$;

create trigger serving_added after insert on serving referencing new table as changed for each statement
  execute function refresh_serving_candidates();
create trigger serving_removed after delete on serving referencing old table as changed for each statement
  execute function refresh_serving_candidates();

create table sessions (
  token_sha256 text primary key,
  account_id uuid not null references accounts (id) on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index sessions_expiry on sessions (expires_at);

create table terminations (
  npn npn not null,
  marketplaces text not null check (marketplaces in ('BOTH', 'INDIVIDUAL', 'SHOP')),
  dated_on date not null,
  status text not null check (status ~ '^[TR][1-4]$'),
  effective_plan_year smallint not null,
  registration_completed_on date,
  release_id uuid not null,
  changed_at timestamptz not null,
  constraint terminations_pkey primary key (npn, marketplaces, dated_on)
);
create trigger changed_release_checked after update on terminations referencing new table as written
  for each statement execute function check_release();
create trigger release_checked after insert on terminations referencing new table as written for each statement
  execute function check_release();

create table terms_documents (
  kind text not null check (kind in ('terms-of-use', 'agents-and-brokers-terms-of-use')),
  version text not null,
  effective_at timestamptz not null,
  sha256 text not null,
  text text not null,
  constraint terms_documents_pkey primary key (kind, version)
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
  constraint terms_acceptances_pkey primary key (npn, kind, version),
  constraint terms_acceptances_kind_version_fkey foreign key (kind, version)
    references terms_documents (kind, version)
);

create table text_opt_outs (
  phone text primary key,
  stopped_at timestamptz not null,
  stopped_by text not null check (stopped_by in ('reply', 'unclear-reply', 'provider')),
  id uuid not null default gen_random_uuid() unique
);

create table text_replies (
  provider_message_id text primary key,
  phone text not null,
  kind text check (kind in ('stop', 'start', 'help', 'accept', 'decline', 'unclear')),
  answer text,
  received_at timestamptz not null,
  kinds text[] not null default '{}' check (kinds <@ array['stop', 'start', 'help', 'accept', 'decline', 'unclear',
    'attempt', 'automatic']),
  answers text[]
);
create index text_replies_unclear on text_replies (received_at) where 'unclear' = any (kinds);

create table text_stop_decisions (
  opt_out_id uuid primary key,
  texts text not null check (texts in ('again', 'off')),
  account_id uuid not null references accounts (id),
  reason text not null check (length(reason) >= 1 and length(reason) <= 2000),
  at timestamptz not null
);

create table training_completions (
  npn npn not null,
  plan_year smallint not null,
  first_name text not null,
  last_name text not null,
  email text not null,
  languages text[] not null,
  states_wanted text[] not null,
  marketplace_registered_on date,
  marketplace_trained_on date,
  cms_agreements_signed_on date,
  coursework_completed_on date,
  nipr_validated_on date,
  new_to_marketplace boolean not null,
  release_id uuid not null,
  changed_at timestamptz not null,
  constraint training_completions_pkey primary key (npn, plan_year)
);
create trigger changed_release_checked after update on training_completions referencing new table as written
  for each statement execute function check_release();
create trigger release_checked after insert on training_completions referencing new table as written
  for each statement execute function check_release();

create table zip_changes (
  id uuid primary key,
  zip text not null check (zip ~ '^[0-9]{5}$'),
  city text not null,
  state text not null,
  lat double precision,
  lon double precision,
  time_zone text not null,
  reason text not null check (length(reason) >= 1 and length(reason) <= 2000),
  account_id uuid not null references accounts (id),
  at timestamptz not null
);
create index zip_changes_of_zip on zip_changes (zip, at);

create table zip_states (
  zip text not null,
  state text not null,
  constraint zip_states_pkey primary key (zip, state)
);

create table zips (
  zip text primary key check (zip ~ '^[0-9]{5}$'),
  city text not null,
  state text not null,
  lat double precision,
  lon double precision,
  time_zone text not null,
  set_at timestamptz
);
create index zips_state on zips (state);

create function miles_between(lat double precision, lon double precision, to_lat double precision, to_lon double
  precision) returns double precision language sql immutable parallel safe as $$
  select 2 * 3958.8 * asin(least(1, sqrt(
    pow(sin(radians(lat - to_lat) / 2), 2)
    + cos(radians(lat)) * cos(radians(to_lat)) * pow(sin(radians(lon - to_lon) / 2), 2))))
$$;

create function refresh_candidates(npns text[]) returns void language plpgsql as $$
begin
  perform from agents where npn = any (npns) order by npn for no key update;
  with source as materialized (
    select * from candidate_index_source where npn = any (npns)
  ), gone as (
    delete from candidate_index c where c.npn = any (npns)
      and not exists (select from source s where s.npn = c.npn and s.bucket = c.bucket)
  )
  insert into candidate_index as c select * from source
  on conflict (npn, bucket) do update set
    last_offered_at = excluded.last_offered_at, lat = excluded.lat, lon = excluded.lon
  where (c.last_offered_at, c.lat, c.lon) is distinct from (excluded.last_offered_at, excluded.lat, excluded.lon);
  update candidate_periods p set until_at = greatest(p.from_at, now())
  where p.npn = any (npns) and p.until_at is null
    and not exists (select from candidate_index c where c.npn = p.npn and c.bucket = p.state);
  insert into candidate_periods (npn, state, from_at)
  select c.npn, c.bucket, now() from candidate_index c
  where c.npn = any (npns) and length(c.bucket) = 2
    and not exists (select from candidate_periods p where p.npn = c.npn and p.state = c.bucket and p.until_at is null)
  -- gone and back in one transaction: never gone
  on conflict (npn, state, from_at) do update set until_at = null;
end $$;

create function square_of(lat double precision, lon double precision) returns integer
  language sql immutable parallel safe as $$
  select floor((lat + 90) * 2)::integer * 720 + mod(floor((lon + 180) * 2)::integer, 720)
$$;

create function tie_break_of(npn npn) returns integer language sql immutable parallel safe as $$
  select ('x' || substr(md5(npn), 1, 8))::bit(32)::integer & 2147483647
$$;

create view candidate_index_source as
select a.npn,
    b.bucket,
    coalesce(a.last_offered_at, '-infinity') as last_offered_at,
    tie_break_of(a.npn) as tie_break,
    a.lat,
    a.lon
   from agents a
     join ( select distinct serving.npn,
            serving.state
           from serving) s on s.npn::text = a.npn::text and (s.state = any (a.states_wanted))
     cross join lateral ( select s.state as bucket
        union
         select (s.state || ' ') || language.language
           from unnest(a.languages) language(language)
        union
         select (((s.state || ' ') || language.language) || ' ') || square_of(a.lat, a.lon)
           from unnest(a.languages) language(language)
          where square_of(a.lat, a.lon) is not null) b
  where a.left_at is null and a.held_at is null and a.available_from = '-infinity';

create view offer_answers as
select o.id,
    o.npn,
    r.state,
    o.offered_at,
        case
            when o.accepted_at is not null then 'accepted'
            when o.ended_as in ('declined', 'expired', 'unreachable') then o.ended_as
            else null::text
        end as answer,
    extract(epoch from
        case
            when o.accepted_at is not null then o.accepted_at
            when o.ended_as = 'declined' then o.ended_at
            else null::timestamptz
        end - o.offered_at)::double precision as answer_seconds
   from offers o
     join referrals r on r.id = o.referral_id;

create view request_ends as
select id,
    state,
    language,
    created_at,
    extract(hour from (created_at at time zone time_zone))::integer as hour,
    stage = 'unmatched' and not ('contact-wrong' = any (causes)) as is_unmatched
   from referrals
  where stage <> 'unconfirmed' and delete_at is null;
