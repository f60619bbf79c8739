-- Up Migration

-- An agent who accepted and did not reach the consumer reports each try, and says by when the next one follows.
alter table offers
  add column attempts smallint not null default 0 check (attempts >= 0),
  add column attempted_at timestamptz,
  add column next_try_at timestamptz,
  add constraint offers_tried_check check (
    (attempts = 0) = (attempted_at is null) and (attempted_at is null) = (next_try_at is null));
comment on column offers.attempts is 'Tries to reach the consumer that the agent reported.';
comment on column offers.attempted_at is 'When the agent reported the last one.';
comment on column offers.next_try_at is 'By when the agent tries again.';
