import { defaultSessionPolicy, type SessionPolicy } from '../domain/accounts/session-policy.ts';
import { durationWithUnit, matching, variable } from './variable-kinds.ts';

const lasting = (member: keyof SessionPolicy) =>
  durationWithUnit(`${defaultSessionPolicy[member] / 1_000} seconds`);

/** Variables of sessions, and of whom to tell about security problems. */
export const sessionVariables = {
  AGENT_SESSION_IDLE: variable(
    lasting('agentIdleMs'),
    'how long a session of an agent stays open without use',
    '12 hours',
  ),
  AGENT_SESSION_LENGTH: variable(
    lasting('agentLengthMs'),
    'how long a session of an agent lasts, however much it is used',
    '7 days',
  ),
  OPS_SESSION_IDLE: variable(
    lasting('opsIdleMs'),
    'how long a session of the operations team stays open without use',
    '30 minutes',
  ),
  OPS_SESSION_LENGTH: variable(
    lasting('opsLengthMs'),
    'how long a session of the operations team lasts, however much it is used',
    '12 hours',
  ),
  CONFIRMATION_LASTS: variable(
    lasting('confirmationMs'),
    'how long after a log-in or a confirmation nobody is asked for the password again',
    '10 minutes',
  ),
  SECURITY_CONTACT: variable(
    matching(/^(mailto:\S+@\S+|https:\/\/\S+)$/, 'must be a mailto: or https: address').optional(),
    'where security problems are reported, as /.well-known/security.txt says; by default VAPID_SUBJECT',
    'mailto:security@example.org',
  ),
};
