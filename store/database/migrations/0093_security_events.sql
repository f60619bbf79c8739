-- Up Migration

-- What happened at the edge of the service: log-ins, refusals, limits, changes of rights. Kept for a year.
create table security_events (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  kind text not null,
  account_id uuid references accounts (id) on delete cascade,
  by_account_id uuid references accounts (id) on delete set null,
  network text,
  browser text,
  detail text check (length(detail) <= 100)
);
comment on table security_events is
  'One log-in, refusal, limit, confirmation or change of rights; rows are added, and deleted after a year.';
comment on column security_events.kind is 'One of domain/accounts/security-events.ts.';
comment on column security_events.account_id is 'Whose event it is; null: nobody who has an account, such as an unknown username.';
comment on column security_events.by_account_id is 'Who did it, if not the account itself.';
comment on column security_events.network is
  'Where the request came from: an IPv4 address, or the /56 block of an IPv6 address. Null: from no request.';
comment on column security_events.browser is 'Browser and system, such as Firefox on Windows; never the whole User-Agent.';
comment on column security_events.detail is 'A code from a list, or the route that was refused; never what somebody typed.';
create index security_events_account on security_events (account_id, id desc) where account_id is not null;
create index security_events_network on security_events (network, id desc);
create index security_events_expiry on security_events (at);
