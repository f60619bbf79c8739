-- Up Migration

-- What ops write about a referral can name its consumer, so it is encrypted under the referral's key and goes with it.
create table referral_reasons (
  action_id uuid primary key references ops_actions (id) on delete cascade,
  referral_id uuid not null references referral_keys (referral_id) on delete cascade,
  text bytea not null
);
create index referral_reasons_of_referral on referral_reasons (referral_id);
comment on table referral_reasons is
  'What ops wrote with an action about a referral, encrypted under the key of the referral.';
comment on column ops_actions.reason is
  'In the words of ops; it stays here, and events, logs and Temporal hold the id alone. Null: about a referral, see referral_reasons.';
-- what is there already is encrypted by migrate, after this file
alter table ops_actions alter column reason drop not null;
comment on column problem_reports.handled_reason is 'In the words of ops; erased with the consumer.';
