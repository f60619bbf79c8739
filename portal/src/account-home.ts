import type { Session } from '../../api/schemas/accounts/session.ts';

/** Checks whether an account works with agents and referrals. */
export function isOps({ role }: Pick<Session, 'role'>): boolean {
  return role === 'ops' || role === 'ops-admin';
}

/** Returns the page that an account sees after log-in. */
export function homeOf({ role }: Pick<Session, 'role'>): string {
  return role === 'agent' ? '/onboarding' : '/ops';
}
