-- Up Migration

alter table referrals
  -- until when the service is closed where the consumer is; before it nobody is looked for
  add column opens_at timestamptz;
create index referrals_opening on referrals (state, opens_at, created_at) where stage = 'queued' and opens_at is not null;

-- Where ops have stopped taking requests, since when and why; a row stays when the state is open again.
create table intake_pauses (
  id uuid primary key,
  state text not null,
  paused_at timestamptz not null,
  paused_by uuid not null references accounts (id),
  pause_reason text not null,
  -- what consumers are told in place of the service's own words: {"en": "…", "es": "…"}
  notice jsonb not null default '{}',
  resumed_at timestamptz,
  resumed_by uuid references accounts (id),
  resume_reason text,
  check ((resumed_at is null) = (resumed_by is null))
);
create unique index intake_pauses_running on intake_pauses (state) where resumed_at is null;

-- How a consumer is reached, as a keyed hash: it finds the requests of one phone or address and tells neither.
create table contact_keys (
  referral_id uuid not null references consumer_contacts (referral_id) on delete cascade,
  channel text not null check (channel in ('text', 'email')),
  key text not null,
  confirmed_at timestamptz,
  primary key (referral_id, channel)
);
create index contact_keys_key on contact_keys (key);

-- The codes that were sent last to an unconfirmed request's phone and address, one for each.
create table contact_codes (
  referral_id uuid primary key references referrals (id) on delete cascade,
  id uuid not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  tries integer not null default 0,
  confirmed_at timestamptz,
  -- the request of the same phone or address that was open already: this one never starts
  resolved_to uuid
);
create index notices_of_referral on notices (referral_id) where referral_id is not null;
create index referrals_unconfirmed on referrals (waiting_until) where stage = 'unconfirmed';

-- What must follow a commit, two kinds more: every channel of an offer has refused it; ops end a referral.
--   deed 'offer-unreachable'   subject {"referralId": "…", "offerId": "…"}
--   deed 'close-referral'      subject {"referralId": "…"}
alter table outbox drop constraint outbox_deed_check;
alter table outbox add constraint outbox_deed_check check (deed in (
  'start-onboarding', 'wake-onboarding', 'start-referral', 'wake-referral', 'rescind-offer', 'offer-unreachable',
  'close-referral', 'tell-notice'
));

-- The other states of a ZIP whose deliveries cross a state line.
create table zip_states (
  zip text not null,
  state text not null,
  primary key (zip, state)
);
