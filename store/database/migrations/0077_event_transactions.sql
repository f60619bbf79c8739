-- Up Migration

-- Live pages read new events by the transaction that wrote them (docs/decisions/0059-changes-are-read-not-announced.md).
-- NOTIFY in every event's transaction made all of them commit one after another.
drop trigger events_notify on events;
drop function notify_event();
alter table events add column transaction_id xid8;
comment on column events.transaction_id is 'The transaction that wrote the event; null: the event is older than this column.';
alter table events alter column transaction_id set default pg_current_xact_id();
create index events_of_transaction on events (transaction_id) where transaction_id is not null;

-- a statement that inserts nothing has nothing to announce, and would still hold up other commits
drop trigger outbox_notify on outbox;
create or replace function notify_outbox() returns trigger language plpgsql as $$
begin
  if exists (select from inserted) then
    perform pg_notify('outbox', '');
  end if;
  return null;
end $$;
create trigger outbox_notify after insert on outbox referencing new table as inserted
  for each statement execute function notify_outbox();
