-- Up Migration

comment on table test_offer_answers is
  'A channel over which a test offer went the whole way and back: the button behind its link was pressed, or the text answered.';

comment on column agents.phone_must_be_confirmed is
  'Whether texts wait for a confirmed phone: by the policy in force when it was given, or since a text was refused because of the number.';

-- Workers that count at the same time write the same: the later count stays.
alter table waiting_time_counts drop column leased_until;
