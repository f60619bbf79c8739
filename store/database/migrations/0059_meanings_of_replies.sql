-- Up Migration

-- One text can mean several things: it declines an offer and asks for no more texts. `attempt`: it plainly means to
-- answer an offer, and not clearly how or which; `automatic`: a phone or a service wrote it, not a person.
-- `answers`: what was said back; null while an offer's answer is undecided.
-- `kind` and `answer` stay for an API of the version before that still runs; nothing reads them any more.
alter table text_replies
  add column kinds text[] not null default '{}'
    check (kinds <@ array['stop', 'start', 'help', 'accept', 'decline', 'unclear', 'attempt', 'automatic']),
  add column answers text[],
  alter column kind drop not null;
update text_replies set kinds = array[kind], answers = case when answer is not null then array[answer] end;
drop index text_replies_unclear;
create index text_replies_unclear on text_replies (received_at) where 'unclear' = any (kinds);
