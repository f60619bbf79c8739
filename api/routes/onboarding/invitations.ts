import { invitationRules, invitationStatus } from '../../../domain/onboarding/invitation.ts';
import { helpContacts } from '../../../domain/text/help-contacts.ts';
import { requestInvitation } from '../../../store/onboarding/invitation-requests.ts';
import { findOnboardingForLink } from '../../../store/onboarding/invitations.ts';
import {
  findInvitationByToken,
  type InvitationOfLink,
} from '../../../store/onboarding/registration-requests.ts';
import { findTerms } from '../../../store/onboarding/terms.ts';
import { sha256 } from '../../../store/tokens.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import type { RateLimiter } from '../../http/requests/rate-limits.ts';
import { networksOf } from '../../http/requests/request-origin.ts';
import { type Route, route } from '../../http/route.ts';
import {
  invitation,
  invitationLookup,
  invitationRenewal,
  renewalReceived,
} from '../../schemas/onboarding/invitations.ts';

/** Routes to look up and renew an invitation by the token of its link. */
export function invitationRoutes({ db, now }: Deps, limiter: RateLimiter): Route[] {
  return [
    route({
      key: 'POST /v1/invitations/lookup',
      summary: 'Look up an invitation for the registration page',
      body: invitationLookup,
      responses: { 200: { description: 'The invitation can be used', schema: invitation } },
      problems: ['not-found', 'invitation-expired'],
      handle: async ({ body }) => {
        const found = await findInvitationByToken(db, sha256(body.token));
        const usable = requireUsableInvitation(found, now());
        const { firstName, lastName, email, npn, expiresAt, syncedAt } = usable;
        // the agent may register for another plan year than the one that issued the link
        const { planYear } = await findOnboardingForLink(db, usable, now());
        const { version, text } =
          (await findTerms(db, 'terms-of-use')) ?? fail('unavailable', { retryAfter: 60 });
        const terms = { version, text };
        return {
          status: 200,
          body: {
            firstName,
            lastName,
            email,
            planYear,
            expiresAt: expiresAt.toISOString(),
            npn,
            syncedAt: syncedAt.toISOString(),
            changeAt: helpContacts.cmsPortal,
            termsOfUse: terms,
          },
        };
      },
    }),
    route({
      key: 'POST /v1/invitations/renewal',
      summary: 'Request a new link to replace one that no longer works',
      description:
        'The new link is sent to the email address of the MLMS profile. The response is always the same.',
      body: invitationRenewal,
      responses: { 202: { description: 'Received', schema: renewalReceived } },
      handle: async ({ body, request }) => {
        await limiter.count('renewalsByNetwork', networksOf(request), request.res);
        const found = await findInvitationByToken(db, sha256(body.token));
        if (found) {
          const at = now();
          await db.transaction().execute(async (tx) => {
            const key = await findOnboardingForLink(tx, found, at);
            await requestInvitation(tx, { ...key, at, by: 'agent', evenIfLive: false });
          });
        }
        return { status: 202, body: { status: 'received' } };
      },
    }),
  ];
}

/**
 * Returns the invitation if it can still be used to register.
 * @throws a problem: 410 if it has expired; 404 if it does not exist, was used or replaced, or never arrived
 */
export function requireUsableInvitation(found: InvitationOfLink | undefined, at: Date): InvitationOfLink {
  if (!found) fail('not-found');
  const { refusal } = invitationRules[invitationStatus(found, at)];
  if (refusal === 'invitation-expired') fail(refusal, { members: { at: found.expiresAt.toISOString() } });
  if (refusal) fail('not-found');
  return found;
}
