-- Up Migration

-- A consumer's texts need a consent of their own, so a referral has one row for each kind of consent.
alter table consent_documents drop constraint consent_documents_kind_check;
alter table consent_documents add constraint consent_documents_kind_check check (kind in ('intake', 'texts'));
alter table consents drop constraint consents_pkey;
alter table consents add primary key (referral_id, kind);
