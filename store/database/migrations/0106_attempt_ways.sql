-- Up Migration

-- An agent who did not reach the consumer says how they tried: the consumer is told of a voicemail. The check is validated in a
-- transaction of its own, so that no offer waits while all are read.
alter table offers
  add column attempted_how text,
  add constraint offers_attempted_how_check check (attempted_how in ('voicemail', 'no-answer')) not valid;
comment on column offers.attempted_how is 'How the agent says that the last one went; null if they do not say.';
