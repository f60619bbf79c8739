-- Up Migration

-- The same problem with the same agent may come again: only within minutes is a like report the first one, sent again.
alter table problem_reports drop constraint problem_reports_offer_id_kind_key;
create index problem_reports_of_offer on problem_reports (offer_id, kind, reported_at);
