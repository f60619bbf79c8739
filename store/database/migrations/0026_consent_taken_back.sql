-- Up Migration

-- What must follow a commit, one kind more: a consumer has taken the consent back, whatever the request is at.
--   deed 'withdraw-referral'   subject {"referralId": "…"}
alter table outbox drop constraint outbox_deed_check;
alter table outbox add constraint outbox_deed_check check (deed in (
  'start-onboarding', 'wake-onboarding', 'start-referral', 'wake-referral', 'rescind-offer', 'offer-unreachable',
  'close-referral', 'withdraw-referral', 'tell-notice'
));
