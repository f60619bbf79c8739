-- Up Migration
-- An offer that another agent took counts as no offer, also in the figures of fairness.
create or replace view offer_answers as
select o.id, o.npn, r.state, o.offered_at,
       case
         when o.accepted_at is not null then 'accepted'
         when o.ended_as in ('declined', 'expired', 'unreachable') then o.ended_as
       end as answer,
       extract(epoch from case
         when o.accepted_at is not null then o.accepted_at
         when o.ended_as = 'declined' then o.ended_at
       end - o.offered_at)::double precision as answer_seconds
from offers o join referrals r on r.id = o.referral_id
where o.ended_as is distinct from 'taken';
comment on view offer_answers is 'How each offer was answered; null: taken back or withdrawn before the agent answered. Without offers that another agent took.';
