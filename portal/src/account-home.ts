import type { Session } from '../../api/schemas/accounts/session.ts';

/** The page on which second factors are added, and the only one of an account that has to add one. */
export const securityPath = '/account/security';

/** Checks whether an account works with agents and referrals. */
export function isOps({ role }: Pick<Session, 'role'>): boolean {
  return role === 'ops' || role === 'ops-admin';
}

/** Returns the page that an account sees after log-in. */
export function homeOf({ role, mustAddSecondFactor }: Pick<Session, 'role' | 'mustAddSecondFactor'>): string {
  if (mustAddSecondFactor) return securityPath;
  return role === 'agent' ? '/onboarding' : '/ops';
}
