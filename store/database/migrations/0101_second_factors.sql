-- Up Migration

-- The second factor of a log-in by password: an authenticator app (RFC 6238), and codes for the day on which it is lost.
create table authenticator_apps (
  account_id uuid primary key references accounts (id) on delete cascade,
  key_id uuid not null,
  confirmed_at timestamptz not null,
  last_step bigint not null
);
comment on table authenticator_apps is
  'The authenticator app of an account. Its secret is not stored: it is derived from key_id and a secret of the service.';
comment on column authenticator_apps.key_id is 'Names the secret; another one makes the app of before worthless.';
comment on column authenticator_apps.confirmed_at is 'When the account first showed a code of the app.';
comment on column authenticator_apps.last_step is
  'The 30 seconds since 1970 of the latest code that was used: this code and earlier ones are refused.';

create table recovery_codes (
  account_id uuid not null references accounts (id) on delete cascade,
  code_sha256 text not null,
  primary key (account_id, code_sha256)
);
comment on table recovery_codes is
  'Codes that each replace a code of the authenticator app once, as hashes of 120 random bits; deleted when used.';
