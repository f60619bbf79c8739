-- Up Migration

alter table agents add column message_language text not null default 'en'
  check (message_language in ('en', 'es'));
comment on column agents.message_language is
  'Language of the mails, texts and notifications to the agent; not one that they speak with consumers (languages).';
