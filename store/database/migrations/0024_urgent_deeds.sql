-- Up Migration

-- A consumer waits at the other end of a referral's deed; a feed can add a hundred thousand deeds about onboardings at
-- once. Deeds of one workflow are all of one kind, so their order among themselves stays.
alter table outbox add column urgent boolean not null
  generated always as (deed not in ('start-onboarding', 'wake-onboarding')) stored;
create index outbox_in_turn on outbox (urgent desc, id);
