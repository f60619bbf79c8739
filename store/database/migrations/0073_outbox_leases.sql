-- The relay leases messages, commits, and calls Temporal outside any transaction. Messages that one feed or one review
-- adds for many agents are apart from those that somebody waits for.

drop index outbox_order;
alter table outbox drop column urgent;
alter table outbox
  add column bulk boolean not null default false,
  add column leased_until timestamptz,
  add column subject text generated always as (
    coalesce(payload ->> 'noticeId', payload ->> 'referralId', (payload ->> 'npn') || '-' || (payload ->> 'planYear'))
  ) stored;
comment on column outbox.bulk is 'Whether a feed or a review of all agents added it, so that nobody waits for it: it is relayed at the rate at which the workers keep up.';
comment on column outbox.leased_until is 'A relay calls Temporal for it until then, and no other relay takes it; null: no relay does.';
comment on column outbox.subject is 'Names the workflow that the message is for, within its type''s kind: messages of one workflow keep their order. Null: not to be read from its payload.';

create index outbox_order on outbox (bulk, id);
create index outbox_leased on outbox (subject, id) where leased_until is not null;

create function lease_messages(of_bulk boolean, at_most integer, lease interval) returns setof outbox
language plpgsql as $$
declare
  ends_at timestamptz;
begin
  -- one at a time, so that each sees the leases of the others; the lock ends with this statement
  perform pg_advisory_xact_lock(hashtext('outbox'), of_bulk::integer);
  ends_at := date_trunc('milliseconds', clock_timestamp() + lease);
  return query
    update outbox leased
       set leased_until = ends_at
     where leased.id in (
       select due.id from outbox due
        where due.bulk = of_bulk and due.try_at <= now() and coalesce(due.leased_until <= now(), true)
          and not exists (
            select from outbox earlier
             where earlier.subject = due.subject and earlier.id < due.id and earlier.bulk = of_bulk
               and earlier.leased_until > now())
        order by due.id limit at_most for update skip locked)
    returning leased.*;
end $$;
comment on function lease_messages is 'Leases the oldest due messages to one relay, except those of a workflow for which another relay has leased an earlier one.';
