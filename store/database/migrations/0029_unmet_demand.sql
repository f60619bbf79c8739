-- Up Migration

-- Whose number was wrong and was not corrected could not be helped, and is no sign that agents are missing.
create or replace view request_ends as
select id, state, language, created_at, extract(hour from created_at at time zone time_zone)::integer as hour,
       stage = 'unmatched' and not 'contact-wrong' = any (causes) as is_unmatched
from referrals where stage <> 'unconfirmed';
