-- Up Migration
-- Outside a transaction

-- The agent whom a consumer names is encrypted like the contact from here on, and goes with it. `migrate` encrypts what is in
-- clear between this file and the next, which drops the column; the index finds it page by page.
alter table consumer_contacts add column if not exists wished_agent bytea;
comment on column consumer_contacts.wished_agent is
  'The NPN or the name of the agent to ask first, encrypted like the name; null: they gave none.';
alter table referrals drop constraint if exists referrals_wish_check;
drop index concurrently if exists referrals_clear_wish;
create index concurrently referrals_clear_wish on referrals (id) where wished_agent is not null;
