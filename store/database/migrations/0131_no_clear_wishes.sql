-- Up Migration

lock table referrals in access exclusive mode;
do $$
begin
  if exists (select from referrals where wished_agent is not null) then
    raise exception 'agents whom consumers name are not encrypted yet: npm run migrate does it, with MASTER_KEY set';
  end if;
end $$;

drop index referrals_clear_wish;
alter table referrals drop column wished_agent;
