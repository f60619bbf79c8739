-- Up Migration
-- A referral may have several unanswered offers, each to another agent; of these one at most is accepted.
drop index offers_one_open;
create unique index offers_one_open_per_agent on offers (referral_id, npn) where ended_at is null;
comment on index offers_one_open_per_agent is 'No agent has two open offers of one referral.';
create unique index offers_one_accepted on offers (referral_id) where ended_at is null and accepted_at is not null;
comment on index offers_one_accepted is 'One agent at a time has a referral: the first who accepts.';
