-- Up Migration

-- Ops decide about texts that were stopped by a reply nobody understood; addresses name no phone.
alter table text_opt_outs add column id uuid not null default gen_random_uuid() unique;

-- Who decided that, how and why. The phone is told again or not; which one it was is not kept here.
create table text_stop_decisions (
  opt_out_id uuid primary key,
  texts text not null check (texts in ('again', 'off')),
  account_id uuid not null references accounts (id),
  reason text not null check (length(reason) between 1 and 2000),
  at timestamptz not null
);

-- Why a reported problem was marked as looked at: what was found, or done.
alter table problem_reports add column handled_reason text check (length(handled_reason) between 1 and 2000);
