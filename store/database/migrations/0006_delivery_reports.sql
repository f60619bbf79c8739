-- Up Migration

-- What becomes of a message after its provider took it. `bounced` and `complained` are of mail alone; a text that a
-- carrier refuses is `refused`, as one that the provider refuses at once.
alter table deliveries drop constraint deliveries_status_check;
alter table deliveries add constraint deliveries_status_check
  check (status in ('pending', 'sent', 'delivered', 'refused', 'lapsed', 'bounced', 'complained'));
create index deliveries_provider_message on deliveries (provider_message_id) where provider_message_id is not null;

-- Reports name an address, and replies a phone.
create index agents_email on agents (lower(email));
create index agents_phone on agents (phone) where phone is not null;
alter table consumer_contacts add column email_undeliverable_at timestamptz;
create index consumer_contacts_email on consumer_contacts (lower(email)) where email is not null;
create index consumer_contacts_phone on consumer_contacts (phone) where phone is not null;

-- Messages of SNS that were taken in: a replay changes nothing. Older ones than are believed need no row.
create table taken_reports (
  message_id text primary key,
  taken_at timestamptz not null
);
create index taken_reports_age on taken_reports (taken_at);

-- Phones that no text goes to. `unclear-reply`: until ops or the person say otherwise.
create table text_opt_outs (
  phone text primary key,
  stopped_at timestamptz not null,
  stopped_by text not null check (stopped_by in ('reply', 'unclear-reply', 'provider'))
);

-- That a reply came, what it was understood as and which answer it got; never its words.
create table text_replies (
  provider_message_id text primary key,
  phone text not null,
  kind text not null check (kind in ('stop', 'start', 'help', 'accept', 'decline', 'unclear')),
  answer text,
  received_at timestamptz not null
);
create index text_replies_unclear on text_replies (received_at) where kind = 'unclear';
