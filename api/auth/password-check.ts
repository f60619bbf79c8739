import { dictionary } from '@zxcvbn-ts/language-common';
import { guessableFaults, type PasswordOwner } from '../../domain/accounts/password.ts';
import type { FieldFault } from '../http/route.ts';
import { passwordFaultDetails } from '../schemas/onboarding/registrations.ts';

/** What a password is refused for beyond its form, which its schema checks. */
export type PasswordCheck = (password: string, owner: PasswordOwner) => FieldFault[];

/**
 * The check of every password that is chosen, at registration and later: the list of common ones, some 47,000 and too
 * long for a page, and what is the owner's own. Made once, because of the list.
 */
export function createPasswordCheck(): PasswordCheck {
  const common = new Set(dictionary['passwords-common'].map((word) => word.toLowerCase()));
  return (password, owner) =>
    guessableFaults(password, { common, owner }).map((code) => ({
      pointer: '/password',
      code,
      detail: passwordFaultDetails[code],
    }));
}

/**
 * The password as it was typed, also where its form is wrong: what is guessable in it is told together with that.
 * Undefined where none was.
 */
export function typedPassword(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('password' in body)) return undefined;
  return typeof body.password === 'string' ? body.password : undefined;
}
