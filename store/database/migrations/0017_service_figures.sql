-- Up Migration

-- How each offer was answered, for the figures of fairness. An offer that was taken back or withdrawn before its agent
-- had answered is no answer of his.
create view offer_answers as
select o.id, o.npn, r.state, o.offered_at,
       case
         when o.accepted_at is not null then 'accepted'
         when o.ended_as in ('declined', 'expired', 'unreachable') then o.ended_as
       end as answer,
       -- of those who said something themselves
       extract(epoch from case
         when o.accepted_at is not null then o.accepted_at
         when o.ended_as = 'declined' then o.ended_at
       end - o.offered_at)::double precision as answer_seconds
from offers o join referrals r on r.id = o.referral_id;
create index offers_by_time on offers (offered_at);
create index line_periods_of_state on line_periods (state, until_at);

-- What became of requests, by the hour of the day at which they came, on the clock of their place.
create view request_ends as
select id, state, language, created_at, extract(hour from created_at at time zone time_zone)::integer as hour,
       stage = 'unmatched' as is_unmatched
from referrals where stage <> 'unconfirmed';
create index referrals_by_time on referrals (created_at);
