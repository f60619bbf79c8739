-- Up Migration

-- A code that is spoken in a call, for phones that no text reaches.
alter table deliveries drop constraint deliveries_channel_check;
alter table deliveries add constraint deliveries_channel_check check (channel in ('email', 'text', 'push', 'voice'));
-- How the code for the phone of a request goes there.
alter table contact_codes add column phone_over text not null default 'text' check (phone_over in ('text', 'voice'));
