-- Up Migration

-- While an agent has only to accept another version of the terms he is offered nothing more, and keeps the offers of
-- the states that his evidence still covers.
alter table onboardings add column covered text[] not null default '{}';
update onboardings o set covered = array(select state from serving s where (s.npn, s.plan_year) = (o.npn, o.plan_year));
