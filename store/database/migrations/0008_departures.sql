-- Up Migration

-- Why and by whose word an agent takes part no more; null while he does, and of departures from before this was kept.
alter table agents
  add column left_because text check (left_because in ('agent', 'departure', 'death', 'other')),
  add column left_by text check (left_by in ('agent', 'ops'));

-- A notice of an onboarding that is closed has no story of its own to send it.
--   deed 'tell-notice'   subject {"noticeId": "…", "kind": "status-answer", "channels": ["email"]}
alter table outbox drop constraint outbox_deed_check;
alter table outbox add constraint outbox_deed_check check (deed in (
  'start-onboarding', 'wake-onboarding', 'start-referral', 'wake-referral', 'rescind-offer', 'tell-notice'));
