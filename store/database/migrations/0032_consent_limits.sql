-- Up Migration

-- What a consent allows beside its words: which data, what for, and for how long at the most. It ends with the request in
-- any case. The documents that are kept already say so in their text.
alter table consent_documents
  add column scope text[],
  add column purpose text,
  add column duration_days integer check (duration_days > 0); -- null: as long as the request is open
update consent_documents set scope = '{name,phone,email}', purpose = 'contact-about-request', duration_days = 30
 where kind = 'intake';
update consent_documents set scope = '{phone}', purpose = 'texts-about-request' where kind = 'texts';
alter table consent_documents alter column scope set not null, alter column purpose set not null;

-- The instant at which a consent that was given ends by itself; null: with the request.
alter table consents add column expires_at timestamptz;
update consents c set expires_at = c.given_at + d.duration_days * interval '24 hours'
  from consent_documents d
 where d.kind = c.kind and d.language = c.language and d.version = c.version;
