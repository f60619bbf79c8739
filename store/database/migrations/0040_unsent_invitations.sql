-- Up Migration

-- An invitation whose mail no provider took in its time: it reached nobody, and the agent is invited anew.
alter table invitations
  drop constraint invitations_ended_as_check,
  add constraint invitations_ended_as_check
    check (ended_as in ('registered', 'expired', 'replaced', 'undeliverable', 'unsent'));
