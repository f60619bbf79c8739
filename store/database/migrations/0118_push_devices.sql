-- Up Migration

-- An agent sees the devices that get pushes, mutes and removes them one by one.
alter table push_subscriptions
  add column id uuid not null default gen_random_uuid() unique,
  add column name text not null default 'another browser',
  add column has_sound boolean not null default true,
  add column last_sent_at timestamptz;
comment on column push_subscriptions.id is 'Names it in addresses: the endpoint is a secret of the browser.';
comment on column push_subscriptions.name is 'Browser and system, such as Firefox on Windows; never the whole User-Agent.';
comment on column push_subscriptions.last_sent_at is 'When its push service last took a push.';
