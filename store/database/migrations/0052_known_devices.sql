-- Up Migration

-- Limits that make the next try wait: from when on it is taken. Null for those that count a window.
alter table rate_limits add column open_at timestamptz;

-- Browsers that somebody has logged in with. What strangers do to a username is not counted against them.
create table known_devices (
  account_id uuid not null references accounts (id) on delete cascade,
  token_sha256 text not null,
  created_at timestamptz not null,
  used_at timestamptz not null,
  primary key (account_id, token_sha256)
);
create index known_devices_token on known_devices (token_sha256);
