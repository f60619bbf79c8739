-- Up Migration

-- Each system that uploads feeds has a key of its own, for the feeds that it brings.
create table feed_keys (
  id uuid primary key,
  name text not null check (length(name) between 1 and 100),
  feeds text[] not null check (feeds <@ array['registration-completions', 'terminations', 'training-completions', 'licenses']),
  created_by uuid not null references accounts (id),
  created_at timestamptz not null,
  revoked_at timestamptz,
  constraint feed_keys_feeds_given check (cardinality(feeds) > 0)
);
comment on table feed_keys is 'One system that may upload feeds, beside the key of the settings (FEEDS_KEY).';
comment on column feed_keys.feeds is 'Feeds that it may upload.';
comment on column feed_keys.revoked_at is 'When an administrator ended it, with every secret; null: it can be used.';
create unique index feed_keys_name on feed_keys (lower(name)) where revoked_at is null;

create table feed_key_secrets (
  secret_sha256 text primary key check (secret_sha256 ~ '^[0-9a-f]{64}$'),
  feed_key_id uuid not null references feed_keys (id),
  created_at timestamptz not null,
  valid_until timestamptz,
  last_used_at timestamptz
);
comment on table feed_key_secrets is 'One secret of a feed key, as its hash. During a rotation a key has two that work.';
comment on column feed_key_secrets.valid_until is 'When an earlier secret stops working; null: the current one.';
create index feed_key_secrets_of_key on feed_key_secrets (feed_key_id);
create unique index feed_key_secrets_current on feed_key_secrets (feed_key_id) where valid_until is null;

alter table ops_actions add column feed_key_id uuid references feed_keys (id);
comment on column ops_actions.feed_key_id is 'Feed key that an administrator created, rotated or revoked.';
