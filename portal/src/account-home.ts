import type { Session } from '../../api/schemas/accounts/session.ts';

/** The page on which second factors are added. */
export const securityPath = '/account/security';
/** The page on which the password is changed. */
export const passwordPath = '/account/password';

type PendingSteps = Pick<Session, 'mustReplacePassword' | 'mustAddSecondFactor'>;

/** Checks whether an account works with agents and referrals. */
export function isOps({ role }: Pick<Session, 'role'>): boolean {
  return role === 'ops' || role === 'ops-admin';
}

/**
 * Returns the only page of an account that has to replace a generated password, or to add a second factor, before anything else;
 * undefined for all others.
 */
export function firstPageOf({ mustReplacePassword, mustAddSecondFactor }: PendingSteps): string | undefined {
  if (mustReplacePassword) return passwordPath;
  return mustAddSecondFactor ? securityPath : undefined;
}

/** Returns the page that an account sees after log-in. */
export function homeOf(session: PendingSteps & Pick<Session, 'role'>): string {
  return firstPageOf(session) ?? (session.role === 'agent' ? '/onboarding' : '/ops');
}

/** The event stream of an account's pages. */
export type EventsPath = '/v1/me/events' | '/v1/ops/events';

/** Returns the event stream that an account may follow; undefined where the API would refuse it. */
export function eventsOf(
  session: PendingSteps & Pick<Session, 'role' | 'terminated'>,
): EventsPath | undefined {
  if (session.terminated || firstPageOf(session) !== undefined) return undefined;
  if (session.role === 'agent') return '/v1/me/events';
  return isOps(session) ? '/v1/ops/events' : undefined;
}
