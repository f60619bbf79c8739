-- Up Migration

-- What agents note for themselves about a referral that they accepted.
create table referral_notes (
  offer_id uuid primary key references offers (id),
  referral_id uuid not null references referral_keys (referral_id) on delete cascade,
  text bytea not null,
  updated_at timestamptz not null
);
create index referral_notes_of_referral on referral_notes (referral_id);
comment on table referral_notes is
  'Notes of the agent of an accepted offer, encrypted under the key of the referral. Nobody else reads them.';
