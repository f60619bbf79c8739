-- Up Migration

alter table agents add column erased_at timestamptz;
comment on column agents.erased_at is
  'When name, addresses, account and settings were erased, so long after the last onboarding; null again if they come back.';

-- the account goes, and what it did stays under the NPN; the next file validates the foreign keys and builds their indexes
alter table terms_acceptances
  alter column account_id drop not null,
  drop constraint terms_acceptances_account_id_fkey,
  add constraint terms_acceptances_account_id_fkey foreign key (account_id) references accounts (id)
    on delete set null not valid;
comment on column terms_acceptances.account_id is 'Null: the account was erased.';
alter table ops_actions
  drop constraint ops_actions_about_account_id_fkey,
  add constraint ops_actions_about_account_id_fkey foreign key (about_account_id) references accounts (id)
    on delete set null not valid;
