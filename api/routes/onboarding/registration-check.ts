import { dictionary } from '@zxcvbn-ts/language-common';
import type { Request } from 'express';
import { guessableFaults, type PasswordOwner } from '../../../domain/accounts/password.ts';
import { isSameNpn } from '../../../domain/values/npn.ts';
import {
  findInvitationByToken,
  type InvitationOfLink,
  isUsernameTaken,
} from '../../../store/onboarding/registration-requests.ts';
import { findTerms } from '../../../store/onboarding/terms.ts';
import { sha256 } from '../../../store/tokens.ts';
import { nearestPlace } from '../../../store/zip-codes.ts';
import type { Deps } from '../../deps.ts';
import type { RateLimiter } from '../../http/rate-limits.ts';
import type { FieldFault } from '../../http/route.ts';
import {
  passwordFaultDetails,
  type Registration,
  registration,
} from '../../schemas/onboarding/registrations.ts';
import type { PhoneCheck } from '../agents/phone-check.ts';
import { requireUsableInvitation } from './invitations.ts';

type Fields = Partial<Registration>;

/**
 * Finds all that is wrong with a registration beyond the shape of its fields. Nothing is told about a field to
 * somebody without a link that works: a dead one ends the request first.
 */
export function createRegistrationCheck(
  deps: Deps,
  { phoneCheck, limiter }: { phoneCheck: PhoneCheck; limiter: RateLimiter },
): (fields: Fields, context: { request: Request }) => Promise<FieldFault[]> {
  const { db, now } = deps;
  const passwordFaults = createPasswordCheck();
  const complete = Object.keys(registration.shape).length;

  return async (fields, { request }) => {
    if (fields.token === undefined) return [];
    const found = await findInvitationByToken(db, sha256(fields.token));
    // what was typed before is compared with what was kept, not checked anew
    if (found?.endedAs === 'registered') return [];
    // each is compared with others by their passwords, which is work, and has its phone looked up, which costs
    if (found) await limiter.count('registrationsByInvitation', found.id);
    // a request that was in time may still be running: only a whole one can be its repeat
    const late = found !== undefined && found.endedAs === null && now() >= found.expiresAt;
    if (late && Object.keys(fields).length === complete) return [];
    const invitation = requireUsableInvitation(found, now());
    const { username } = fields;
    const password = typedPassword(request.body);
    const guessable = password === undefined ? [] : passwordFaults(password, { ...invitation, username });
    const others = await Promise.all([
      usernameFaults(fields, invitation),
      fields.phone === undefined ? Promise.resolve([]) : phoneCheck.faults(fields.phone, request),
      zipFaults(fields),
      termsFaults(fields),
    ]);
    return [...guessable, ...others.flat()];
  };

  async function usernameFaults({ username }: Fields, { npn }: InvitationOfLink): Promise<FieldFault[]> {
    if (username === undefined) return [];
    const pointer = '/username';
    if (isSameNpn(username, npn))
      return [{ pointer, code: 'same-as-npn', detail: 'A username is not your NPN.' }];
    const taken = await isUsernameTaken(db, { username, npn });
    return taken ? [{ pointer, code: 'taken', detail: 'This username is taken.' }] : [];
  }

  async function zipFaults({ zip }: Fields): Promise<FieldFault[]> {
    if (zip === undefined || (await nearestPlace(db, zip))) return [];
    return [{ pointer: '/zip', code: 'unknown-zip', detail: 'We do not know this ZIP.' }];
  }

  async function termsFaults({ termsOfUseVersion: version }: Fields): Promise<FieldFault[]> {
    if (version === undefined) return [];
    const inForce = await findTerms(db, 'terms-of-use');
    if (inForce?.version === version) return [];
    const detail = inForce ? `The version in force is ${inForce.version}.` : 'No terms are in force.';
    return [{ pointer: '/termsOfUseVersion', code: 'not-in-force', detail }];
  }
}

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
