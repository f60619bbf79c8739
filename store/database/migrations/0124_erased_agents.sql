-- Up Migration

alter table agents add column erased_at timestamptz;
comment on column agents.erased_at is
  'When name, addresses, account and settings were erased, so long after the last onboarding; null again if they come back.';

-- the account goes, and what it did stays under the NPN
alter table terms_acceptances alter column account_id drop not null;
alter table terms_acceptances drop constraint terms_acceptances_account_id_fkey;
alter table terms_acceptances
  add foreign key (account_id) references accounts (id) on delete set null;
create index terms_acceptances_account on terms_acceptances (account_id);
comment on column terms_acceptances.account_id is 'Null: the account was erased.';
alter table ops_actions drop constraint ops_actions_about_account_id_fkey;
alter table ops_actions
  add foreign key (about_account_id) references accounts (id) on delete set null;
create index ops_actions_about_account on ops_actions (about_account_id) where about_account_id is not null;
