-- Up Migration

-- What a request's Idempotency-Key is known by: a keyed hash with each phone number and address that it came with.
alter table referrals add column idempotency_keys text[] not null default '{}';
create index referrals_idempotency_keys on referrals using gin (idempotency_keys);
