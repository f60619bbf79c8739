import { refuse } from '../../domain/failures.ts';
import type { LineType } from '../../domain/notifications/contact.ts';
import {
  type InvitationEnd,
  type InvitationState,
  invitationRules,
  invitationStatus,
} from '../../domain/onboarding/invitation.ts';
import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import type { OnboardingStage } from '../../domain/stages.ts';
import { openAgentAccount } from '../accounts/accounts.ts';
import { hasChosenTexts, type PhonePolicy, phoneColumns, sendPhoneCode } from '../agents/phones.ts';
import type { Tx } from '../database/connection.ts';
import type { Keyring } from '../encryption/keyring.ts';
import { recordEvent } from '../events.ts';
import { createNotice } from '../notifications/notices.ts';
import { keyedPhone, showOptOutOfAgent } from '../notifications/text-opt-outs.ts';
import { nearestPlace } from '../zip-codes.ts';
import { deleteRequestsOfInvitation } from './registration-requests.ts';
import { saveAcceptance } from './terms.ts';

type RegistrationInput = OnboardingId & {
  registrationRequestId: string;
  at: Date;
  stage: OnboardingStage;
  policy: PhonePolicy;
};

/**
 * Turns a registration request into an account, a profile and the acceptance of the Terms of Use, and ends its
 * invitation. The caller has locked the onboarding's row, so neither the expiration nor a second attempt can interfere.
 * @returns false if this request was completed before
 * @throws the refusals `invitation-expired`, `invitation-ended`, `not-eligible` and `username-taken`
 */
export async function registerAgent(tx: Tx, keyring: Keyring, input: RegistrationInput): Promise<boolean> {
  const { npn, planYear, registrationRequestId, at, policy } = input;
  const completed = await tx
    .selectFrom('invitations')
    .select('id')
    .where('registrationRequestId', '=', registrationRequestId)
    .executeTakeFirst();
  if (completed) return false;

  const request = await readUsableRequest(tx, input);
  const accountId =
    (await openAgentAccount(tx, { ...request, npn, at })) ??
    refuse('username-taken', 'The username is taken.', {});
  await fillProfile(tx, { ...request, npn, at, policy });
  await showOptOutOfAgent(tx, keyedPhone(keyring, request.phone));
  await acceptTermsOfUse(tx, { ...request, npn, accountId, at });
  await tx
    .updateTable('invitations')
    .set({ endedAt: at, endedAs: 'registered', registrationRequestId })
    .where('id', '=', request.invitationId)
    .execute();
  // the account and the profile have the data now, and other requests with this link can no longer succeed
  await deleteRequestsOfInvitation(tx, request.invitationId);
  await recordEvent(tx, {
    subject: { kind: 'onboarding', npn, planYear },
    kind: 'registered',
    at,
    by: 'agent',
    data: { invitationId: request.invitationId },
  });
  if (hasChosenTexts(request.contactPreference)) await sendPhoneCode(tx, { npn, planYear, at, policy });
  const dedupeKey = `registration-confirmed ${npn} ${planYear} ${request.invitationId}`;
  await createNotice(tx, { kind: 'registration-confirmed', npn, planYear, at, dedupeKey });
  return true;
}

async function readUsableRequest(tx: Tx, { npn, registrationRequestId, at, stage }: RegistrationInput) {
  const request = await tx
    .selectFrom('registrationRequests as request')
    .innerJoin('invitations', 'invitations.id', 'request.invitationId')
    .selectAll('request')
    .select(['expiresAt', 'endedAt', 'endedAs'])
    .$narrowType<{ endedAs: InvitationEnd | null }>()
    .where('request.id', '=', registrationRequestId)
    // the invitation may be of another plan year: the account serves all of them
    .where('npn', '=', npn)
    .executeTakeFirst();
  // the end of an invitation deletes its requests: the invitation then gives the reason for the refusal
  const invitation = request ?? (await latestInvitation(tx, npn));
  if (invitation) refuseUnlessUsable(invitation, at);
  if (!request) refuse('not-found', 'There is no such registration.', { registrationRequestId });
  if (stage !== 'invited')
    refuse('not-eligible', 'The conditions for taking part are not met now.', { stage });
  return request;
}

function latestInvitation(tx: Tx, npn: string) {
  return tx
    .selectFrom('invitations')
    .select(['expiresAt', 'endedAt', 'endedAs'])
    .$narrowType<{ endedAs: InvitationEnd | null }>()
    .where('npn', '=', npn)
    .orderBy('issuedAt', 'desc')
    .limit(1)
    .executeTakeFirst();
}

function refuseUnlessUsable(invitation: InvitationState & { endedAt: Date | null }, at: Date): void {
  const { refusal } = invitationRules[invitationStatus(invitation, at)];
  if (refusal === 'invitation-expired')
    refuse(refusal, 'The invitation has expired.', { at: invitation.expiresAt.toISOString() });
  if (refusal)
    refuse(refusal, 'The invitation can no longer be used.', { at: invitation.endedAt?.toISOString() });
}

async function fillProfile(
  tx: Tx,
  about: {
    npn: string;
    phone: string;
    phoneLineType: string | null;
    contactPreference: string;
    zip: string;
    at: Date;
    policy: PhonePolicy;
  },
): Promise<void> {
  const { npn, phone, contactPreference, zip, at, policy } = about;
  const lineType = about.phoneLineType as LineType | null;
  const location = await nearestPlace(tx, zip);
  await tx
    .updateTable('agents')
    .set({
      ...phoneColumns({ phone, lineType }, { at, policy }),
      contactPreference,
      zip,
      ...(location ? { lat: location.lat, lon: location.lon, timeZone: location.timeZone } : {}),
      registeredAt: at,
    })
    .where('npn', '=', npn)
    .execute();
}

async function acceptTermsOfUse(
  tx: Tx,
  about: {
    npn: string;
    accountId: string;
    termsVersion: string;
    ipAddress: string;
    userAgent: string;
    at: Date;
  },
): Promise<void> {
  const { npn, accountId, termsVersion: version, ipAddress, userAgent, at } = about;
  const kind = 'terms-of-use';
  const document = await tx
    .selectFrom('termsDocuments')
    .select('sha256')
    .where('kind', '=', kind)
    .where('version', '=', version)
    .executeTakeFirst();
  if (!document) refuse('terms-version', 'This version of the Terms of Use is unknown.', { version });
  await saveAcceptance(tx, { npn, kind, ...document, version, at, accountId, ipAddress, userAgent });
}

/** Reads how an invitation has ended, and the stage of the onboarding for which it is used. */
export async function readRegistrationState(
  tx: Tx,
  { npn, planYear, invitationId }: OnboardingId & { invitationId: string },
): Promise<{ endedAs: string | null; stage: string; closedAt: Date | null } | undefined> {
  return tx
    .selectFrom('invitations')
    .innerJoin('onboardings', 'onboardings.npn', 'invitations.npn')
    .select(['endedAs', 'closedAt', 'stage'])
    .where('invitations.id', '=', invitationId)
    .where('onboardings.npn', '=', npn)
    .where('onboardings.planYear', '=', planYear)
    .executeTakeFirst();
}
