/**
 * Every kind of security event, with what it means. The account of an event is the one concerned; who did it, if somebody
 * else, stands beside it.
 */
export const securityEventKinds = {
  'log-in':
    'The account showed who it is, and a session began; `detail` says by what, as `logInWays` lists it.',
  'log-in-refused':
    'A password, code or passkey was wrong, or nobody has the username: then the event has no account.',
  'second-factor-asked': 'The password was right, and a code or a passkey was asked for.',
  'log-in-limited': 'A password was not even checked, because too many were wrong before.',
  'log-out': 'The account ended its session.',
  'session-ended': 'Sessions ended otherwise; `detail` says why, as `SessionEnd` lists it.',
  'step-up': 'The account confirmed who it is, in its session.',
  'step-up-refused': 'The password, code or passkey of such a confirmation was wrong.',
  'phone-changed': 'The phone number of the account was changed.',
  'password-reset-requested':
    'Somebody asked for a link to a new password; without an account: of an unknown username.',
  'credentials-changed':
    'A password, passkey or second factor was changed; `detail` says how, as `CredentialChange` lists it.',
  'rights-changed': 'The account got or lost a role; `detail` names the new one, or says `deactivated`.',
  'feed-key-changed': 'The account created, rotated or revoked a key for feeds; `detail` says which.',
  'contact-read':
    'The account read the contact of a consumer, with a reason; `detail` is the id of the request.',
  'access-refused': 'The account asked for what it may not have; `detail` is the route.',
  'key-used-wrongly': 'A key was sent that is unknown, or that is not for this; `detail` is the route.',
} as const;
export type SecurityEventKind = keyof typeof securityEventKinds;

/** What a log-in was made with. */
export const logInWays = [
  'password',
  'password-and-app-code',
  'password-and-recovery-code',
  'passkey',
] as const;
export type LogInWay = (typeof logInWays)[number];

/** Why sessions end that nobody logged out of. */
export type SessionEnd =
  | 'ended-by-owner'
  | 'password-changed'
  | 'factor-changed'
  | 'deactivated'
  | 'died'
  | 'ended-by-administrator'
  /** An administrator ended those of everybody; the event is theirs. */
  | 'of-everybody';

/**
 * Kinds that a stranger or a broken client can cause without end. Of the same kind, account, network and detail, one in ten
 * minutes is recorded.
 */
export const repeatedEventKinds: ReadonlySet<SecurityEventKind> = new Set<SecurityEventKind>([
  'second-factor-asked',
  'log-in-limited',
  'password-reset-requested',
  'access-refused',
  'key-used-wrongly',
]);
