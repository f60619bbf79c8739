import { dictionary } from '@zxcvbn-ts/language-common';
import type { Request } from 'express';
import { guessableFaults, type PasswordOwner } from '../../../domain/accounts/password.ts';
import type { LineType } from '../../../domain/notifications/contact.ts';
import { invitationStatus } from '../../../domain/onboarding/invitation.ts';
import { isSameNpn } from '../../../domain/values/npn.ts';
import {
  findInvitationByToken,
  type InvitationOfLink,
  isUsernameTaken,
} from '../../../store/onboarding/registration-requests.ts';
import { findTerms } from '../../../store/onboarding/terms.ts';
import { sha256 } from '../../../store/tokens.ts';
import type { Deps } from '../../deps.ts';
import { type Checked, type FieldFault, joinChecks } from '../../http/checked.ts';
import type { RateLimiter } from '../../http/rate-limits.ts';
import {
  passwordFaultDetails,
  type Registration,
  registration,
} from '../../schemas/onboarding/registrations.ts';
import { checkAgentPhone } from '../agents/phone-check.ts';
import { checkAgentZip } from '../agents/zip-check.ts';
import { requireUsableInvitation } from './invitations.ts';

type Fields = Partial<Registration>;

/** Check of a field that is missing or breaks its schema. */
const nothingKnown = { faults: [] };

/** What the check of a registration looked up. */
export interface KnownRegistration {
  invitation: InvitationOfLink;
  /** Line type of the phone; null if it is unknown, or if nothing was checked. */
  phoneLineType: LineType | null;
}

/**
 * Creates the check of a registration beyond its schema. An invalid link ends the request first, so that nothing about
 * the fields is revealed without a valid one.
 */
export function createRegistrationCheck(deps: Deps, limiter: RateLimiter) {
  const { db, now } = deps;
  const passwordFaults = createPasswordCheck();
  const fieldCount = Object.keys(registration.shape).length;

  return async (fields: Fields, { request }: { request: Request }): Promise<Checked<KnownRegistration>> => {
    if (fields.token === undefined) return { faults: [] };
    const found = await findInvitationByToken(db, sha256(fields.token));
    const status = found && invitationStatus(found, now());
    // a repeat is compared with the stored registration, not checked again
    if (found && status === 'registered') return { known: { invitation: found, phoneLineType: null } };
    // each attempt costs password comparisons and a phone look-up
    if (found) await limiter.count('registrationsByInvitation', found.id, request.res);
    // the first attempt may have been in time and still be running; only a complete request can be its repeat
    if (found && status === 'expired' && Object.keys(fields).length === fieldCount)
      return { known: { invitation: found, phoneLineType: null } };
    const invitation = requireUsableInvitation(found, now());
    const { username, phone, zip } = fields;
    const password = typedPassword(request.body);
    const guessable = password === undefined ? [] : passwordFaults(password, { ...invitation, username });
    const [usernameResult, phoneLineType, place, terms] = await Promise.all([
      usernameFaults(fields, invitation),
      phone === undefined ? nothingKnown : checkAgentPhone(deps, phone),
      zip === undefined ? nothingKnown : checkAgentZip(db, zip),
      termsFaults(fields),
    ]);
    return joinChecks({ invitation: { known: invitation }, phoneLineType, place }, [
      ...guessable,
      ...usernameResult,
      ...terms,
    ]);
  };

  async function usernameFaults({ username }: Fields, { npn }: InvitationOfLink): Promise<FieldFault[]> {
    if (username === undefined) return [];
    const pointer = '/username';
    if (isSameNpn(username, npn))
      return [{ pointer, code: 'same-as-npn', detail: 'A username cannot be your NPN.' }];
    const taken = await isUsernameTaken(db, { username, npn });
    return taken ? [{ pointer, code: 'taken', detail: 'This username is taken.' }] : [];
  }

  async function termsFaults({ termsOfUseVersion: version }: Fields): Promise<FieldFault[]> {
    if (version === undefined) return [];
    const inForce = await findTerms(db, 'terms-of-use');
    if (inForce?.version === version) return [];
    const detail = inForce ? `The version in force is ${inForce.version}.` : 'No terms are in force.';
    return [{ pointer: '/termsOfUseVersion', code: 'not-in-force', detail }];
  }
}

/** Finds faults of a password beyond the rules that its schema checks. */
export type PasswordCheck = (password: string, owner: PasswordOwner) => FieldFault[];

/**
 * Creates the check of new passwords against some 47,000 common ones, a list too long for the page, and against the
 * owner's own data. Create it once, because it loads the list.
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
 * Returns the typed password even if it breaks the schema, so that all its faults are reported at once.
 * @returns undefined if the body has no password
 */
export function typedPassword(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('password' in body)) return undefined;
  return typeof body.password === 'string' ? body.password : undefined;
}
