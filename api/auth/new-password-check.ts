import { dictionary } from '@zxcvbn-ts/language-common';
import { guessableFaults, type PasswordOwner } from '../../domain/accounts/password.ts';
import type { FieldFault } from '../http/requests/checked.ts';
import { passwordFaultDetails } from '../schemas/onboarding/registrations.ts';

/**
 * Finds faults of the new password in a body beyond the rules that its schema checks. It reads the body as it was sent, so
 * that all faults of a password are reported at once. A body without a password has none.
 */
export type NewPasswordCheck = (body: unknown, owner: PasswordOwner) => FieldFault[];

/**
 * Creates the check of new passwords against some 49,000 common ones, a list too long for the page, and against the
 * owner's own data. Create it once, because it loads the list.
 */
export function createNewPasswordCheck(): NewPasswordCheck {
  const common = new Set(dictionary['passwords-common'].map((word) => word.toLowerCase()));
  return (body, owner) => {
    const password = typedPassword(body);
    if (password === undefined) return [];
    return guessableFaults(password, { common, owner }).map((code) => ({
      pointer: '/password',
      code,
      detail: passwordFaultDetails[code],
    }));
  };
}

function typedPassword(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('password' in body)) return undefined;
  return typeof body.password === 'string' ? body.password : undefined;
}
