-- Up Migration

-- Those who work for the service have a role each: ops, administrators of accounts and keys, and auditors, who only read.
alter table accounts
  drop constraint accounts_role_check,
  add constraint accounts_role_check check (role in ('agent', 'ops', 'ops-admin', 'auditor')),
  add column deactivated_at timestamptz,
  add constraint accounts_deactivated_check check (deactivated_at is null or role <> 'agent');
comment on table accounts is 'One log-in of an agent, of ops, or of an auditor.';
comment on column accounts.deactivated_at is
  'When an administrator ended an account that is not of an agent; null: it can be used.';

-- What administrators do is on record beside what ops do.
alter table ops_actions
  add column about_account_id uuid references accounts (id),
  add column given_role text;
comment on table ops_actions is
  'One action of ops about an agent or a referral, or of an administrator about an account or a key, who and why; never deleted.';
comment on column ops_actions.about_account_id is 'Account that an administrator opened, changed or ended.';
comment on column ops_actions.given_role is 'Role that the account got, where the action gives one.';
