-- Up Migration

-- Each time that Postgres is held against Temporal. The id is that of the workflow's run.
create table audit_runs (
  id uuid primary key,
  started_at timestamptz not null,
  -- null while it is under way, and for ever where it was broken off
  ended_at timestamptz,
  looked_at integer not null default 0,
  -- what it cost in calls to Temporal
  lists integer not null default 0,
  describes integer not null default 0,
  found integer not null default 0,
  repaired integer not null default 0,
  resolved integer not null default 0
);
create index audit_runs_latest on audit_runs (started_at desc);

-- What was found wrong: one row from when it is seen first to when it is not seen any more. Ids only.
create table audit_findings (
  id bigint generated always as identity primary key,
  kind text not null,
  subject_kind text not null,
  subject_id text not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  -- once; what is seen again after it is for ops
  repaired_at timestamptz,
  resolved_at timestamptz
);
create unique index audit_findings_open on audit_findings (kind, subject_id) where resolved_at is null;
create index audit_findings_of_subject on audit_findings (kind, subject_id, repaired_at) where repaired_at is not null;

-- What the audit reads, and what stories read of it.
create index deliveries_pending on deliveries (id) where status = 'pending';
create index offers_open on offers (id) where ended_at is null;
create index referrals_open on referrals (id) where closed_at is null;
create index onboardings_open on onboardings (npn, plan_year) where closed_at is null;
