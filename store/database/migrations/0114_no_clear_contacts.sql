-- Up Migration

lock table consumer_contacts, contact_changes, text_opt_outs in access exclusive mode;
do $$
begin
  if exists (select from consumer_contacts where name is null)
    or exists (select from contact_changes where clear_address is not null or clear_address_before is not null)
    or exists (select from text_opt_outs where phone_key is null)
  then
    raise exception 'contacts of consumers are not encrypted yet: npm run migrate does it, with MASTER_KEY set';
  end if;
end $$;

drop index consumer_contacts_clear;
alter table consumer_contacts
  drop column clear_name,
  drop column clear_phone,
  drop column clear_email,
  alter column name set not null,
  add check (phone is not null or email is not null);
alter table contact_changes
  drop column clear_address,
  drop column clear_address_before,
  add check (address is not null or address_before is not null);
alter table text_opt_outs
  drop constraint text_opt_outs_phone_key_key,
  add primary key (phone_key);

-- what is encrypted under a key goes with it
alter table consumer_contacts
  add foreign key (referral_id) references referral_keys (referral_id) on delete cascade;
