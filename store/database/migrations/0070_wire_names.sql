-- Up Migration
-- Stored names in the words of the glossary, with the names on the wire (docs/decisions/0049-names-on-the-wire.md).

alter table outbox drop constraint outbox_type_check;
update outbox set type = 'send-notice' where type = 'tell-notice';
update outbox set payload = jsonb_set(payload, '{kind}', '"expiring-soon"') where payload ->> 'kind' = 'ending-soon';
update outbox set payload = jsonb_set(payload, '{kind}', '"link-resent"') where payload ->> 'kind' = 'link-again';
alter table outbox add constraint outbox_type_check check (type in ('start-onboarding', 'wake-onboarding', 'start-referral',
  'wake-referral', 'rescind-offer', 'offer-unreachable', 'close-referral', 'withdraw-referral', 'send-notice'));

update events set kind = new.kind
from (values
  ('contact-told', 'contact-answered'),
  ('status-asked', 'status-requested'),
  ('log-in-reminder-asked', 'log-in-reminder-requested'),
  ('lateness-explained', 'delay-explained'),
  ('reminded-of-link', 'reminded-of-invitation'),
  ('warned-of-end', 'warned-of-expiration')) as new (old_kind, kind)
where events.kind = new.old_kind;
update events set data = data - 'endings' || jsonb_build_object('expirations', data -> 'endings') where data ? 'endings';
update events set data = data - 'actId' || jsonb_build_object('actionId', data -> 'actId') where data ? 'actId';

update notices set kind = 'expiring-soon' where kind = 'ending-soon';
update notices set kind = 'link-resent' where kind = 'link-again';
update notices set data = data - 'endings' || jsonb_build_object('expirations', data -> 'endings') where data ? 'endings';

update audit_findings set kind = new.kind
from (values
  ('story-missing', 'workflow-missing'),
  ('story-broken-off', 'workflow-interrupted'),
  ('story-over', 'workflow-completed'),
  ('overslept', 'workflow-stuck'),
  ('notice-without-end', 'notice-unfinished')) as new (old_kind, kind)
where audit_findings.kind = new.old_kind;

update match_decisions set excluded = excluded - 'off-duty' || jsonb_build_object('unavailable', excluded -> 'off-duty')
where excluded ? 'off-duty';
update match_decisions set excluded = excluded - 'no-place' || jsonb_build_object('at-capacity', excluded -> 'no-place')
where excluded ? 'no-place';
