import { type Role, roles } from '../domain/accounts/roles.ts';
import type { AgentChannel } from '../domain/notifications/contact.ts';
import type { Rest } from '../store/agents/rests.ts';
import type { OfferRow } from '../store/referrals/offers/offers.ts';
import type { SnsMessage } from './auth/sns.ts';

/** Kinds of callers who are logged in, and the roles that each admits. */
export const rolesOf = {
  account: roles,
  agent: ['agent'],
  ops: ['ops', 'ops-admin'],
  'ops-admin': ['ops-admin'],
  'ops-or-auditor': ['ops', 'ops-admin', 'auditor'],
} as const satisfies Readonly<Record<string, readonly Role[]>>;

export type AccountKind = keyof typeof rolesOf;

/**
 * Kinds of callers; each route admits one. Who was invited has no kind: the invitation's token is part of the body.
 * `referral`, `offer`, `rest`, `test-offer` and `feeds` send a bearer token: that of the referral, that of the link in a
 * message, or a key for the feed. `twilio` and `sns` send a message that the provider signed.
 */
export type CallerKind =
  | 'anyone'
  | 'visitor'
  | AccountKind
  | 'referral'
  | 'offer'
  | 'rest'
  | 'test-offer'
  | 'feeds'
  | 'twilio'
  | 'sns';

/**
 * Every route and the kind of caller it admits. `route()` accepts no key that is missing here, and the app does not
 * start while a key has no route. So no route is left open by mistake.
 */
export const access = {
  'GET /health/live': 'anyone',
  'GET /health/ready': 'anyone',
  'GET /openapi.json': 'anyone',

  'POST /v1/invitations/lookup': 'anyone',
  'POST /v1/invitations/renewal': 'anyone',
  'POST /v1/registrations': 'anyone',
  'POST /v1/onboarding-status-requests': 'anyone',
  'POST /v1/log-in-reminders': 'anyone',
  'POST /v1/invitation-requests': 'anyone',

  'POST /v1/session': 'anyone',
  'GET /v1/session': 'visitor',
  'DELETE /v1/session': 'anyone',
  'POST /v1/session/confirmation': 'account',
  'POST /v1/password-reset': 'anyone',
  'POST /v1/password-reset/lookup': 'anyone',
  'POST /v1/password-reset/completion': 'anyone',
  'PUT /v1/me/password': 'account',
  'POST /v1/passkeys/log-in-options': 'anyone',
  'POST /v1/passkeys/log-in': 'anyone',
  'GET /v1/passkeys': 'account',
  'POST /v1/passkeys/registration-options': 'account',
  'POST /v1/passkeys': 'account',
  'PATCH /v1/passkeys/:id': 'account',
  'DELETE /v1/passkeys/:id': 'account',
  'GET /v1/me/second-factor': 'account',
  'POST /v1/me/second-factor/authenticator-app/secret': 'account',
  'PUT /v1/me/second-factor/authenticator-app': 'account',
  'DELETE /v1/me/second-factor/authenticator-app': 'account',
  'POST /v1/me/second-factor/recovery-codes': 'account',
  'GET /v1/me/sessions': 'account',
  'DELETE /v1/me/sessions': 'account',
  'DELETE /v1/me/sessions/:id': 'account',

  'GET /v1/terms/:kind': 'anyone',
  'POST /v1/me/terms/:kind/acceptance': 'agent',
  'GET /v1/me/onboarding': 'agent',
  'GET /v1/me/profile': 'agent',
  'PATCH /v1/me/profile': 'agent',
  'GET /v1/me/availability': 'agent',
  'PUT /v1/me/availability': 'agent',
  'PUT /v1/me/availability/hours': 'agent',
  'PUT /v1/me/availability/override': 'agent',
  'POST /v1/me/availability/absences': 'agent',
  'DELETE /v1/me/availability/absences/:id': 'agent',
  'POST /v1/me/availability/confirmation': 'agent',
  'GET /v1/hours-links/:id': 'rest',
  'POST /v1/hours-links/:id/confirmation': 'rest',
  'GET /v1/me/readiness': 'agent',
  'GET /v1/me/suggestions': 'agent',
  'PUT /v1/me/skips/:kind/:value': 'agent',
  'DELETE /v1/me/skips/:kind/:value': 'agent',
  'GET /v1/me/test-offers': 'agent',
  'POST /v1/me/test-offers': 'agent',
  'POST /v1/test-offer-links/:id/confirmation': 'test-offer',
  'POST /v1/me/departure': 'agent',
  'GET /v1/me/data': 'agent',
  'GET /v1/me/phone': 'agent',
  'POST /v1/me/phone/verification': 'agent',
  'GET /v1/me/push-subscriptions': 'agent',
  'POST /v1/me/push-subscriptions': 'agent',
  'DELETE /v1/me/push-subscriptions': 'agent',
  'PATCH /v1/me/push-subscriptions/:id': 'agent',
  'DELETE /v1/me/push-subscriptions/:id': 'agent',
  // by a service worker: the former subscription's secret is in the body
  'POST /v1/push-subscription-renewals': 'anyone',

  'GET /v1/me/security-events': 'account',

  'GET /v1/me/events': 'agent',
  'GET /v1/me/offers': 'agent',
  'GET /v1/me/offers/history': 'agent',
  'GET /v1/me/figures': 'agent',
  'GET /v1/me/unoffered-referrals': 'agent',
  'GET /v1/offers/:id': 'agent',
  'POST /v1/offers/:id/acceptance': 'agent',
  'POST /v1/offers/:id/decline': 'agent',
  'GET /v1/offer-links/:id': 'offer',
  'POST /v1/offer-links/:id/acceptance': 'offer',
  'POST /v1/offer-links/:id/decline': 'offer',
  'GET /v1/me/referrals': 'agent',
  'POST /v1/referrals/:id/outcomes': 'agent',
  'GET /v1/referrals/:id/notes': 'agent',
  'PUT /v1/referrals/:id/notes': 'agent',

  'POST /v1/status-link-requests': 'anyone',
  'GET /v1/waiting-times': 'anyone',
  'GET /v1/places/:zip': 'anyone',
  'GET /v1/consents/intake': 'anyone',
  'GET /v1/consents/texts': 'anyone',
  'POST /v1/referrals': 'anyone',
  'GET /v1/referrals/:id': 'referral',
  'GET /v1/referrals/:id/events': 'referral',
  'GET /v1/referrals/:id/data': 'referral',
  'POST /v1/referrals/:id/verification': 'referral',
  'POST /v1/referrals/:id/withdrawal': 'referral',
  'PUT /v1/referrals/:id/contact': 'referral',
  'POST /v1/referrals/:id/confirmation': 'referral',
  'POST /v1/referrals/:id/another-agent': 'referral',
  'POST /v1/referrals/:id/problems': 'referral',
  'POST /v1/referrals/:id/consent/rescission': 'referral',

  'GET /v1/ops/events': 'ops',
  'GET /v1/ops/onboardings': 'ops',
  'GET /v1/ops/onboardings/summary': 'ops',
  'GET /v1/ops/onboardings/:npn': 'ops',
  'POST /v1/ops/onboardings/:npn/invitation': 'ops',
  'POST /v1/ops/onboardings/:npn/notes': 'ops',
  'GET /v1/ops/accounts/:id/security-events': 'ops',
  'POST /v1/ops/agents/:npn/hold': 'ops',
  'POST /v1/ops/agents/:npn/release': 'ops',
  'POST /v1/ops/agents/:npn/deactivation': 'ops',
  'GET /v1/ops/referrals': 'ops',
  'GET /v1/ops/referrals/:id/decisions': 'ops-or-auditor',
  'GET /v1/ops/referrals/:id/offers': 'ops',
  'POST /v1/ops/referrals/:id/recall': 'ops',
  'POST /v1/ops/referrals/:id/closure': 'ops',
  'POST /v1/ops/referrals/:id/notes': 'ops',
  'POST /v1/ops/referrals/:id/contact': 'ops',
  'GET /v1/ops/intake': 'ops',
  'POST /v1/ops/intake/pause': 'ops',
  'POST /v1/ops/intake/resume': 'ops',
  'GET /v1/ops/problems': 'ops',
  'POST /v1/ops/problems/:id/handling': 'ops',
  'GET /v1/ops/unclear-replies': 'ops',
  'POST /v1/ops/unclear-replies/:id/decision': 'ops',
  'GET /v1/ops/lines-of-authority': 'ops',
  'GET /v1/ops/zips': 'ops',
  'PUT /v1/ops/zips/:zip': 'ops',
  'GET /v1/ops/metrics': 'ops',
  'GET /v1/ops/audit': 'ops-or-auditor',

  'GET /v1/ops/accounts': 'ops-admin',
  'POST /v1/ops/accounts': 'ops-admin',
  'POST /v1/ops/accounts/:id/role': 'ops-admin',
  'POST /v1/ops/accounts/:id/password': 'ops-admin',
  'POST /v1/ops/accounts/:id/second-factor-reset': 'ops-admin',
  'POST /v1/ops/accounts/:id/session-end': 'ops-admin',
  'POST /v1/ops/session-end': 'ops-admin',
  'POST /v1/ops/accounts/:id/deactivation': 'ops-admin',
  'GET /v1/ops/feed-keys': 'ops-admin',
  'POST /v1/ops/feed-keys': 'ops-admin',
  'POST /v1/ops/feed-keys/:id/rotation': 'ops-admin',
  'POST /v1/ops/feed-keys/:id/revocation': 'ops-admin',

  'GET /v1/ops/feeds': 'ops',
  'GET /v1/ops/feeds/:releaseId/bad-rows': 'ops',
  'PUT /v1/feeds/:kind': 'feeds',

  'POST /v1/webhooks/ses': 'sns',
  'POST /v1/webhooks/twilio/status': 'twilio',
  'POST /v1/webhooks/twilio/calls': 'twilio',
  'POST /v1/webhooks/twilio/messages': 'twilio',
} as const satisfies Record<`${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`, CallerKind>;

export type Access = typeof access;
export type RouteKey = keyof Access;

/**
 * What an agent may still call by their session once they are terminated for cause: to read why, and to log out. The guard
 * refuses everything else that needs a session.
 */
export const openToTerminated: ReadonlySet<RouteKey> = new Set<RouteKey>([
  'GET /v1/session',
  'GET /v1/me/onboarding',
]);

/**
 * What an account may call by its session before it has replaced a generated password and added the second factor that it needs:
 * to do so, and to log out. The guard refuses everything else that needs a session.
 */
export const openBeforeReady: ReadonlySet<RouteKey> = new Set<RouteKey>([
  'GET /v1/session',
  'POST /v1/session/confirmation',
  'PUT /v1/me/password',
  'GET /v1/passkeys',
  'POST /v1/passkeys/registration-options',
  'POST /v1/passkeys',
  'GET /v1/me/second-factor',
  'POST /v1/me/second-factor/authenticator-app/secret',
  'PUT /v1/me/second-factor/authenticator-app',
]);

/**
 * Routes that a session may call only if its account has shown its password lately (`confirmationMs`), because a stolen
 * session must not become a stolen account: always, or if the body has one of these members.
 */
export const confirmedOnly: Partial<Record<RouteKey, 'always' | readonly string[]>> = {
  'PATCH /v1/me/profile': ['phone'],
  'POST /v1/ops/accounts': 'always',
  'POST /v1/ops/accounts/:id/role': 'always',
  'POST /v1/ops/accounts/:id/password': 'always',
  'POST /v1/ops/accounts/:id/second-factor-reset': 'always',
  'POST /v1/ops/accounts/:id/session-end': 'always',
  'POST /v1/ops/session-end': 'always',
  'POST /v1/ops/accounts/:id/deactivation': 'always',
  'POST /v1/ops/feed-keys': 'always',
  'POST /v1/ops/feed-keys/:id/rotation': 'always',
  'POST /v1/ops/feed-keys/:id/revocation': 'always',
  'PUT /v1/me/password': 'always',
  'DELETE /v1/me/sessions': 'always',
  'DELETE /v1/me/sessions/:id': 'always',
  // offers with their links go to it, also when the session is long over
  'POST /v1/me/push-subscriptions': 'always',
  'POST /v1/passkeys/registration-options': 'always',
  'POST /v1/passkeys': 'always',
  'PATCH /v1/passkeys/:id': 'always',
  'DELETE /v1/passkeys/:id': 'always',
  'POST /v1/me/second-factor/authenticator-app/secret': 'always',
  'PUT /v1/me/second-factor/authenticator-app': 'always',
  'DELETE /v1/me/second-factor/authenticator-app': 'always',
  'POST /v1/me/second-factor/recovery-codes': 'always',
};

/**
 * Reads that pages repeat by themselves, and streams: they never count as use of a session, whatever the client says of them.
 */
export const repeatedReads: ReadonlySet<RouteKey> = new Set<RouteKey>([
  'GET /v1/session',
  'GET /v1/me/events',
  'GET /v1/me/offers',
  'GET /v1/ops/events',
  'GET /v1/ops/metrics',
]);

/** The caller that the guard has identified, by kind. */
export interface CallerByKind {
  anyone: undefined;
  visitor: SessionAccount | undefined;
  account: SessionAccount;
  agent: SessionAccount & { npn: string };
  ops: SessionAccount;
  'ops-admin': SessionAccount;
  'ops-or-auditor': SessionAccount;
  referral: { referralId: string };
  offer: { offer: OfferRow };
  rest: { rest: Rest };
  /** The channel whose link it is. */
  'test-offer': { testOfferId: string; channel: AgentChannel };
  feeds: undefined;
  /** The fields that Twilio signed. */
  twilio: Record<string, string | string[]>;
  /** The message that SNS signed. */
  sns: SnsMessage;
}

export interface SessionAccount {
  sessionId: string;
  /** SHA-256 of the session's token. */
  tokenSha256: string;
  /** When the account last showed its password in this session. */
  confirmedAt: Date;
  /** When the session ends, however much it is used. */
  endsAt: Date;
  /** Whether the agent is terminated for cause. */
  isTerminated: boolean;
  /** Whether the account needs a second factor and has none. */
  mustAddSecondFactor: boolean;
  /** Whether the password of the account was generated for it. */
  mustReplacePassword: boolean;
  accountId: string;
  username: string;
  role: Role;
  npn: string | null;
  firstName: string | null;
}

/**
 * Checks that each key of the access table has exactly one route.
 * @throws an Error that names every key without a route or with two
 */
export function checkAccess(keys: readonly RouteKey[]): void {
  const mounted = new Set<string>(keys);
  const missing = Object.keys(access).filter((key) => !mounted.has(key));
  const twice = keys.filter((key, index) => keys.indexOf(key) !== index);
  const problems = [
    ...missing.map((key) => `${key} is in the access table and has no route`),
    ...twice.map((key) => `${key} has two routes`),
  ];
  if (problems.length > 0) throw new Error(problems.join('; '));
}
