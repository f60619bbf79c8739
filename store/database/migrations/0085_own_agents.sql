-- Up Migration

-- A consumer can name an agent, or ask for the one who helped them before. Only the first offer heeds it.
alter table referrals
  add column agent_wish text check (agent_wish in ('npn', 'name', 'helped-before')),
  add column wished_agent text,
  add constraint referrals_wish_check check (
    (wished_agent is not null) = (agent_wish is not null and agent_wish <> 'helped-before'));
comment on column referrals.agent_wish is 'How the consumer says which agent to ask first; null: they named none.';
comment on column referrals.wished_agent is 'The NPN or the name that they gave.';

-- Names are compared without case, accents, punctuation and middle initials.
create function agent_name_key(name text) returns text language sql immutable strict parallel safe as $$
  select regexp_replace(btrim(regexp_replace(
    lower(regexp_replace(normalize(name, NFD), '[\u0300-\u036f''\u2018\u2019]', '', 'g')),
    '[-\s.,\u2010-\u2015]+', ' ', 'g')),
    ' [^ ](?= )', '', 'g')
$$;
comment on function agent_name_key(text) is 'A name as it is compared: in small letters, without accents, punctuation and middle initials.';
create index agents_name on agents (agent_name_key(first_name || ' ' || last_name));

alter table match_decisions add column wish_unmet text;
comment on column match_decisions.wish_unmet is
  'Why the agent whom the consumer asked for was not asked first; null: they were, or the consumer asked for none.';
