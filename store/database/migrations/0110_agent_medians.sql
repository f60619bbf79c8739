-- Up Migration

-- What agents see beside their own figures. Counted by a loop of the workers, never when somebody reads them.
create table agent_medians (
  state text primary key,
  agents integer not null,
  offers double precision,
  answered_share double precision check (answered_share between 0 and 1),
  accepted_share double precision check (accepted_share between 0 and 1),
  answer_seconds double precision,
  contacted_in_time_share double precision check (contacted_in_time_share between 0 and 1),
  enrolled_share double precision check (enrolled_share between 0 and 1),
  counted_at timestamptz not null,
  check (agents >= 10 or (offers is null and answered_share is null and accepted_share is null
    and answer_seconds is null and contacted_in_time_share is null and enrolled_share is null))
);
comment on table agent_medians is
  'Medians of the figures of all agents of a state over 30 days; null: fewer than ten agents contribute, so that nobody is recognized.';
comment on column agent_medians.agents is 'Agents who had an offer there, or could have had one.';
