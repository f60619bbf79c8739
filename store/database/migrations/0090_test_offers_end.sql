-- Up Migration
-- Outside a transaction
-- Test offers are deleted 30 days after their end.
drop index concurrently if exists test_offers_end;
create index concurrently test_offers_end on test_offers (expires_at);
