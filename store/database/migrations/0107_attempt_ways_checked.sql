-- Up Migration

alter table offers validate constraint offers_attempted_how_check;
