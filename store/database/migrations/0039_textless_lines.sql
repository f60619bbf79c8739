-- Up Migration

-- Beside landlines there are lines that take no texts, toll-free numbers and pagers for example, and what is no number.
alter table agents
  drop constraint agents_phone_line_type_check,
  add constraint agents_phone_line_type_check
    check (phone_line_type in ('mobile', 'landline', 'no-texts', 'no-number', 'unknown'));
