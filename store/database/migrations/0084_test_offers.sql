-- Up Migration

-- An agent can send themselves a test offer, which goes over every chosen channel and is answered there.
create table test_offers (
  id uuid primary key,
  npn npn not null references agents (npn) on delete cascade,
  short_code text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
comment on table test_offers is 'One message that an agent sent themselves to see whether offers arrive; it is about nobody.';
comment on column test_offers.short_code is 'What the agent answers the text with.';
create index test_offers_of_agent on test_offers (npn, created_at desc);

create table test_offer_answers (
  test_offer_id uuid not null references test_offers (id) on delete cascade,
  channel text not null check (channel in ('email', 'text', 'push')),
  answered_at timestamptz not null,
  constraint test_offer_answers_pkey primary key (test_offer_id, channel)
);
comment on table test_offer_answers is
  'A channel over which a test offer went the whole way and back: its link was opened, or the text answered.';
