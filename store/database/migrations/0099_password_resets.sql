-- Up Migration

-- Links by which people set a new password. An account has one at most: a newer one replaces it, and using it deletes it.
create table password_resets (
  account_id uuid primary key references accounts (id) on delete cascade,
  id uuid not null unique,
  token_sha256 text not null unique,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
comment on table password_resets is 'The link of an account to set a new password: a newer one replaces it, its use deletes it.';
comment on column password_resets.id is 'Names the link; its token is derived from it and stored nowhere.';
comment on column password_resets.token_sha256 is 'SHA-256 of the token, in hex.';
create index password_resets_expiry on password_resets (expires_at);
