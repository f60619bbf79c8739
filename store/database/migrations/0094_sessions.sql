-- Up Migration

-- A session ends when nobody has used it for a while (expires_at moves with its use) and at a fixed time (ends_at). Processes
-- of the version before write neither; theirs end after 12 hours, as before.
alter table sessions
  add column id uuid not null default gen_random_uuid(),
  add column used_at timestamptz not null default now(),
  add column confirmed_at timestamptz not null default now(),
  add column ends_at timestamptz not null default now() + interval '12 hours',
  add column network text,
  add column browser text;
update sessions set used_at = created_at, confirmed_at = created_at, ends_at = expires_at;
comment on column sessions.id is 'Names the session to its owner; it opens nothing.';
comment on column sessions.used_at is 'Last use by a person, written at most once a minute; pages that read by themselves do not count.';
comment on column sessions.confirmed_at is 'When the account last showed its password, at the log-in or since.';
comment on column sessions.ends_at is 'When it ends, however much it is used.';
comment on column sessions.expires_at is 'When it ends unless it is used before; never after ends_at.';
comment on column sessions.network is 'Where it was opened: an IPv4 address, or the /56 block of an IPv6 address.';
comment on column sessions.browser is 'Browser and system, such as Firefox on Windows.';
create index sessions_account on sessions (account_id, used_at desc);
