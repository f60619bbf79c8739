-- Up Migration
-- Outside a transaction

-- Who took part is deleted in the end too: by an index, and with what belongs to it.
alter table invitations
  drop constraint if exists invitations_npn_plan_year_fkey,
  add constraint invitations_npn_plan_year_fkey foreign key (npn, plan_year)
    references onboardings (npn, plan_year) on delete cascade not valid;
alter table invitations validate constraint invitations_npn_plan_year_fkey;
alter table expiration_warnings
  drop constraint if exists expiration_warnings_npn_plan_year_fkey,
  add constraint expiration_warnings_npn_plan_year_fkey foreign key (npn, plan_year)
    references onboardings (npn, plan_year) on delete cascade not valid;
alter table expiration_warnings validate constraint expiration_warnings_npn_plan_year_fkey;
alter table registration_requests
  drop constraint if exists registration_requests_invitation_id_fkey,
  add constraint registration_requests_invitation_id_fkey foreign key (invitation_id)
    references invitations (id) on delete cascade not valid;
alter table registration_requests validate constraint registration_requests_invitation_id_fkey;
alter table terms_acceptances
  drop constraint if exists terms_acceptances_npn_fkey,
  add constraint terms_acceptances_npn_fkey foreign key (npn) references agents (npn) on delete cascade not valid;
alter table terms_acceptances validate constraint terms_acceptances_npn_fkey;
alter table serving
  drop constraint if exists serving_npn_fkey,
  add constraint serving_npn_fkey foreign key (npn) references agents (npn) on delete cascade not valid;
alter table serving validate constraint serving_npn_fkey;
drop index concurrently if exists onboardings_closed;
create index concurrently onboardings_closed on onboardings (closed_at) where closed_at is not null;
drop index concurrently if exists agents_erased;
create index concurrently agents_erased on agents (erased_at) where erased_at is not null;
drop index concurrently if exists ops_actions_by_time;
create index concurrently ops_actions_by_time on ops_actions (at) where referral_id is null;
comment on table ops_actions is
  'One action of ops about an agent or a referral, or of an administrator about an account or a key, who and why.';
