-- Up Migration

-- What is past its time is found by an index, and takes with it what belongs to it.
drop index events_at;
create index events_at on events (subject_kind, at);
create index notices_by_time on notices (created_at);
create index match_decisions_by_time on match_decisions (at);
create index candidate_periods_ended on candidate_periods (until_at) where until_at is not null;
create index text_replies_by_time on text_replies (received_at);
alter table deliveries drop constraint deliveries_notice_id_fkey;
alter table deliveries add foreign key (notice_id) references notices (id) on delete cascade;
