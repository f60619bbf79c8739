-- Up Migration

-- Passkeys (WebAuthn): a device proves with fingerprint, face or PIN who uses it, and signs with a key that never leaves it.
alter table accounts add column passkey_user_handle text;
comment on column accounts.passkey_user_handle is
  'Random name of the account for its passkeys, so that devices store neither its id nor an NPN; null before the first.';

create table passkeys (
  id uuid primary key,
  account_id uuid not null references accounts (id) on delete cascade,
  credential_id text not null unique,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  device_type text not null check (device_type in ('singleDevice', 'multiDevice')),
  backed_up boolean not null,
  name text not null check (length(name) between 1 and 60),
  created_at timestamptz not null,
  used_at timestamptz
);
comment on table passkeys is 'One passkey of an account: both factors of a log-in in one.';
comment on column passkeys.credential_id is 'Base64url name that the device gave the key.';
comment on column passkeys.public_key is 'COSE public key that its signatures are verified with.';
comment on column passkeys.counter is 'Signature counter of the device, always 0 for most; one that falls is a copied key.';
comment on column passkeys.transports is 'How the browser reaches the device, such as internal, usb or hybrid.';
comment on column passkeys.device_type is 'Whether the key stays on one device or may be synced to others.';
comment on column passkeys.backed_up is 'Whether the key was synced or backed up when it was used last.';
comment on column passkeys.name is 'What the owner calls it.';
create index passkeys_account on passkeys (account_id, created_at);

create table passkey_challenges (
  challenge text primary key,
  account_id uuid references accounts (id) on delete cascade,
  expires_at timestamptz not null
);
comment on table passkey_challenges is 'Random bytes that a passkey signs once within five minutes; deleted by the first answer.';
comment on column passkey_challenges.account_id is 'Whose new passkey it is for; null: a log-in or a confirmation, by anybody.';
create index passkey_challenges_expiry on passkey_challenges (expires_at);
