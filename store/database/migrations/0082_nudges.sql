-- Up Migration

-- An agent who has neither answered an offer nor looked at it is told again before its window ends.
alter table offers add column nudge_at timestamptz[] not null default '{}';
comment on column offers.nudge_at is
  'When the agent is told again, ascending, if they have neither answered nor looked; a time that has passed is removed.';
