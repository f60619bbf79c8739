-- Up Migration

-- Names, phones and addresses of consumers are encrypted by the application from here on. What is in clear moves to columns
-- that begin with clear_; `migrate` encrypts it between this file and the next, which drops them.
create table referral_keys (
  referral_id uuid primary key references referrals (id) on delete cascade,
  wrapped_key bytea not null,
  master_key_id text not null,
  created_at timestamptz not null
);
comment on table referral_keys is
  'The key under which everything about the consumer of a referral is encrypted. Deleted: all of that is erased.';
comment on column referral_keys.wrapped_key is 'Encrypted under a master key, which is in no database.';
comment on column referral_keys.master_key_id is 'Fingerprint of that master key.';

create table lookup_key (
  wrapped_key bytea not null,
  master_key_id text not null,
  is_only boolean primary key default true check (is_only)
);
comment on table lookup_key is
  'The key of the hashes by which phones and addresses of consumers are found, one row, encrypted under a master key.';
comment on column lookup_key.master_key_id is 'Fingerprint of that master key.';
comment on column lookup_key.is_only is 'Holds the table to one row.';

drop index consumer_contacts_email;
drop index consumer_contacts_phone;
alter table consumer_contacts rename column name to clear_name;
alter table consumer_contacts rename column phone to clear_phone;
alter table consumer_contacts rename column email to clear_email;
alter table consumer_contacts
  drop constraint consumer_contacts_check,
  alter column clear_name drop not null,
  add column name bytea,
  add column phone bytea,
  add column email bytea;
-- what is still to be encrypted, page by page
create index consumer_contacts_clear on consumer_contacts (referral_id) where name is null;
comment on column consumer_contacts.name is 'Encrypted under the key of the referral, like phone and email.';

alter table contact_changes rename column address to clear_address;
alter table contact_changes rename column address_before to clear_address_before;
alter table contact_changes
  drop constraint contact_changes_check,
  add column address bytea,
  add column address_before bytea;
comment on column contact_changes.address is 'Encrypted under the key of the referral, like address_before.';
comment on column contact_changes.address_before is 'Null: there was none, or none is left.';

-- who stopped texts is found by a keyed hash of the number
alter table text_opt_outs
  drop constraint text_opt_outs_pkey,
  alter column phone drop not null,
  add unique (phone),
  add column phone_key text unique;
comment on column text_opt_outs.phone is 'The number if an agent gave it, else null.';
comment on column text_opt_outs.phone_key is 'Keyed hash of the number, as in contact_keys.';
-- nothing reads it
alter table text_replies drop column phone;
