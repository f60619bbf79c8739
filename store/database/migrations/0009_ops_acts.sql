-- Up Migration

-- What ops did to an agent or a referral, who and why. Append-only. The reason is in ops' own words and stays here:
-- events, logs and Temporal know the act by its id alone.
create table ops_acts (
  id uuid primary key,
  account_id uuid not null references accounts (id),
  act text not null,
  npn npn,
  -- of an act that is about one plan year alone
  plan_year smallint,
  referral_id uuid references referrals (id),
  -- what kind of reason it is, where an act has kinds
  because text,
  reason text not null check (length(reason) between 1 and 2000),
  at timestamptz not null,
  check (plan_year is null or npn is not null)
);
create index ops_acts_of_agent on ops_acts (npn, at) where npn is not null;
create index ops_acts_of_referral on ops_acts (referral_id, at) where referral_id is not null;

-- The board is asked for a cause whatever the stage.
create index onboardings_causes on onboardings using gin (causes);

-- What an agent was told, for ops.
create index notices_of_agent on notices (npn, created_at desc) where npn is not null;
