-- Up Migration

-- When the key of a referral is destroyed: set when the referral ends, by the policy of then.
alter table referral_keys add column erase_at timestamptz;
comment on column referral_keys.erase_at is
  'When it is destroyed, so long after the referral ended as the policy said then. Null: the referral is open.';

-- Which keys are gone. A backup has the keys of its day: the list is replayed over what was restored.
create table destroyed_keys (
  referral_id uuid primary key,
  destroyed_at timestamptz not null,
  because text not null check (because in ('rescinded', 'ended', 'unconfirmed'))
);
comment on table destroyed_keys is
  'Referrals whose key was destroyed. Replayed over a restored backup, which has the key; as long on the list as backups are kept.';
comment on column destroyed_keys.referral_id is 'The referral may be deleted; so it is not referred to.';
comment on column destroyed_keys.because is
  'rescinded: the consumer took the consent back. ended: it was time. unconfirmed: nobody confirmed the request.';
create index destroyed_keys_by_time on destroyed_keys (destroyed_at, referral_id);

-- What is left of the consumer once the key of the referral is destroyed.
create table consent_records (
  referral_id uuid primary key references referrals (id),
  person bytea not null,
  wrapped_key bytea not null,
  master_key_id text not null,
  created_at timestamptz not null,
  delete_at timestamptz not null
);
create index consent_records_delete_at on consent_records (delete_at);
comment on table consent_records is
  'Who gave the consents of a referral whose contact is erased; what they agreed to, and when, is in consents.';
comment on column consent_records.person is
  'Name, phone and address, encrypted under a key of this row: {"name", "phone", "email"}.';
comment on column consent_records.wrapped_key is 'The key of this row, encrypted under a master key, which is in no database.';
comment on column consent_records.master_key_id is 'Fingerprint of that master key.';
comment on column consent_records.delete_at is 'Ten years after the contact was erased.';
