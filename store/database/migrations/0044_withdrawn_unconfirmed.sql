-- Up Migration

-- A request that was withdrawn before it was confirmed goes with those whose code did not come, at the same hour.
update referrals r set waiting_until = r.since + interval '1 hour'
 where stage = 'withdrawn'
   and exists (select from events e where e.subject_kind = 'referral' and e.subject_id = r.id::text
                and e.kind = 'requested' and e.data ->> 'unconfirmed' = 'true')
   and not exists (select from events e where e.subject_kind = 'referral' and e.subject_id = r.id::text
                    and e.kind = 'contact-confirmed');
drop index referrals_unconfirmed;
create index referrals_unconfirmed on referrals (waiting_until)
 where stage in ('unconfirmed', 'withdrawn') and waiting_until is not null;
