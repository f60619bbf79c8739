-- Up Migration

alter table referrals
  -- when the consumer should be called, in their own time zone; empty: at any time
  add column contact_times text[] not null default '{}',
  -- how the consumer wants to be reached; relay is the telephone relay service 711
  add column contact_by text not null default 'call' check (contact_by in ('call', 'relay', 'text', 'email')),
  -- since when the number or address is known to be wrong; null once the consumer has corrected it
  add column contact_wrong_at timestamptz,
  -- another agent can be asked for once
  add column another_asked_at timestamptz;

alter table offers
  -- promised at acceptance, as the end of the time to call is
  add column contact_remind_at timestamptz,
  -- what has come of it since first contact
  add column milestone text check (milestone in ('quoted', 'deferred', 'delayed')),
  add column deferred_until date,
  -- whether the agent called, by the consumer's own word
  add column called boolean,
  add column called_told_at timestamptz;

-- What a consumer reports about an agent, from a fixed list; ops look at each.
create table problem_reports (
  id uuid primary key,
  referral_id uuid not null references referrals (id),
  offer_id uuid not null references offers (id),
  npn npn not null references agents (npn),
  kind text not null check (kind in ('not-professional', 'asked-for-money', 'enrolled-without-consent', 'kept-calling', 'other')),
  reported_at timestamptz not null,
  handled_at timestamptz,
  handled_by uuid references accounts (id),
  unique (offer_id, kind)
);
create index problem_reports_open on problem_reports (reported_at) where handled_at is null;
