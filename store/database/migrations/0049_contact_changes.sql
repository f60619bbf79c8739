-- Up Migration

-- What took, or is to take, the place of a consumer's phone or address: both stay on record as long as the contact itself
-- does, and go with it. One that waits for its code is used for nothing but that code.
create table contact_changes (
  id uuid primary key,
  referral_id uuid not null references consumer_contacts (referral_id) on delete cascade,
  channel text not null check (channel in ('text', 'email')),
  -- null: there was none, or none is left
  address_before text,
  address text,
  -- of the address, as in contact_keys
  key text,
  asked_at timestamptz not null,
  -- whose link it was asked with
  asked_by text not null default 'consumer' check (asked_by = 'consumer'),
  -- typed beside the contact whose code started the request
  from_intake boolean not null default false,
  -- how the consumer wanted to be reached when it was asked for
  contact_by text not null,
  -- to texts to this phone: {"language": "…", "version": "…"}
  text_consent jsonb,
  -- null where none was asked for, because contact is not confirmed
  code_id uuid,
  code_expires_at timestamptz,
  phone_over text not null default 'text' check (phone_over in ('text', 'voice')),
  tries integer not null default 0,
  -- when it is deleted, unless its code comes
  waiting_until timestamptz,
  made_at timestamptz,
  check (address is not null or address_before is not null),
  check (made_at is not null or (code_id is not null and code_expires_at is not null and waiting_until is not null))
);
create unique index contact_changes_waiting on contact_changes (referral_id, channel) where made_at is null;
create index contact_changes_over on contact_changes (waiting_until) where made_at is null;
create index contact_changes_of_referral on contact_changes (referral_id);
