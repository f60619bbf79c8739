-- Up Migration
-- Outside a transaction

-- What is past its time is found by an index, and takes with it what belongs to it. Beside writers, as are the referrals that
-- have ended already, and what the two files before have added.
update referral_keys k set erase_at = r.closed_at + interval '90 days'
  from referrals r where r.id = k.referral_id and r.closed_at is not null and k.erase_at is null;
drop index concurrently if exists referral_keys_erase_at;
create index concurrently referral_keys_erase_at on referral_keys (erase_at) where erase_at is not null;
alter table terms_acceptances validate constraint terms_acceptances_account_id_fkey;
drop index concurrently if exists terms_acceptances_account;
create index concurrently terms_acceptances_account on terms_acceptances (account_id);
alter table ops_actions validate constraint ops_actions_about_account_id_fkey;
drop index concurrently if exists ops_actions_about_account;
create index concurrently ops_actions_about_account on ops_actions (about_account_id) where about_account_id is not null;

-- under another name until the one before can go
drop index concurrently if exists events_at_of_kind;
create index concurrently events_at_of_kind on events (subject_kind, at);
drop index concurrently if exists events_at;
alter index events_at_of_kind rename to events_at;
drop index concurrently if exists notices_by_time;
create index concurrently notices_by_time on notices (created_at);
drop index concurrently if exists match_decisions_by_time;
create index concurrently match_decisions_by_time on match_decisions (at);
drop index concurrently if exists candidate_periods_ended;
create index concurrently candidate_periods_ended on candidate_periods (until_at) where until_at is not null;
drop index concurrently if exists text_replies_by_time;
create index concurrently text_replies_by_time on text_replies (received_at);
drop index concurrently if exists problem_reports_of_referral;
create index concurrently problem_reports_of_referral on problem_reports (referral_id);
alter table deliveries
  drop constraint if exists deliveries_notice_id_fkey,
  add constraint deliveries_notice_id_fkey foreign key (notice_id) references notices (id) on delete cascade not valid;
alter table deliveries validate constraint deliveries_notice_id_fkey;
