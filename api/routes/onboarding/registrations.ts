import type { Request } from 'express';
import { usernameKey } from '../../../domain/accounts/username.ts';
import { refusalOf } from '../../../domain/failures.ts';
import type { LineType } from '../../../domain/notifications/contact.ts';
import type { OnboardingId } from '../../../domain/onboarding/onboarding-id.ts';
import { hashPassword, verifyPassword } from '../../../store/accounts/passwords.ts';
import { findOnboardingForLink, findOnboardingRegisteredBy } from '../../../store/onboarding/invitations.ts';
import { readRegistrationState } from '../../../store/onboarding/registration.ts';
import {
  deleteRegistrationRequest,
  findInvitationByToken,
  type InvitationOfLink,
  pendingRequests,
  readRegisteredAccount,
  saveRegistrationRequest,
  type TypedRegistration,
} from '../../../store/onboarding/registration-requests.ts';
import { sha256 } from '../../../store/tokens.ts';
import { onboardingWorkflowId, register } from '../../../workflows/messages.ts';
import type { LogInLimiter } from '../../auth/log-in-limits.ts';
import type { NewPasswordCheck } from '../../auth/new-password-check.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import type { RateLimiter } from '../../http/requests/rate-limits.ts';
import { networksOf, requestOrigin } from '../../http/requests/request-origin.ts';
import { type Route, route } from '../../http/route.ts';
import { lockedFields } from '../../schemas/agents/profile.ts';
import {
  type Registration,
  type RegistrationResult,
  registration,
  registrationResult,
} from '../../schemas/onboarding/registrations.ts';
import { executeUpdate } from '../../temporal/execute-update.ts';
import { requireUsableInvitation } from './invitations.ts';
import { createRegistrationCheck } from './registration-check.ts';

/** Milliseconds in which a registration can be repeated by an agent who lost the response. */
const repeatableMs = 10 * 60_000;

/** Route to register with an invitation. */
export function registrationRoutes(
  deps: Deps,
  {
    limiter,
    countLogIn,
    checkNewPassword,
  }: { limiter: RateLimiter; countLogIn: LogInLimiter; checkNewPassword: NewPasswordCheck },
): Route[] {
  const { db, settings, now } = deps;
  return [
    route({
      key: 'POST /v1/registrations',
      summary: 'Register with the link in an invitation',
      body: registration,
      responses: {
        201: { description: 'Registered now, or earlier with the same data', schema: registrationResult },
      },
      problems: [
        'not-found',
        'already-registered',
        'registration-busy',
        'not-eligible',
        'invitation-expired',
        'username-taken',
        'not-answered-yet',
        'too-many-requests',
      ],
      locked: lockedFields,
      check: createRegistrationCheck(deps, { limiter, checkNewPassword }),
      handle: async ({ body, known: { invitation, phoneLineType }, request }) => {
        const typed = typedFieldsOf(body, invitation);
        if (invitation.endedAs === 'registered')
          return created(await repeatRegistration(invitation, { typed, body, request }));
        const requestId =
          (await findPendingRequest(typed, body.password)) ??
          (await saveNewRequest(requireUsableInvitation(invitation, now()), typed, body.password, {
            ...requestOrigin(request),
            phoneLineType,
          }));
        try {
          const key = await findOnboardingForLink(db, invitation, now());
          return created(await executeRegister(key, invitation.id, requestId));
        } catch (error) {
          return created(await handleRefusal(error, requestId, { typed, body, request }));
        }
      },
    }),
  ];

  /** Finds a request with the same data that may still be running: a repeat attaches to its update. */
  async function findPendingRequest(typed: TypedFields, password: string): Promise<string | undefined> {
    for (const { id, passwordHash } of await pendingRequests(db, typed))
      if ((await verifyPassword(passwordHash, password)).isRight) return id;
    return undefined;
  }

  async function saveNewRequest(
    { id: invitationId }: InvitationOfLink,
    typed: TypedFields,
    password: string,
    origin: ReturnType<typeof requestOrigin> & { phoneLineType: LineType | null },
  ): Promise<string> {
    const passwordHash = await hashPassword(password);
    return saveRegistrationRequest(db, { ...typed, invitationId, passwordHash, ...origin, at: now() });
  }

  async function executeRegister(
    { npn, planYear }: OnboardingId,
    invitationId: string,
    registrationRequestId: string,
  ): Promise<RegistrationResult> {
    const { stage } = await executeUpdate(deps, {
      workflowId: onboardingWorkflowId({ npn, planYear }),
      update: register,
      updateId: `register-${registrationRequestId}`,
      args: [{ registrationRequestId }],
      answerFromRow: () => readStage({ npn, planYear }, invitationId),
    });
    return { npn, planYear, stage, loginUrl: `${settings.publicUrl}/login` };
  }

  /** Answers from the database if the workflow is closed or not started (docs/architecture.md, rule 4). */
  async function readStage(
    { npn, planYear }: OnboardingId,
    invitationId: string,
  ): Promise<{ stage: RegistrationResult['stage'] } | undefined> {
    const row = await readRegistrationState(db, { npn, planYear, invitationId });
    if (row?.endedAs === 'registered') return { stage: 'awaiting-terms' };
    if (row?.closedAt)
      fail('not-eligible', { members: { stage: row.stage, at: row.closedAt.toISOString() } });
    return undefined;
  }

  /**
   * Repeats a completed registration: the same data gets the first result, other data 409. The response reveals whether
   * the password is right, so a repeat is possible only for a short time and counts as a log-in attempt; afterwards the
   * link is answered 404.
   */
  async function repeatRegistration(
    invitation: InvitationOfLink,
    { typed, body, request }: RegistrationAttempt,
  ): Promise<RegistrationResult> {
    const { npn, registrationRequestId, endedAt } = invitation;
    if (!endedAt || now().getTime() >= endedAt.getTime() + repeatableMs) fail('not-found');
    const stored = await readRegisteredAccount(db, npn);
    const username = usernameKey(stored?.username ?? typed.username);
    const attempt = await countLogIn({ username, networks: networksOf(request) });
    const isSame =
      stored !== undefined &&
      stored.username === typed.username &&
      stored.phone === typed.phone &&
      stored.contactPreference === typed.contactPreference &&
      stored.zip === typed.zip &&
      stored.termsVersion === typed.termsVersion &&
      (await verifyPassword(stored.passwordHash, body.password)).isRight;
    if (!isSame || registrationRequestId === null)
      fail('already-registered', { members: { at: endedAt.toISOString() } });
    await attempt.forgive();
    const key = await findOnboardingRegisteredBy(db, invitation);
    return executeRegister(key, invitation.id, registrationRequestId);
  }

  /**
   * Deletes a refused request, because its refusal is final, so that the same data can be sent again. If the link was
   * used in the meantime, the request is answered as a repeat.
   */
  async function handleRefusal(
    error: unknown,
    requestId: string,
    attempt: RegistrationAttempt,
  ): Promise<RegistrationResult> {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    await deleteRegistrationRequest(db, requestId);
    const invitation = await findInvitationByToken(db, sha256(attempt.body.token));
    if (invitation?.endedAs === 'registered') return repeatRegistration(invitation, attempt);
    // a request is deleted with its link; then the state of the link is the answer
    if (refusal.type === 'not-found') requireUsableInvitation(invitation, now());
    throw error;
  }
}

/** One registration request, and its fields that repeats are compared by. */
interface RegistrationAttempt {
  typed: TypedFields;
  body: Registration;
  request: Request;
}

function created(body: RegistrationResult) {
  return { status: 201 as const, body };
}

type TypedFields = Omit<TypedRegistration, 'passwordHash'>;

function typedFieldsOf(body: Registration, { id: invitationId }: InvitationOfLink): TypedFields {
  const { username, phone, contactPreference, zip, termsOfUseVersion: termsVersion } = body;
  return { invitationId, username, phone, contactPreference, zip, termsVersion };
}
