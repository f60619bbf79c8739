-- Up Migration

-- A consent to texts that is given for another number stands beside the one before, which stays on record as taken back.
alter table consents drop constraint consents_pkey;
alter table consents add primary key (referral_id, kind, given_at);
create unique index consents_standing on consents (referral_id, kind) where rescinded_at is null;
