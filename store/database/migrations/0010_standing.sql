-- Up Migration

-- What an onboarding promises and tells beside its invitation.
alter table onboardings
  -- when an invitation that has not come by then is late; promised once the training is complete, it never moves
  add column late_at timestamptz,
  -- when the agent was told why it is late
  add column late_told_at timestamptz;

-- When an agent was last warned that a registration or a license ends; once before each stated time is enough.
create table end_warnings (
  npn npn not null,
  plan_year smallint not null,
  subject text not null, -- 'registration', or the state of the license
  ends_on date not null,
  warned_at timestamptz not null,
  primary key (npn, plan_year, subject, ends_on),
  foreign key (npn, plan_year) references onboardings (npn, plan_year)
);

alter table notices
  -- what is told, where it would not be true any more by the time it is sent: states, dates, names of conditions
  add column data jsonb not null default '{}',
  -- where it goes, when not to today's address: the old one hears that it was replaced
  add column to_address text;
