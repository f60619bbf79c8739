-- Up Migration

-- A request that was withdrawn before it was confirmed was nobody's yet: it is no demand while it waits to be deleted.
create or replace view request_ends as
select id, state, language, created_at, extract(hour from created_at at time zone time_zone)::integer as hour,
       stage = 'unmatched' and not 'contact-wrong' = any (causes) as is_unmatched
from referrals
where stage <> 'unconfirmed' and not (stage = 'withdrawn' and waiting_until is not null);
