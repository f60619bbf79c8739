-- Up Migration

-- When all that was saved of a request that nobody confirmed is deleted, whatever became of it meanwhile: its code did
-- not come, its consumer withdrew it or took the consent back, or ops closed it. Null: it was confirmed.
alter table referrals add column delete_at timestamptz;
update referrals r set delete_at = coalesce(waiting_until, since + interval '1 hour')
 where stage = 'unconfirmed'
    or closed_at is not null
   and exists (select from events e where e.subject_kind = 'referral' and e.subject_id = r.id::text
                and e.kind = 'requested' and e.data ->> 'unconfirmed' = 'true')
   and not exists (select from events e where e.subject_kind = 'referral' and e.subject_id = r.id::text
                    and e.kind = 'contact-confirmed');
-- who asked is deleted at once where somebody ended the request; until now ops' closing left it
delete from consumer_contacts c using referrals r
 where r.id = c.referral_id and r.delete_at is not null and r.closed_at is not null;
delete from contact_codes c using referrals r
 where r.id = c.referral_id and r.delete_at is not null and r.closed_at is not null;
drop index referrals_unconfirmed;
create index referrals_delete_at on referrals (delete_at, id) where delete_at is not null;

-- What nobody confirmed is no demand, however it ended.
create or replace view request_ends as
select id, state, language, created_at, extract(hour from created_at at time zone time_zone)::integer as hour,
       stage = 'unmatched' and not 'contact-wrong' = any (causes) as is_unmatched
from referrals
where stage <> 'unconfirmed' and delete_at is null;

-- What is past its time is found without reading everything.
create index rate_limits_expire on rate_limits (expire);
