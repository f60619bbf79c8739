import type { Request } from 'express';
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
import type { NewPasswordCheck } from '../../auth/new-password-check.ts';
import type { Deps } from '../../deps.ts';
import { type Checked, type FieldFault, joinChecks } from '../../http/requests/checked.ts';
import type { RateLimiter } from '../../http/requests/rate-limits.ts';
import { type Registration, registration } from '../../schemas/onboarding/registrations.ts';
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
export function createRegistrationCheck(
  deps: Deps,
  { limiter, checkNewPassword }: { limiter: RateLimiter; checkNewPassword: NewPasswordCheck },
) {
  const { db, now } = deps;
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
    const guessable = checkNewPassword(request.body, { ...invitation, username });
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
