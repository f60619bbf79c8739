/**
 * Who may call. `account`: whoever is logged in. `agent`, `ops`: logged in with that role. `referral`: the holder
 * of the referral's own token. `feeds`: the holder of the feeds key. A secret is a bearer token.
 */
export type Caller = 'anyone' | 'account' | 'agent' | 'ops' | 'referral' | 'feeds';

/**
 * Every route and who may call it. `route()` takes no key that is not here, and the app does not start while a key
 * here has no route, so that nothing is open by being forgotten.
 */
export const access = {
  'GET /health/live': 'anyone',
  'GET /health/ready': 'anyone',
  'GET /openapi.json': 'anyone',

  'POST /v1/invitations/lookup': 'anyone',
  'POST /v1/invitations/renewal': 'anyone',
  'POST /v1/registrations': 'anyone',

  'POST /v1/session': 'anyone',
  'GET /v1/session': 'account',
  'DELETE /v1/session': 'anyone',

  'GET /v1/terms/:kind': 'anyone',
  'POST /v1/me/terms/:kind/acceptance': 'agent',
  'GET /v1/me/onboarding': 'agent',
  'GET /v1/me/profile': 'agent',
  'PATCH /v1/me/profile': 'agent',
  'GET /v1/me/push-subscriptions': 'agent',
  'POST /v1/me/push-subscriptions': 'agent',
  'DELETE /v1/me/push-subscriptions': 'agent',

  'GET /v1/me/offers': 'agent',
  'POST /v1/offers/:id/acceptance': 'agent',
  'POST /v1/offers/:id/decline': 'agent',
  'GET /v1/me/referrals': 'agent',
  'POST /v1/referrals/:id/outcomes': 'agent',

  'GET /v1/consents/intake': 'anyone',
  'POST /v1/referrals': 'anyone',
  'GET /v1/referrals/:id': 'referral',
  'GET /v1/referrals/:id/events': 'referral',
  'POST /v1/referrals/:id/withdrawal': 'referral',

  'GET /v1/ops/onboardings': 'ops',
  'POST /v1/ops/onboardings/:npn/invitation': 'ops',
  'GET /v1/ops/referrals': 'ops',

  'PUT /v1/feeds/:kind': 'feeds',
} as const satisfies Record<`${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`, Caller>;

export type Access = typeof access;
export type RouteKey = keyof Access;

/** Who called, once the guard has let the call in. */
export interface Callers {
  anyone: undefined;
  account: Account;
  agent: Account & { npn: string };
  ops: Account;
  referral: { referralId: string };
  feeds: undefined;
}

export interface Account {
  accountId: string;
  username: string;
  role: 'agent' | 'ops';
  npn: string | null;
  firstName: string | null;
}

/**
 * Finds routes without a row and rows without a route.
 * @throws an Error that names them all
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
