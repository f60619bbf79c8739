import { randomUUID } from 'node:crypto';
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
import { hasChosenTexts, type PhonePolicy, phoneColumns, sendPhoneCode } from '../../store/agents/phones.ts';
import type { Tx } from '../../store/database/connection.ts';
import { recordEvent } from '../../store/events.ts';
import { deleteRequestsOfInvitation } from '../../store/onboarding/registration-requests.ts';
import { nearestPlace } from '../../store/zip-codes.ts';

type RegistrationInput = OnboardingId & {
  registrationRequestId: string;
  at: Date;
  stage: OnboardingStage;
  policy: PhonePolicy;
};

/**
 * Turns a registration request into an account, a profile and the acceptance of the Terms of Use, and ends its
 * invitation. The caller has locked the onboarding's row, so neither the expiration nor a second attempt can interfere.
 */
export async function registerAgent(tx: Tx, input: RegistrationInput): Promise<{ invitationId: string }> {
  const { npn, planYear, registrationRequestId, at, policy } = input;
  const completed = await tx
    .selectFrom('invitations')
    .select('id')
    .where('registrationRequestId', '=', registrationRequestId)
    .executeTakeFirst();
  if (completed) return { invitationId: completed.id };

  const request = await readUsableRequest(tx, input);
  const accountId = await openAccount(tx, { ...request, npn, at });
  await fillProfile(tx, { ...request, npn, at, policy });
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
  return { invitationId: request.invitationId };
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

async function openAccount(
  tx: Tx,
  { npn, username, passwordHash, at }: { npn: string; username: string; passwordHash: string; at: Date },
): Promise<string> {
  const account = await tx
    .insertInto('accounts')
    .values({ id: randomUUID(), username, passwordHash, role: 'agent', npn, createdAt: at })
    // two agents can send the same free username at once: the index decides, and the second one is refused
    .onConflict((row) => row.doNothing())
    .returning('id')
    .executeTakeFirst();
  return account?.id ?? refuse('username-taken', 'The username is taken.', {});
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
  const document = await tx
    .selectFrom('termsDocuments')
    .select(['kind', 'sha256'])
    .where('kind', '=', 'terms-of-use')
    .where('version', '=', version)
    .executeTakeFirst();
  if (!document) refuse('terms-version', 'This version of the Terms of Use is unknown.', { version });
  await tx
    .insertInto('termsAcceptances')
    .values({ npn, ...document, version, acceptedAt: at, accountId, ipAddress, userAgent })
    .execute();
}
