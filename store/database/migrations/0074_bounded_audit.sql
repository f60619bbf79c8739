-- Up Migration
-- Bounds of the audit and of the scheduled review, and activities that fail for good
-- (docs/decisions/0053-bounds-of-the-audit-and-the-review.md, 0054-activities-that-fail-for-good.md).

-- the audit asks for the messages about a page of onboardings or referrals
create index outbox_subject on outbox (subject);

alter table audit_runs add column left_over integer not null default 0;
comment on column audit_runs.left_over is
  'How many workflows were not asked for, because the run had asked for as many as it may; the next run goes on with them.';

create table audit_positions (
  part text primary key,
  described_to text not null
);
comment on table audit_positions is
  'Where a part of the audit goes on asking Temporal for single workflows, after a run that had more to ask for than it may.';
comment on column audit_positions.described_to is 'Id of the last onboarding or referral that was asked for.';

create table review_groups (
  npn_ending text primary key,
  compared_at timestamptz not null,
  rules text not null
);
comment on table review_groups is
  'A group of agents whose onboardings the scheduled review compares with their facts in one run.';
comment on column review_groups.npn_ending is 'The last two digits of their NPNs.';
comment on column review_groups.rules is 'The version of the rules by which they were compared; other rules compare them again.';

create table activity_failures (
  workflow_id text not null,
  activity_id text not null,
  activity text not null,
  since timestamptz not null,
  failed_at timestamptz not null,
  attempts integer not null,
  error text not null,
  primary key (workflow_id, activity_id)
);
comment on table activity_failures is
  'An activity that fails again and again for a reason that is no outage; deleted when it succeeds or is not tried any more.';
comment on column activity_failures.activity is 'The name of the activity.';
comment on column activity_failures.since is 'When a failure was recorded first.';
comment on column activity_failures.failed_at is 'When a failure was recorded last; most failures are not recorded.';
comment on column activity_failures.error is 'The name or the code of the last error, never its message.';
create index activity_failures_since on activity_failures (since);
