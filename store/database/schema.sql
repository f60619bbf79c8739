-- The tables of the service. Generated from the migrated database by `npm run schema`: do not edit it, add a migration.
-- A table stands after those that it refers to, and a function above the triggers or the table whose indexes call it.

-- National Producer Number: 1 to 10 digits without leading zeros, which are not significant.
create domain npn as text
  constraint npn_form check (length(value) >= 1 and length(value) <= 10 and ltrim(value, '0123456789') = ''
    and value not like '0%');

-- An activity that fails again and again for a reason that is no outage; deleted when it succeeds or is not tried any
-- more.
create table activity_failures (
  workflow_id text not null,
  activity_id text not null,
  -- The name of the activity.
  activity text not null,
  -- When a failure was recorded first.
  since timestamptz not null,
  -- When a failure was recorded last; most failures are not recorded.
  failed_at timestamptz not null,
  attempts integer not null,
  -- The name or the code of the last error, never its message.
  error text not null,
  constraint activity_failures_pkey primary key (workflow_id, activity_id)
);
create index activity_failures_since on activity_failures (since);

-- Medians of the figures of all agents of a state over 30 days; null: fewer than ten agents contribute, so that
-- nobody is recognized.
create table agent_medians (
  state text primary key,
  -- Agents who had an offer there, or could have had one.
  agents integer not null,
  offers double precision,
  answered_share double precision check (answered_share >= 0::double precision
    and answered_share <= 1::double precision),
  accepted_share double precision check (accepted_share >= 0::double precision
    and accepted_share <= 1::double precision),
  answer_seconds double precision,
  contacted_in_time_share double precision check (contacted_in_time_share >= 0::double precision
    and contacted_in_time_share <= 1::double precision),
  enrolled_share double precision check (enrolled_share >= 0::double precision
    and enrolled_share <= 1::double precision),
  counted_at timestamptz not null,
  constraint agent_medians_check check (agents >= 10 or offers is null and answered_share is null
    and accepted_share is null and answer_seconds is null and contacted_in_time_share is null
    and enrolled_share is null)
);

-- A name as it is compared: in small letters, without accents, punctuation and middle initials.
create function agent_name_key(name text) returns text language sql immutable strict parallel safe as $$
  select regexp_replace(btrim(regexp_replace(
    lower(regexp_replace(normalize(name, NFD), '[\u0300-\u036f''\u2018\u2019]', '', 'g')),
    '[-\s.,\u2010-\u2015]+', ' ', 'g')),
    ' [^ ](?= )', '', 'g')
$$;

-- One agent or broker, known by NPN; name and email come from the training feed, the rest from the agent.
create table agents (
  npn npn primary key,
  first_name text not null,
  last_name text not null,
  email text not null,
  -- When mail to this address came back for good or was complained about; null once the address changes.
  email_undeliverable_at timestamptz,
  -- When name and email were last taken from the training feed.
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
  -- When the latest offer was made: among equal candidates the one idle the longest is asked first.
  last_offered_at timestamptz,
  -- When the agent stopped taking part; null again if they come back.
  left_at timestamptz,
  -- Since when ops have the agent on hold; null: no hold.
  held_at timestamptz,
  -- Kind of line as the carrier look-up says it; null: not looked up yet.
  phone_line_type text check (phone_line_type in ('mobile', 'landline', 'no-texts', 'no-number', 'unknown')),
  -- When the kind of line is looked up again; null: nothing to look up.
  phone_check_at timestamptz,
  phone_checks_failed integer not null default 0,
  -- Whether texts wait for a confirmed phone: by the policy in force when it was given, or since a text was refused
  -- because of the number.
  phone_must_be_confirmed boolean not null default false,
  phone_confirmed_at timestamptz,
  left_because text check (left_because in ('agent', 'departure', 'death', 'other')),
  left_by text check (left_by in ('agent', 'ops')),
  -- Beginning of the availability window that runs now or comes next; -infinity while it runs.
  available_from timestamptz not null default '-infinity',
  -- End of that window; the agent can be asked while available_from <= now < available_until.
  available_until timestamptz not null default 'infinity',
  -- When the window has to be computed again by the clock; null: never.
  availability_changes_at timestamptz,
  -- Since when the agent is not offered anything, because the last offers were left unseen; null: not resting.
  resting_since timestamptz,
  -- Languages whose requests the agent skips now (agent_skips).
  skipped_languages text[] not null default '{}',
  -- Areas whose requests the agent skips now: the first three digits of their ZIPs.
  skipped_areas text[] not null default '{}',
  -- When name, addresses, account and settings were erased, so long after the last onboarding; null again if they
  -- come back.
  erased_at timestamptz,
  -- Language of the mails, texts and notifications to the agent; not one that they speak with consumers (languages).
  message_language text not null default 'en' check (message_language in ('en', 'es'))
);
create index agents_availability_changes on agents (availability_changes_at)
  where availability_changes_at is not null;
create index agents_email on agents (lower(email));
create index agents_erased on agents (erased_at) where erased_at is not null;
create index agents_name on agents (agent_name_key((first_name || ' ') || last_name));
create index agents_phone on agents (phone) where phone is not null;
create index agents_states_languages on agents using gin (states_wanted, languages);
create index agents_zip on agents (zip) where zip is not null;

-- Follows a change of the facts of agents.
create function refresh_changed_candidates() returns trigger language plpgsql as $$
declare
  -- a set operation, because a join would keep the plan of its first call, which changed one row
  npns constant text[] := array(select npn from (
    select npn, languages, skipped_languages, states_wanted, lat, lon, left_at, held_at, resting_since, available_from
    from changed_to
    except all
    select npn, languages, skipped_languages, states_wanted, lat, lon, left_at, held_at, resting_since, available_from
    from changed_from
  ) changed);
begin
  if cardinality(npns) > 0 then perform refresh_candidates(npns); end if;
  return null;
end $$;

-- Moves an agent who had an offer behind those who have been idle longer.
create function reorder_candidate() returns trigger language plpgsql as $$
begin
  update candidate_index set last_offered_at = coalesce(new.last_offered_at, '-infinity') where npn = new.npn;
  return null;
end $$;

create trigger agents_refresh_candidates after update on agents
  referencing old table as changed_from new table as changed_to for each statement
  execute function refresh_changed_candidates();
create trigger agents_reorder_candidate after update on agents for each row
  when (new.last_offered_at is distinct from old.last_offered_at) execute function reorder_candidate();

-- One range of dates on which an agent is away, both dates included, on the clock of the agent.
create table absences (
  id uuid primary key,
  npn npn not null references agents (npn) on delete cascade,
  from_date date not null,
  until_date date not null,
  created_at timestamptz not null,
  -- When the agent took the absence back; the row stays to explain earlier decisions.
  removed_at timestamptz,
  constraint absences_check check (until_date >= from_date)
);
create unique index absences_once on absences (npn, from_date, until_date) where removed_at is null;

-- One log-in of an agent, of ops, or of an auditor.
create table accounts (
  id uuid primary key,
  username text not null,
  password_hash text not null,
  role text not null check (role in ('agent', 'ops', 'ops-admin', 'auditor')),
  npn npn unique references agents (npn),
  created_at timestamptz not null,
  -- When an administrator ended an account that is not of an agent; null: it can be used.
  deactivated_at timestamptz,
  -- Random name of the account for its passkeys, so that devices store neither its id nor an NPN; null before the
  -- first.
  passkey_user_handle text,
  -- When a generated password ends that its owner has not replaced; null: the password is their own.
  password_ends_at timestamptz,
  -- Counts the changes of passkeys, authenticator app and recovery codes, so that a log-in notices one.
  factors_version integer not null default 0,
  constraint accounts_check check ((role = 'agent') = (npn is not null)),
  constraint accounts_deactivated_check check (deactivated_at is null or role <> 'agent')
);
create unique index accounts_username on accounts (lower(username));

-- From when to when an agent skips the requests of one language or area, which they declined again and again.
create table agent_skips (
  npn npn not null references agents (npn) on delete cascade,
  kind text not null check (kind in ('language', 'area')),
  -- The code of the language, or the first three digits of the ZIP.
  value text not null,
  from_at timestamptz not null,
  -- Null: it still holds. Equal to from_at: it was suggested, and the agent did not want it.
  until_at timestamptz,
  constraint agent_skips_pkey primary key (npn, kind, value, from_at),
  constraint agent_skips_check check (until_at >= from_at)
);
create unique index agent_skips_open on agent_skips (npn, kind, value) where until_at is null;

-- One thing that is wrong, from the run that found it to the run that no longer does.
create table audit_findings (
  id bigint generated always as identity primary key,
  kind text not null,
  subject_kind text not null,
  subject_id text not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  -- Set once; a finding that is seen again afterwards is left to ops.
  repaired_at timestamptz,
  resolved_at timestamptz
);
create index audit_findings_of_subject on audit_findings (kind, subject_id, repaired_at)
  where repaired_at is not null;
create unique index audit_findings_open on audit_findings (kind, subject_id) where resolved_at is null;

-- Where a part of the audit goes on asking Temporal for single workflows, after a run that had more to ask for than
-- it may.
create table audit_positions (
  part text primary key,
  -- Id of the last onboarding or referral that was asked for.
  described_to text not null
);

-- One comparison of Postgres with Temporal; the id is that of the workflow run.
create table audit_runs (
  id uuid primary key,
  started_at timestamptz not null,
  ended_at timestamptz,
  looked_at integer not null default 0,
  -- Calls of Temporal that listed workflows.
  lists integer not null default 0,
  -- Calls of Temporal that described one workflow.
  describes integer not null default 0,
  found integer not null default 0,
  repaired integer not null default 0,
  resolved integer not null default 0,
  -- How many workflows were not asked for, because the run had asked for as many as it may; the next run goes on with
  -- them.
  left_over integer not null default 0
);
create index audit_runs_latest on audit_runs (started_at desc);

-- The authenticator app of an account. Its secret is not stored: it is derived from key_id and a secret of the
-- service.
create table authenticator_apps (
  account_id uuid primary key references accounts (id) on delete cascade,
  -- Names the secret; another one makes the app of before worthless.
  key_id uuid not null,
  -- When the account first showed a code of the app.
  confirmed_at timestamptz not null,
  -- The 30 seconds since 1970 of the latest code that was used: this code and earlier ones are refused.
  last_step bigint not null
);

-- One part of a weekday on which an agent is available; an agent without rows is always available.
create table availability_hours (
  npn npn not null references agents (npn) on delete cascade,
  -- ISO weekday: 1 is Monday, 7 is Sunday.
  weekday smallint not null check (weekday >= 1 and weekday <= 7),
  from_time text not null check (from_time ~ '^([01]\d|2[0-3]):[0-5]\d$'),
  -- End on the clock of the agent; one that is not after from_time is on the next day.
  until_time text not null check (until_time ~ '^(([01]\d|2[0-3]):[0-5]\d|24:00)$'),
  constraint availability_hours_pkey primary key (npn, weekday, from_time)
);

-- The switch of an agent: on or off whatever the weekly hours say.
create table availability_overrides (
  npn npn primary key references agents (npn) on delete cascade,
  is_on boolean not null,
  -- When the switch ends by itself; null: when it is switched again.
  until_at timestamptz
);

-- One bucket in which matching finds an available agent: an index over facts that triggers keep up to date.
create table candidate_index (
  npn npn not null references agents (npn) on delete cascade,
  -- TX, TX en, or TX en 172987: state, language, square of the map.
  bucket text not null,
  -- When the agent had the latest offer; -infinity: never.
  last_offered_at timestamptz not null,
  -- Order of agents who are idle equally long, by chance and for ever.
  tie_break integer not null,
  lat double precision,
  lon double precision,
  -- Offers that wait for the agent's answer.
  unanswered integer not null default 0,
  -- Offers that wait for first contact; one that waits for an answer counts too.
  uncontacted integer not null default 0,
  constraint candidate_index_pkey primary key (npn, bucket)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.005, autovacuum_vacuum_threshold = 500);
create index candidate_index_order on candidate_index (bucket, unanswered, uncontacted, last_offered_at, tie_break);

-- From when to when an agent was a candidate for a state.
create table candidate_periods (
  npn npn not null references agents (npn) on delete cascade,
  state text not null,
  from_at timestamptz not null,
  until_at timestamptz,
  constraint candidate_periods_pkey primary key (npn, state, from_at)
);
create index candidate_periods_ended on candidate_periods (until_at) where until_at is not null;
create index candidate_periods_of_state on candidate_periods (state, until_at);
create unique index candidate_periods_open on candidate_periods (npn, state) where until_at is null;

-- One version of a consent in one language, word for word; a row never changes.
create table consent_documents (
  kind text not null check (kind in ('intake', 'texts')),
  language text not null,
  version text not null,
  effective_at timestamptz not null,
  sha256 text not null,
  text text not null,
  -- Which data it allows to use.
  scope text[] not null,
  purpose text not null,
  -- Longest time it holds; null: while the request is open.
  duration_days integer check (duration_days > 0),
  constraint consent_documents_pkey primary key (kind, language, version)
);

-- Referrals whose key was destroyed. Replayed over a restored backup, which has the key; as long on the list as
-- backups are kept.
create table destroyed_keys (
  -- The referral may be deleted; so it is not referred to.
  referral_id uuid primary key,
  destroyed_at timestamptz not null,
  -- rescinded: the consumer took the consent back. ended: it was time. unconfirmed: nobody confirmed the request.
  because text not null check (because in ('rescinded', 'ended', 'unconfirmed'))
);
create index destroyed_keys_by_time on destroyed_keys (destroyed_at, referral_id);

-- One thing that happened to an onboarding or a referral; never changed or deleted on its own.
create table events (
  subject_kind text not null check (subject_kind in ('onboarding', 'referral')),
  -- <npn>-<planYear> of an onboarding, or the id of a referral.
  subject_id text not null,
  -- Counts the events of its subject.
  sequence integer not null,
  kind text not null,
  at timestamptz not null,
  by text not null check (by in ('agent', 'consumer', 'ops', 'clock', 'service')),
  data jsonb not null default '{}',
  -- The transaction that wrote the event; null: the event is older than this column.
  transaction_id xid8 default pg_current_xact_id(),
  constraint events_pkey primary key (subject_kind, subject_id, sequence)
);
create index events_at on events (subject_kind, at);
create index events_of_transaction on events (transaction_id) where transaction_id is not null;

-- One system that may upload feeds, beside the key of the settings (FEEDS_KEY).
create table feed_keys (
  id uuid primary key,
  name text not null check (length(name) >= 1 and length(name) <= 100),
  -- Feeds that it may upload.
  feeds text[] not null check (feeds <@ array['registration-completions', 'terminations', 'training-completions',
    'licenses']),
  created_by uuid not null references accounts (id),
  created_at timestamptz not null,
  -- When an administrator ended it, with every secret; null: it can be used.
  revoked_at timestamptz,
  constraint feed_keys_feeds_given check (cardinality(feeds) > 0)
);
create unique index feed_keys_name on feed_keys (lower(name)) where revoked_at is null;

-- One secret of a feed key, as its hash. During a rotation a key has two that work.
create table feed_key_secrets (
  secret_sha256 text primary key check (secret_sha256 ~ '^[0-9a-f]{64}$'),
  feed_key_id uuid not null references feed_keys (id),
  created_at timestamptz not null,
  -- When an earlier secret stops working; null: the current one.
  valid_until timestamptz,
  last_used_at timestamptz
);
create unique index feed_key_secrets_current on feed_key_secrets (feed_key_id) where valid_until is null;
create index feed_key_secrets_of_key on feed_key_secrets (feed_key_id);

-- One imported snapshot of a feed, with what it changed.
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

-- Refuses to delete a release or to change its id.
create function refuse_loss_of_release() returns trigger language plpgsql as $$
begin
  raise restrict_violation using message = 'a release of a feed is never removed and keeps its id';
end $$;

create trigger releases_stay before delete or update of id or truncate on feed_releases for each statement
  execute function refuse_loss_of_release();

-- One bad row of the newest release of a feed; the reason repeats nothing of the row.
create table feed_bad_rows (
  release_id uuid not null references feed_releases (id),
  -- Line of the file, 1 for the header.
  line integer not null,
  reason text not null,
  constraint feed_bad_rows_pkey primary key (release_id, line)
);

-- One import of a feed, running or ended, written beside its transaction so that ops see its progress.
create table feed_imports (
  id uuid primary key,
  kind text not null check (kind in ('registration-completions', 'terminations', 'training-completions', 'licenses')),
  origin text not null check (origin in ('upload', 'command', 'pulled')),
  -- Which service it was pulled from; null for uploads and commands.
  source_name text,
  started_at timestamptz not null,
  -- When the importing process last reported; one that died reports no more.
  alive_at timestamptz not null,
  -- Size that the sender announced; null: none announced.
  announced_bytes bigint,
  bytes bigint not null default 0,
  rows bigint not null default 0,
  ended_at timestamptz,
  ended_as text check (ended_as in ('imported', 'refused', 'interrupted')),
  release_id uuid references feed_releases (id),
  -- Type of the refusal; refusal_detail is the sentence that the sender got.
  refusal text,
  refusal_detail text,
  -- Names of columns that the feed does not have and that were ignored.
  additional_columns text[] not null default '{}',
  constraint feed_imports_check check ((ended_at is null) = (ended_as is null)),
  constraint feed_imports_check1 check ((release_id is not null) = (ended_as is not distinct from 'imported')),
  constraint feed_imports_check2 check ((refusal is not null) = (ended_as is not distinct from 'refused'))
);
create index feed_imports_newest on feed_imports (started_at desc);

-- One download of a release from a data catalog.
create table feed_pulls (
  id uuid primary key,
  kind text not null,
  dataset text not null,
  -- How the catalog names the file of the release.
  distribution text not null,
  -- Day of the last change, as the catalog says it.
  modified text not null,
  etag text,
  rows integer not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  ended_as text check (ended_as in ('imported', 'refused', 'replaced')),
  -- Type of the refusal, where it was refused.
  code text,
  release_id uuid references feed_releases (id),
  -- When the catalog was checked last and had no newer release.
  checked_at timestamptz,
  constraint feed_pulls_check check ((ended_at is null) = (ended_as is null))
);
create index feed_pulls_ended on feed_pulls (dataset, ended_at desc);
create unique index feed_pulls_one_open on feed_pulls (dataset) where ended_at is null;

-- One page of a pull that is running, so that any worker can continue it.
create table feed_pull_pages (
  pull_id uuid not null references feed_pulls (id) on delete cascade,
  first_row integer not null,
  rows integer not null,
  csv text not null,
  constraint feed_pull_pages_pkey primary key (pull_id, first_row)
);

-- One pause of new requests from a state, by ops; the row stays when the state is open again.
create table intake_pauses (
  id uuid primary key,
  state text not null,
  paused_at timestamptz not null,
  paused_by uuid not null references accounts (id),
  pause_reason text not null,
  -- What consumers read instead of the usual words: {"en", "es"}.
  notice jsonb not null default '{}',
  resumed_at timestamptz,
  resumed_by uuid references accounts (id),
  resume_reason text,
  constraint intake_pauses_check check ((resumed_at is null) = (resumed_by is null))
);
create unique index intake_pauses_running on intake_pauses (state) where resumed_at is null;

-- One browser that an account has logged in with; failed tries of strangers do not slow it down.
create table known_devices (
  account_id uuid not null references accounts (id) on delete cascade,
  token_sha256 text not null,
  created_at timestamptz not null,
  used_at timestamptz not null,
  constraint known_devices_pkey primary key (account_id, token_sha256)
);
create index known_devices_token on known_devices (token_sha256);

-- The look-up at the license registry for an agent of whom the license feed has no row.
create table license_lookups (
  npn npn primary key,
  tries integer not null default 0,
  looked_up_at timestamptz,
  -- When it is tried next; null: no more.
  next_at timestamptz,
  ended_as text check (ended_as in ('found', 'none', 'outage')),
  constraint license_lookups_check check ((tries = 0) = (looked_up_at is null) and (tries = 0) = (ended_as is null))
);

-- Evidence: one line of authority of a state license, from the license feed.
create table licenses (
  npn npn not null,
  state text not null,
  license_number text not null,
  line_of_authority text not null,
  license_class text not null check (license_class in ('Producer', 'Business Entity')),
  resident boolean not null,
  active boolean not null,
  issued_on date,
  -- Null: never.
  expires_on date,
  line_code text not null,
  line_active boolean not null,
  release_id uuid not null,
  changed_at timestamptz not null,
  constraint licenses_pkey primary key (npn, state, license_number, line_of_authority)
);

-- Holds rows of evidence to a release that exists, once a statement: a foreign key would look it up for each row.
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

-- Whether a line of authority of a state counts as health-related.
create table lines_of_authority (
  -- Two letters; * for every state without a row of its own for this name.
  state text not null,
  name text not null,
  health boolean not null,
  -- When somebody set it by command; null: from the file, which replaces only such rows.
  set_at timestamptz,
  set_by text,
  constraint lines_of_authority_pkey primary key (state, name),
  constraint lines_of_authority_check check ((set_at is null) = (set_by is null))
);

-- Evidence: one line of authority that a look-up found; it counts while the feed has no row of the NPN.
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

-- The key of the hashes by which phones and addresses of consumers are found, one row, encrypted under a master key.
create table lookup_key (
  wrapped_key bytea not null,
  -- Fingerprint of that master key.
  master_key_id text not null,
  -- Holds the table to one row.
  is_only boolean default true primary key check (is_only)
);

-- Which marketplace a state uses in a plan year, from a date on.
create table marketplaces (
  state text not null,
  plan_year smallint not null,
  effective_on date not null,
  -- FFM: federal; SBM-FP: of the state on the federal platform; SBM: of the state.
  kind text not null check (kind in ('FFM', 'SBM-FP', 'SBM')),
  name text not null,
  url text not null,
  phone text not null,
  constraint marketplaces_pkey primary key (state, plan_year, effective_on)
);

-- One occasion to tell somebody something, over one or more channels.
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
  -- After this instant the message would mislead, and is not sent.
  until_at timestamptz,
  -- Makes a repeat of the same transaction write the same notice.
  dedupe_key text not null unique,
  -- What it says, where that may have changed by the time it is sent.
  data jsonb not null default '{}',
  -- Where it goes instead of the present address.
  to_address text,
  -- Its recipient asked for this one, so it is not bulk, whatever its kind is.
  is_requested boolean not null default false
);
create index notices_by_time on notices (created_at);
create index notices_of_agent on notices (npn, created_at desc) where npn is not null;
create index notices_of_referral on notices (referral_id) where referral_id is not null;
create index notices_offer on notices (offer_id) where offer_id is not null;

-- One notice over one channel, with what the provider reported.
create table deliveries (
  id uuid primary key,
  notice_id uuid not null references notices (id) on delete cascade,
  channel text not null check (channel in ('email', 'text', 'push', 'voice')),
  -- sent: the provider accepted it; delivered: it reported that it arrived; lapsed: given up.
  status text not null check (status in ('pending', 'sent', 'delivered', 'refused', 'lapsed', 'bounced',
    'complained')),
  provider_message_id text,
  -- Reason of the provider, or ours.
  code text,
  changed_at timestamptz not null,
  constraint deliveries_notice_id_channel_key unique (notice_id, channel)
);
create index deliveries_pending on deliveries (id) where status = 'pending';
create index deliveries_provider_message on deliveries (provider_message_id) where provider_message_id is not null;

-- The onboarding of one agent for one plan year, run by the workflow onboarding-<npn>-<planYear>.
create table onboardings (
  npn npn not null,
  plan_year smallint not null,
  stage text not null default 'awaiting-eligibility',
  -- Since when the onboarding is in this stage.
  since timestamptz not null,
  -- Why it is in this stage: unmet conditions, or reasons of the stage itself.
  causes text[] not null default '{}',
  -- The earliest instant at which the stage or its causes change by themselves.
  next_change_at timestamptz,
  reviewed_at timestamptz,
  -- When every condition was first met; a gap after that is a suspension.
  eligible_at timestamptz,
  -- When reminders to accept the terms are due; set once and never moved.
  terms_remind_at timestamptz[] not null default '{}'::timestamptz[],
  terms_reminders_sent integer not null default 0,
  -- When the agent or ops asked for an invitation; one issued later answers it.
  invitation_requested_at timestamptz,
  closed_at timestamptz,
  created_at timestamptz not null,
  -- When an invitation that has not come is late; set when the training is complete and never moved.
  late_at timestamptz,
  -- When the agent was sent the reason for the delay.
  late_notified_at timestamptz,
  -- States that the evidence covers: running offers there stay while only new terms have to be accepted.
  covered text[] not null default '{}',
  constraint onboardings_pkey primary key (npn, plan_year)
);
create index onboardings_causes on onboardings using gin (causes);
create index onboardings_closed on onboardings (closed_at) where closed_at is not null;
create index onboardings_open on onboardings (npn, plan_year) where closed_at is null;
create index onboardings_stage on onboardings (stage, since);

-- One warning to an agent that a registration or a license expires.
create table expiration_warnings (
  npn npn not null,
  plan_year smallint not null,
  -- registration, or the state of the license.
  subject text not null,
  ends_on date not null,
  warned_at timestamptz not null,
  constraint expiration_warnings_pkey primary key (npn, plan_year, subject, ends_on),
  constraint expiration_warnings_npn_plan_year_fkey foreign key (npn, plan_year)
    references onboardings (npn, plan_year) on delete cascade
);

-- One link by mail to register with, from its issue to its one end; an agent has one live link.
create table invitations (
  id uuid primary key,
  npn npn not null,
  plan_year smallint not null,
  -- Counts the invitations of the onboarding, from 1.
  number integer not null,
  token_sha256 text not null unique,
  sent_to text not null,
  issued_at timestamptz not null,
  remind_at timestamptz not null,
  reminded_at timestamptz,
  expires_at timestamptz not null,
  ended_at timestamptz,
  -- unsent: no provider accepted the mail in time, so the agent is invited again.
  ended_as text check (ended_as in ('registered', 'expired', 'replaced', 'undeliverable', 'unsent')),
  registration_request_id uuid,
  policy_version text not null,
  -- When an agent whose mail came back is invited again without a new address; null: not at all.
  retry_at timestamptz,
  constraint invitations_npn_plan_year_number_key unique (npn, plan_year, number),
  constraint invitations_npn_plan_year_fkey foreign key (npn, plan_year)
    references onboardings (npn, plan_year) on delete cascade,
  constraint invitations_check check ((ended_at is null) = (ended_as is null))
);
create index invitations_of_agent on invitations (npn, issued_at desc);
create unique index invitations_one_live on invitations (npn) where ended_at is null;

-- One message that must follow a commit: a workflow to start or signal; the relay deletes it once Temporal has it.
create table outbox (
  id bigint generated always as identity primary key,
  type text not null check (type in ('start-onboarding', 'wake-onboarding', 'start-referral', 'wake-referral',
    'rescind-offer', 'offer-unreachable', 'close-referral', 'withdraw-referral', 'send-notice')),
  -- Ids of what it is about, by type: {"npn", "planYear"}, {"referralId"}, {"referralId", "offerId"}, {"noticeId",
  -- "kind", "channels"}.
  payload jsonb not null,
  created_at timestamptz not null default now(),
  -- When the relay tries it next.
  try_at timestamptz not null default now(),
  tries integer not null default 0,
  -- Whether a feed or a review of all agents added it, so that nobody waits for it: it is relayed at the rate at
  -- which the workers keep up.
  bulk boolean not null default false,
  -- A relay calls Temporal for it until then, and no other relay takes it; null: no relay does.
  leased_until timestamptz,
  -- Names the workflow that the message is for, within its type's kind: messages of one workflow keep their order.
  -- Null: not to be read from its payload.
  subject text generated always as (coalesce(payload ->> 'noticeId', payload ->> 'referralId', ((payload ->> 'npn') ||
    '-') || (payload ->> 'planYear'))) stored
);
create index outbox_due on outbox (try_at, id);
create index outbox_leased on outbox (subject, id) where leased_until is not null;
create index outbox_order on outbox (bulk, id);
create index outbox_subject on outbox (subject);

-- Wakes the relay.
create function notify_outbox() returns trigger language plpgsql as $$
begin
  if exists (select from inserted) then
    perform pg_notify('outbox', '');
  end if;
  return null;
end $$;

create trigger outbox_notify after insert on outbox referencing new table as inserted for each statement
  execute function notify_outbox();

-- Random bytes that a passkey signs once within five minutes; deleted by the first answer.
create table passkey_challenges (
  challenge text primary key,
  -- Whose new passkey it is for; null: a log-in or a confirmation, by anybody.
  account_id uuid references accounts (id) on delete cascade,
  expires_at timestamptz not null
);
create index passkey_challenges_expiry on passkey_challenges (expires_at);

-- One passkey of an account: both factors of a log-in in one.
create table passkeys (
  id uuid primary key,
  account_id uuid not null references accounts (id) on delete cascade,
  -- Base64url name that the device gave the key.
  credential_id text not null unique,
  -- COSE public key that its signatures are verified with.
  public_key bytea not null,
  -- Signature counter of the device, always 0 for most; one that falls is a copied key.
  counter bigint not null,
  -- How the browser reaches the device, such as internal, usb or hybrid.
  transports text[] not null,
  -- Whether the key stays on one device or may be synced to others.
  device_type text not null check (device_type in ('singleDevice', 'multiDevice')),
  -- Whether the key was synced or backed up when it was used last.
  backed_up boolean not null,
  -- What the owner calls it.
  name text not null check (length(name) >= 1 and length(name) <= 60),
  created_at timestamptz not null,
  used_at timestamptz
);
create index passkeys_account on passkeys (account_id, created_at);

-- The link of an account to set a new password: a newer one replaces it, its use deletes it.
create table password_resets (
  account_id uuid primary key references accounts (id) on delete cascade,
  -- Names the link; its token is derived from it and stored nowhere.
  id uuid not null unique,
  -- SHA-256 of the token, in hex.
  token_sha256 text not null unique,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index password_resets_expiry on password_resets (expires_at);

-- The latest code sent to confirm the phone of an agent; the code is derived from the id and stored nowhere.
create table phone_codes (
  npn npn primary key references agents (npn) on delete cascade,
  id uuid not null unique,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  -- How many wrong codes were entered.
  tries integer not null default 0,
  confirmed_at timestamptz
);

-- One message of SNS that was processed, so that a replay changes nothing.
create table processed_reports (
  message_id text primary key,
  processed_at timestamptz not null
);
create index processed_reports_age on processed_reports (processed_at);

-- One browser of an agent that receives push messages.
create table push_subscriptions (
  endpoint text primary key,
  npn npn not null references agents (npn) on delete cascade,
  p256dh text not null,
  auth text not null,
  created_at timestamptz not null,
  -- When the push service said that the subscription no longer exists.
  gone_at timestamptz,
  -- Names it in addresses: the endpoint is a secret of the browser.
  id uuid not null default gen_random_uuid() unique,
  -- Browser and system, such as Firefox on Windows; never the whole User-Agent.
  name text not null default 'another browser',
  has_sound boolean not null default true,
  -- When its push service last took a push.
  last_sent_at timestamptz
);
create index push_subscriptions_npn on push_subscriptions (npn);

-- One counter of a limit, in the layout of rate-limiter-flexible; keys are hashed.
create table rate_limits (
  key varchar(255) primary key,
  points integer not null default 0,
  -- End of the counter, in milliseconds since 1970.
  expire bigint,
  -- When the next try is accepted, for limits that make it wait; null for those that count a window.
  open_at timestamptz
);
create index rate_limits_expire on rate_limits (expire);

-- Codes that each replace a code of the authenticator app once, as hashes of 120 random bits; deleted when used.
create table recovery_codes (
  account_id uuid not null references accounts (id) on delete cascade,
  code_sha256 text not null,
  constraint recovery_codes_pkey primary key (account_id, code_sha256)
);

-- One file of reference data as it was last loaded, so that loading it again costs nothing.
create table reference_files (
  name text primary key,
  sha256 text not null,
  loaded_at timestamptz not null default now(),
  -- Date of the data in the file, which is not when it was loaded.
  as_of date
);

-- One request of a consumer for help, run by the workflow referral-<id>; who asked is in consumer_contacts.
create table referrals (
  id uuid primary key,
  stage text not null default 'queued',
  since timestamptz not null,
  -- Why it is in this stage.
  causes text[] not null default '{}',
  -- When the referral goes on by itself.
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
  -- Hash of the key to the status page of the consumer.
  token_sha256 text not null,
  idempotency_key_sha256 text not null unique,
  request_sha256 text not null,
  -- When the search for an agent ends.
  budget_ends_at timestamptz not null,
  policy_version text not null,
  created_at timestamptz not null,
  closed_at timestamptz,
  -- When to call, on the clock of the consumer; empty: at any time.
  contact_times text[] not null default '{}',
  -- How to reach the consumer; relay is the telephone relay service 711.
  contact_by text not null default 'call' check (contact_by in ('call', 'relay', 'text', 'email')),
  -- Since when the phone or address is known to be wrong; null once it is corrected.
  contact_wrong_at timestamptz,
  -- When the consumer asked for another agent, which is possible once.
  another_asked_at timestamptz,
  -- Until when the service is closed where the consumer is; null: open.
  opens_at timestamptz,
  -- Keyed hashes of the Idempotency-Key with each phone and address that it came with.
  idempotency_keys text[] not null default '{}',
  -- When a request that nobody confirmed is deleted; null: it was confirmed.
  delete_at timestamptz,
  -- How the consumer says which agent to ask first; null: they named none.
  agent_wish text check (agent_wish in ('npn', 'name', 'helped-before'))
);
create index referrals_by_time on referrals (created_at);
create index referrals_delete_at on referrals (delete_at, id) where delete_at is not null;
create index referrals_idempotency_keys on referrals using gin (idempotency_keys);
create index referrals_open on referrals (id) where closed_at is null;
create index referrals_opening on referrals (state, opens_at, created_at) where stage = 'queued'
  and opens_at is not null;
create index referrals_stage on referrals (stage, since);
create index referrals_waiting on referrals (state, created_at) where stage = 'queued';

-- Who gave the consents of a referral whose contact is erased; what they agreed to, and when, is in consents.
create table consent_records (
  referral_id uuid primary key references referrals (id),
  -- Name, phone and address, encrypted under a key of this row: {"name", "phone", "email"}.
  person bytea not null,
  -- The key of this row, encrypted under a master key, which is in no database.
  wrapped_key bytea not null,
  -- Fingerprint of that master key.
  master_key_id text not null,
  created_at timestamptz not null,
  -- Ten years after the contact was erased.
  delete_at timestamptz not null
);
create index consent_records_delete_at on consent_records (delete_at);

-- One consent that a consumer gave for a referral, in force until it expires or is taken back.
create table consents (
  referral_id uuid not null references referrals (id),
  kind text not null,
  language text not null,
  version text not null,
  given_by text not null check (given_by in ('adult', 'representative')),
  given_at timestamptz not null,
  rescinded_at timestamptz,
  -- When it ends by itself; null: with the request.
  expires_at timestamptz,
  constraint consents_pkey primary key (referral_id, kind, given_at),
  constraint consents_kind_language_version_fkey foreign key (kind, language, version)
    references consent_documents (kind, language, version)
);
create unique index consents_in_force on consents (referral_id, kind) where rescinded_at is null;

-- The latest codes sent to the phone and address of an unconfirmed request; derived from the id and stored nowhere.
create table contact_codes (
  referral_id uuid primary key references referrals (id) on delete cascade,
  id uuid not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  tries integer not null default 0,
  confirmed_at timestamptz,
  -- The open request of the same contact that this one led to instead of starting.
  resolved_to uuid,
  phone_over text not null default 'text' check (phone_over in ('text', 'voice'))
);

-- One search of a referral for an agent: whom it chose, or why nobody.
create table match_decisions (
  id bigint generated always as identity primary key,
  referral_id uuid not null references referrals (id) on delete cascade,
  at timestamptz not null,
  npn npn,
  rung text,
  cause text,
  -- How many agents were asked before.
  asked integer not null,
  -- The limits that it was decided by.
  limits jsonb not null,
  policy_version text not null,
  -- Why the agent whom the consumer asked for was not asked first; null: they were, or the consumer asked for none.
  wish_unmet text,
  constraint match_decisions_referral_id_at_key unique (referral_id, at),
  constraint match_decisions_check check ((npn is null) = (rung is null) and (npn is null) <> (cause is null))
);
create index match_decisions_by_time on match_decisions (at);
create index match_decisions_of_agent on match_decisions (npn, at);

-- One offer of a referral to one agent, from the reservation to its one end.
create table offers (
  id uuid primary key,
  referral_id uuid not null references referrals (id),
  npn npn not null references agents (npn),
  -- Counts the offers of the referral, from 1.
  number integer not null,
  -- What an agent answers a text with.
  short_code text not null,
  offered_at timestamptz not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  -- By when an agent who accepted has to reach the consumer.
  contact_due_at timestamptz,
  contacted_at timestamptz,
  -- When an accepted offer without an outcome is closed.
  closes_at timestamptz,
  ended_at timestamptz,
  ended_as text,
  ended_by text check (ended_by in ('agent', 'consumer', 'clock', 'service')),
  reason text,
  policy_version text not null,
  -- When the agent is reminded of that; set at acceptance.
  contact_remind_at timestamptz,
  -- What has come of it since first contact, before its outcome.
  milestone text check (milestone in ('quoted', 'deferred', 'delayed')),
  deferred_until date,
  -- Whether the agent called, as the consumer says.
  called boolean,
  -- When the consumer said so.
  called_reported_at timestamptz,
  -- Tries to reach the consumer that the agent reported.
  attempts smallint not null default 0 check (attempts >= 0),
  -- When the agent reported the last one.
  attempted_at timestamptz,
  -- By when the agent tries again.
  next_try_at timestamptz,
  -- When the agent is told again, ascending, if they have neither answered nor looked; a time that has passed is
  -- removed.
  nudge_at timestamptz[] not null default '{}'::timestamptz[],
  -- How the agent says that the last one went; null if they do not say.
  attempted_how text check (attempted_how in ('voicemail', 'no-answer')),
  constraint offers_referral_id_number_key unique (referral_id, number),
  constraint offers_check check ((ended_at is null) = (ended_as is null)),
  constraint offers_tried_check check ((attempts = 0) = (attempted_at is null)
    and (attempted_at is null) = (next_try_at is null))
);
create index offers_by_time on offers (offered_at);
create index offers_history on offers (npn, offered_at desc);
create index offers_of_agent on offers (npn) where ended_at is null;
create unique index offers_one_accepted on offers (referral_id) where ended_at is null and accepted_at is not null;
create unique index offers_one_open_per_agent on offers (referral_id, npn) where ended_at is null;
create index offers_open on offers (id) where ended_at is null;

-- Follows the offers of an agent, each of which is load until it ends or the consumer is reached.
create function count_candidate_load() returns trigger language plpgsql as $$
begin
  perform from agents where npn = new.npn for no key update;
  update candidate_index c set unanswered = o.unanswered, uncontacted = o.uncontacted
  from (
    select (count(*) filter (where accepted_at is null))::integer as unanswered,
           (count(*) filter (where contacted_at is null))::integer as uncontacted
    from offers where npn = new.npn and ended_at is null
  ) o
  where c.npn = new.npn and (c.unanswered, c.uncontacted) is distinct from (o.unanswered, o.uncontacted);
  return null;
end $$;

create trigger offers_count_load after update on offers for each row
  when (new.accepted_at is distinct from old.accepted_at or new.contacted_at is distinct from old.contacted_at
  or new.ended_at is distinct from old.ended_at) execute function count_candidate_load();
create trigger offers_count_load_of_new after insert on offers for each row execute function count_candidate_load();

-- What an agent was shown of a referral, in one sitting; looks within ten minutes extend it.
create table disclosures (
  offer_id uuid not null references offers (id) on delete cascade,
  -- offer: ZIP, city, language and need; contact: also name, phone and email address.
  shown text not null check (shown in ('offer', 'contact')),
  -- portal: after log-in; link: by the link in the message of an offer.
  through text not null check (through in ('portal', 'link')),
  first_at timestamptz not null,
  last_at timestamptz not null,
  constraint disclosures_pkey primary key (offer_id, shown, through, first_at)
);

-- One action of ops about an agent or a referral, or of an administrator about an account or a key, who and why.
create table ops_actions (
  id uuid primary key,
  account_id uuid not null references accounts (id),
  action text not null,
  npn npn,
  plan_year smallint,
  referral_id uuid references referrals (id),
  -- Kind of reason, for actions that have kinds.
  because text,
  -- In the words of ops; it stays here, and events, logs and Temporal hold the id alone. Null: about a referral, see
  -- referral_reasons.
  reason text check (length(reason) >= 1 and length(reason) <= 2000),
  at timestamptz not null,
  -- Account that an administrator opened, changed or ended.
  about_account_id uuid references accounts (id) on delete set null,
  -- Role that the account got, where the action gives one.
  given_role text,
  -- Feed key that an administrator created, rotated or revoked.
  feed_key_id uuid references feed_keys (id),
  constraint ops_actions_check check (plan_year is null or npn is not null)
);
create index ops_actions_about_account on ops_actions (about_account_id) where about_account_id is not null;
create index ops_actions_by_time on ops_actions (at) where referral_id is null;
create index ops_actions_of_agent on ops_actions (npn, at) where npn is not null;
create index ops_actions_of_referral on ops_actions (referral_id, at) where referral_id is not null;

-- One problem with an agent that a consumer reported, for ops to look at.
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
  -- In the words of ops; erased with the consumer.
  handled_reason text check (length(handled_reason) >= 1 and length(handled_reason) <= 2000)
);
create index problem_reports_of_offer on problem_reports (offer_id, kind, reported_at);
create index problem_reports_of_referral on problem_reports (referral_id);
create index problem_reports_open on problem_reports (reported_at) where handled_at is null;

-- The key under which everything about the consumer of a referral is encrypted. Deleted: all of that is erased.
create table referral_keys (
  referral_id uuid primary key references referrals (id) on delete cascade,
  -- Encrypted under a master key, which is in no database.
  wrapped_key bytea not null,
  -- Fingerprint of that master key.
  master_key_id text not null,
  created_at timestamptz not null,
  -- When it is destroyed, so long after the referral ended as the policy said then. Null: the referral is open.
  erase_at timestamptz
);
create index referral_keys_erase_at on referral_keys (erase_at) where erase_at is not null;

-- Name and contact of the consumer of a referral; deleted when they take their consent back.
create table consumer_contacts (
  referral_id uuid primary key references referrals (id) on delete cascade,
  email_undeliverable_at timestamptz,
  -- Encrypted under the key of the referral, like phone and email.
  name bytea not null,
  phone bytea,
  email bytea,
  -- The NPN or the name of the agent to ask first, encrypted like the name; null: they gave none.
  wished_agent bytea,
  constraint consumer_contacts_referral_id_fkey1 foreign key (referral_id)
    references referral_keys (referral_id) on delete cascade,
  constraint consumer_contacts_check check (phone is not null or email is not null)
);

-- A phone or address that replaced another one, or that waits for its code to do so.
create table contact_changes (
  id uuid primary key,
  referral_id uuid not null references consumer_contacts (referral_id) on delete cascade,
  channel text not null check (channel in ('text', 'email')),
  -- Keyed hash of the address, as in contact_keys.
  key text,
  asked_at timestamptz not null,
  asked_by text not null default 'consumer' check (asked_by = 'consumer'),
  -- Whether it was entered beside the contact whose code started the request.
  from_intake boolean not null default false,
  contact_by text not null,
  -- Consent to texts to this phone: {"language", "version"}.
  text_consent jsonb,
  code_id uuid,
  code_expires_at timestamptz,
  phone_over text not null default 'text' check (phone_over in ('text', 'voice')),
  tries integer not null default 0,
  -- When it is deleted unless its code is entered.
  waiting_until timestamptz,
  made_at timestamptz,
  -- Encrypted under the key of the referral, like address_before.
  address bytea,
  -- Null: there was none, or none is left.
  address_before bytea,
  constraint contact_changes_check check (address is not null or address_before is not null),
  constraint contact_changes_check1 check (made_at is not null or code_id is not null and code_expires_at is not null
    and waiting_until is not null)
);
create index contact_changes_of_referral on contact_changes (referral_id);
create index contact_changes_over on contact_changes (waiting_until) where made_at is null;
create unique index contact_changes_waiting on contact_changes (referral_id, channel) where made_at is null;

-- A phone or address of a referral as a keyed hash: it finds requests of the same contact without reading it.
create table contact_keys (
  referral_id uuid not null references consumer_contacts (referral_id) on delete cascade,
  channel text not null check (channel in ('text', 'email')),
  key text not null,
  -- When the code sent there was entered.
  confirmed_at timestamptz,
  constraint contact_keys_pkey primary key (referral_id, channel)
);
create index contact_keys_key on contact_keys (key);

-- Notes of the agent of an accepted offer, encrypted under the key of the referral. Nobody else reads them.
create table referral_notes (
  offer_id uuid primary key references offers (id),
  referral_id uuid not null references referral_keys (referral_id) on delete cascade,
  text bytea not null,
  updated_at timestamptz not null
);
create index referral_notes_of_referral on referral_notes (referral_id);

-- What ops wrote with an action about a referral, encrypted under the key of the referral.
create table referral_reasons (
  action_id uuid primary key references ops_actions (id) on delete cascade,
  referral_id uuid not null references referral_keys (referral_id) on delete cascade,
  text bytea not null
);
create index referral_reasons_of_referral on referral_reasons (referral_id);

-- Evidence: one row of the public Registration Completion List.
create table registration_completions (
  npn npn not null,
  plan_year smallint not null,
  completed_on date,
  ends_on date,
  shop_completed_on date,
  shop_ends_on date,
  npn_valid text not null check (npn_valid in ('Y', 'N', '-')),
  -- The last Y or N that was stated: a dash means "not stated" and does not erase it.
  npn_valid_kept text check (npn_valid_kept in ('Y', 'N')),
  release_id uuid not null,
  changed_at timestamptz not null,
  constraint registration_completions_pkey primary key (npn, plan_year)
);
create trigger changed_release_checked after update on registration_completions referencing new table as written
  for each statement execute function check_release();
create trigger release_checked after insert on registration_completions referencing new table as written
  for each statement execute function check_release();

-- What an agent entered to register, until the onboarding has accepted or refused it.
create table registration_requests (
  id uuid primary key,
  invitation_id uuid not null references invitations (id) on delete cascade,
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

-- One time in which an agent is not offered anything, because the last offers were left unseen.
create table rests (
  id uuid primary key,
  npn npn not null references agents (npn) on delete cascade,
  began_at timestamptz not null,
  -- Offers in a row that reached the agent and were left unseen and unanswered.
  unseen_offers integer not null check (unseen_offers > 0),
  ended_at timestamptz,
  -- The agent said that the hours hold (confirmed), changed their availability, or answered an offer.
  ended_by text check (ended_by in ('confirmed', 'availability', 'answer')),
  constraint rests_check check ((ended_at is null) = (ended_by is null))
);
create index rests_history on rests (npn, began_at desc);
create unique index rests_one_open on rests (npn) where ended_at is null;

-- A group of agents whose onboardings the scheduled review compares with their facts in one run.
create table review_groups (
  -- The last two digits of their NPNs.
  npn_ending text primary key,
  compared_at timestamptz not null,
  -- The version of the rules by which they were compared; other rules compare them again.
  rules text not null
);

-- One log-in, refusal, limit, confirmation or change of rights; rows are added, and deleted after a year.
create table security_events (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  -- One of domain/accounts/security-events.ts.
  kind text not null,
  -- Whose event it is; null: nobody who has an account, such as an unknown username.
  account_id uuid references accounts (id) on delete cascade,
  -- Who did it, if not the account itself.
  by_account_id uuid references accounts (id) on delete set null,
  -- Where the request came from: an IPv4 address, or the /56 block of an IPv6 address. Null: from no request.
  network text,
  -- Browser and system, such as Firefox on Windows; never the whole User-Agent.
  browser text,
  -- A code from a list, or the route that was refused; never what somebody typed.
  detail text check (length(detail) <= 100)
);
create index security_events_account on security_events (account_id, id desc) where account_id is not null;
create index security_events_expiry on security_events (at);
create index security_events_network on security_events (network, id desc);

-- From when to when an agent is offered referrals of a state; written by the review, read by matching.
create table serving (
  npn npn not null references agents (npn) on delete cascade,
  state text not null,
  from_at timestamptz not null,
  until_at timestamptz,
  plan_year smallint not null,
  constraint serving_pkey primary key (npn, state, plan_year)
);
create index serving_state on serving (state);

-- Follows a change of the states that agents serve.
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

-- One browser that is logged in, known by the hash of its session token.
create table sessions (
  token_sha256 text primary key,
  account_id uuid not null references accounts (id) on delete cascade,
  created_at timestamptz not null,
  -- When it ends unless it is used before; never after ends_at.
  expires_at timestamptz not null,
  -- Names the session to its owner; it opens nothing.
  id uuid not null default gen_random_uuid(),
  -- Last use by a person, written at most once a minute; pages that read by themselves do not count.
  used_at timestamptz not null default now(),
  -- When the account last showed its password, at the log-in or since.
  confirmed_at timestamptz not null default now(),
  -- When it ends, however much it is used.
  ends_at timestamptz not null default now() + '12:00:00'::interval,
  -- Where it was opened: an IPv4 address, or the /56 block of an IPv6 address.
  network text,
  -- Browser and system, such as Firefox on Windows.
  browser text
);
create index sessions_account on sessions (account_id, used_at desc);
create index sessions_expiry on sessions (expires_at);

-- Evidence: one row of the public list of terminated and suspended agents.
create table terminations (
  npn npn not null,
  marketplaces text not null check (marketplaces in ('BOTH', 'INDIVIDUAL', 'SHOP')),
  dated_on date not null,
  -- T1 to T4: terminated; R1 to R4: reinstated.
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

-- One version of terms, word for word; a row never changes.
create table terms_documents (
  kind text not null check (kind in ('terms-of-use', 'agents-and-brokers-terms-of-use')),
  version text not null,
  effective_at timestamptz not null,
  sha256 text not null,
  text text not null,
  constraint terms_documents_pkey primary key (kind, version)
);

-- One acceptance of a version of terms by an agent.
create table terms_acceptances (
  npn npn not null references agents (npn) on delete cascade,
  kind text not null,
  version text not null,
  sha256 text not null,
  accepted_at timestamptz not null,
  -- Null: the account was erased.
  account_id uuid references accounts (id) on delete set null,
  ip_address text not null,
  user_agent text not null,
  constraint terms_acceptances_pkey primary key (npn, kind, version),
  constraint terms_acceptances_kind_version_fkey foreign key (kind, version)
    references terms_documents (kind, version)
);
create index terms_acceptances_account on terms_acceptances (account_id);

-- One message that an agent sent themselves to see whether offers arrive; it is about nobody.
create table test_offers (
  id uuid primary key,
  npn npn not null references agents (npn) on delete cascade,
  -- What the agent answers the text with.
  short_code text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index test_offers_end on test_offers (expires_at);
create index test_offers_of_agent on test_offers (npn, created_at desc);

-- A channel over which a test offer went the whole way and back: the button behind its link was pressed, or the text
-- answered.
create table test_offer_answers (
  test_offer_id uuid not null references test_offers (id) on delete cascade,
  channel text not null check (channel in ('email', 'text', 'push')),
  answered_at timestamptz not null,
  constraint test_offer_answers_pkey primary key (test_offer_id, channel)
);

-- One phone that no text is sent to.
create table text_opt_outs (
  -- The number if an agent gave it, else null.
  phone text unique,
  stopped_at timestamptz not null,
  -- unclear-reply: nobody understood a reply, and texts wait for ops or its sender.
  stopped_by text not null check (stopped_by in ('reply', 'unclear-reply', 'provider')),
  id uuid not null default gen_random_uuid() unique,
  -- Keyed hash of the number, as in contact_keys.
  phone_key text primary key
);

-- One text that came in, and how it was read; never its words.
create table text_replies (
  provider_message_id text primary key,
  -- Not read any more: kinds replaced it.
  kind text check (kind in ('stop', 'start', 'help', 'accept', 'decline', 'unclear')),
  -- Not read any more: answers replaced it.
  answer text,
  received_at timestamptz not null,
  kinds text[] not null default '{}' check (kinds <@ array['stop', 'start', 'help', 'accept', 'decline', 'unclear',
    'attempt', 'automatic']),
  -- What was answered; null while the answer to an offer is undecided.
  answers text[]
);
create index text_replies_by_time on text_replies (received_at);
create index text_replies_unclear on text_replies (received_at) where 'unclear' = any (kinds);

-- What ops decided about texts that an unclear reply had stopped.
create table text_stop_decisions (
  opt_out_id uuid primary key,
  texts text not null check (texts in ('again', 'off')),
  account_id uuid not null references accounts (id),
  reason text not null check (length(reason) >= 1 and length(reason) <= 2000),
  at timestamptz not null
);

-- Evidence: one row of the training feed; it opens the onboarding of its plan year.
create table training_completions (
  npn npn not null,
  plan_year smallint not null,
  first_name text not null,
  last_name text not null,
  email text not null,
  -- BCP-47 codes.
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

-- When the waiting times of a period were counted.
create table waiting_time_counts (
  period text primary key,
  counted_at timestamptz not null
);

-- How long requests waited for their first agent. A group of fewer than 20 requests is not shown, so it has no row.
create table waiting_times (
  -- this-hour: requests of the last 7 days at this hour of the day; month: those of the last 30 days.
  period text not null check (period in ('this-hour', 'month')),
  -- Null: all states.
  state text,
  -- Null: all languages.
  language text,
  -- Requests whose search is over: an agent accepted, or none was found.
  requests integer not null check (requests >= 20),
  -- Half of those that found an agent waited no longer; null if fewer than 20 found one.
  median_minutes integer,
  -- Nine of ten of them waited no longer.
  ninetieth_minutes integer,
  -- Share of the requests that found no agent.
  unmatched_share double precision not null check (unmatched_share >= 0::double precision
    and unmatched_share <= 1::double precision),
  constraint waiting_times_state_language_period_key unique nulls not distinct (state, language, period),
  constraint waiting_times_check check (language is null or state is not null),
  constraint waiting_times_check1 check ((median_minutes is null) = (ninetieth_minutes is null))
);

-- The format of all open workflows, one row: npm run upgrade restarts those of an older format from their rows.
create table workflow_format (
  version integer not null,
  -- Holds the table to one row.
  is_only boolean default true primary key check (is_only)
);

-- One change of a ZIP by ops, who and why; never deleted.
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

-- Another state of a ZIP whose deliveries cross a state line.
create table zip_states (
  zip text not null,
  state text not null,
  constraint zip_states_pkey primary key (zip, state)
);

-- Where a ZIP is: city, state, position and time zone.
create table zips (
  zip text primary key check (zip ~ '^[0-9]{5}$'),
  city text not null,
  state text not null,
  lat double precision,
  lon double precision,
  time_zone text not null,
  -- When ops set it; such a row stays when the file is loaded again. Null: from the file.
  set_at timestamptz
);
create index zips_state on zips (state);

-- Leases the oldest due messages to one relay, except those of a workflow for which another relay has leased an
-- earlier one.
create function lease_messages(of_bulk boolean, at_most integer, lease interval) returns setof outbox
  language plpgsql as $$
declare
  ends_at timestamptz;
begin
  -- one at a time, so that each sees the leases of the others; the lock ends with this statement
  perform pg_advisory_xact_lock(hashtext('outbox'), of_bulk::integer);
  ends_at := date_trunc('milliseconds', clock_timestamp() + lease);
  return query
    update outbox leased
       set leased_until = ends_at
     where leased.id in (
       select due.id from outbox due
        where due.bulk = of_bulk and due.try_at <= now() and coalesce(due.leased_until <= now(), true)
          and not exists (
            select from outbox earlier
             where earlier.subject = due.subject and earlier.id < due.id and earlier.bulk = of_bulk
               and earlier.leased_until > now())
        order by due.id limit at_most for update skip locked)
    returning leased.*;
end $$;

-- Great-circle distance in miles; null where a position is not known.
create function miles_between(lat double precision, lon double precision, to_lat double precision, to_lon double
  precision) returns double precision language sql immutable parallel safe as $$
  select 2 * 3958.8 * asin(least(1, sqrt(
    pow(sin(radians(lat - to_lat) / 2), 2)
    + cos(radians(lat)) * cos(radians(to_lat)) * pow(sin(radians(lon - to_lon) / 2), 2))))
$$;

-- Brings candidate_index and candidate_periods up to date for these agents, locking their rows first.
create function refresh_candidates(npns text[]) returns void
  language plpgsql set plan_cache_mode=force_generic_plan as $$
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
    last_offered_at = excluded.last_offered_at, lat = excluded.lat, lon = excluded.lon,
    unanswered = excluded.unanswered, uncontacted = excluded.uncontacted
  where (c.last_offered_at, c.lat, c.lon, c.unanswered, c.uncontacted) is distinct from
    (excluded.last_offered_at, excluded.lat, excluded.lon, excluded.unanswered, excluded.uncontacted);
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

-- The square of half a degree that a position is in; squareOf in domain is the same.
create function square_of(lat double precision, lon double precision) returns integer
  language sql immutable parallel safe as $$
  select floor((lat + 90) * 2)::integer * 720 + mod(floor((lon + 180) * 2)::integer, 720)
$$;

-- The tie-break of an agent, 0 to 2^31 - 1.
create function tie_break_of(npn npn) returns integer language sql immutable parallel safe as $$
  select ('x' || substr(md5(npn), 1, 8))::bit(32)::integer & 2147483647
$$;

-- What candidate_index should hold, computed from the facts.
create view candidate_index_source as
select a.npn,
    b.bucket,
    coalesce(a.last_offered_at, '-infinity') as last_offered_at,
    tie_break_of(a.npn) as tie_break,
    a.lat,
    a.lon,
    o.unanswered,
    o.uncontacted
   from agents a
     cross join lateral ( select distinct serving.state
           from serving
          where serving.npn::text = a.npn::text and (serving.state = any (a.states_wanted))) s
     cross join lateral ( select s.state as bucket
        union
         select (s.state || ' ') || language.language
           from unnest(a.languages) language(language)
          where language.language <> all (a.skipped_languages)
        union
         select (((s.state || ' ') || language.language) || ' ') || square_of(a.lat, a.lon)
           from unnest(a.languages) language(language)
          where (language.language <> all (a.skipped_languages)) and square_of(a.lat, a.lon) is not null) b
     cross join lateral ( select count(*) filter (where offers.accepted_at is null)::integer as unanswered,
            count(*) filter (where offers.contacted_at is null)::integer as uncontacted
           from offers
          where offers.npn::text = a.npn::text and offers.ended_at is null) o
  where a.left_at is null and a.held_at is null and a.resting_since is null and a.available_from = '-infinity';

-- How each offer was answered; null: taken back or withdrawn before the agent answered. Without offers that another
-- agent took.
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
     join referrals r on r.id = o.referral_id
  where o.ended_as is distinct from 'taken';

-- What became of each confirmed request.
create view request_ends as
select id,
    state,
    language,
    created_at,
    extract(hour from (created_at at time zone time_zone))::integer as hour,
    stage = 'unmatched' and not ('contact-wrong' = any (causes)) as is_unmatched
   from referrals
  where stage <> 'unconfirmed' and delete_at is null;
