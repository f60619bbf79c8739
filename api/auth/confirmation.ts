import { confirmedOnly, type RouteKey } from '../access.ts';
import type { Deps } from '../deps.ts';
import { fail } from '../http/problems.ts';

/**
 * Refuses a call that needs a session whose account has shown its password lately.
 * @throws a problem `re-authentication-required`
 */
export type ConfirmationCheck = (key: RouteKey, caller: unknown, body: unknown) => void;

/** Creates the check, which alone enforces `confirmedOnly`. */
export function createConfirmationCheck({
  settings,
  now,
}: Pick<Deps, 'settings' | 'now'>): ConfirmationCheck {
  return (key, caller, body) => {
    const needed = confirmedOnly[key];
    if (needed === undefined || (needed !== 'always' && !hasOneOf(body, needed))) return;
    const { confirmedAt } = caller as { confirmedAt: Date };
    if (now().getTime() - confirmedAt.getTime() >= settings.sessions.confirmationMs)
      fail('re-authentication-required');
  };
}

function hasOneOf(body: unknown, members: readonly string[]): boolean {
  return typeof body === 'object' && body !== null && members.some((name) => Object.hasOwn(body, name));
}
