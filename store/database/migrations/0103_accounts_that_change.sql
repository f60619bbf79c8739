-- Up Migration

-- A password that was generated for somebody is theirs only once they have replaced it, and ends if they do not. And a log-in
-- that began with a factor that is removed meanwhile opens nothing.
alter table accounts
  add column password_ends_at timestamptz,
  add column factors_version integer not null default 0;
comment on column accounts.password_ends_at is
  'When a generated password ends that its owner has not replaced; null: the password is their own.';
comment on column accounts.factors_version is
  'Counts the changes of passkeys, authenticator app and recovery codes, so that a log-in notices one.';
