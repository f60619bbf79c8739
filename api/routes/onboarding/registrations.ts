import type { Request } from 'express';
import { usernameKey } from '../../../domain/accounts/username.ts';
import { refusalOf } from '../../../domain/failures.ts';
import type { LineType } from '../../../domain/notifications/contact.ts';
import type { OnboardingId } from '../../../domain/onboarding/onboarding-id.ts';
import { findOnboardingForLink, findOnboardingRegisteredBy } from '../../../store/onboarding/invitations.ts';
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
import { hashPassword, verifyPassword } from '../../auth/passwords.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import type { RateLimiter } from '../../http/rate-limits.ts';
import { networksOf, requestOrigin } from '../../http/request-origin.ts';
import { type Route, route } from '../../http/route.ts';
import { lockedFields } from '../../schemas/agents/profile.ts';
import {
  type Registration,
  type RegistrationResult,
  registration,
  registrationResult,
} from '../../schemas/onboarding/registrations.ts';
import { executeUpdate } from '../../temporal/execute-update.ts';
import { createPhoneCheck, parsePhone } from '../agents/phone-check.ts';
import { requireUsableInvitation } from './invitations.ts';
import { createRegistrationCheck } from './registration-check.ts';

/** How long after a registration it can be repeated by whoever lost the answer. */
const repeatableMs = 10 * 60_000;

export function registrationRoutes(deps: Deps, limiter: RateLimiter, countLogIn: LogInLimiter): Route[] {
  const { db, settings, now } = deps;
  const phoneCheck = createPhoneCheck(deps);
  return [
    route({
      key: 'POST /v1/registrations',
      summary: 'Register with the link of an invitation',
      body: registration,
      responses: {
        201: { description: 'Registered, now or before with the same words', schema: registrationResult },
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
      check: createRegistrationCheck(deps, { phoneCheck, limiter }),
      handle: async ({ body, request }) => {
        const invitation = (await findInvitationByToken(db, sha256(body.token))) ?? fail('not-found');
        const typed = typedFieldsOf(body, invitation);
        if (invitation.endedAs === 'registered')
          return created(await repeat(invitation, { typed, body, request }));
        const requestId =
          (await pendingRequest(typed, body.password)) ??
          (await newRequest(requireUsableInvitation(invitation, now()), typed, body.password, {
            ...requestOrigin(request),
            phoneLineType: phoneCheck.foundLineType(request),
          }));
        try {
          const key = await findOnboardingForLink(db, invitation, now());
          return created(await ask(key, invitation.id, requestId));
        } catch (error) {
          return created(await afterRefusal(error, requestId, { typed, body, request }));
        }
      },
    }),
  ];

  /** The request with the same words that may still be running: a repeat attaches to its update. */
  async function pendingRequest(typed: TypedFields, password: string): Promise<string | undefined> {
    for (const { id, passwordHash } of await pendingRequests(db, typed))
      if ((await verifyPassword(passwordHash, password)).isRight) return id;
    return undefined;
  }

  async function newRequest(
    { id: invitationId }: InvitationOfLink,
    typed: TypedFields,
    password: string,
    from: ReturnType<typeof requestOrigin> & { phoneLineType: LineType | null },
  ): Promise<string> {
    const passwordHash = await hashPassword(password);
    return saveRegistrationRequest(db, { ...typed, invitationId, passwordHash, ...from, at: now() });
  }

  async function ask(
    { npn, planYear }: OnboardingId,
    invitationId: string,
    registrationRequestId: string,
  ): Promise<RegistrationResult> {
    const { stage } = await executeUpdate(deps, {
      workflowId: onboardingWorkflowId({ npn, planYear }),
      update: register,
      updateId: `register-${registrationRequestId}`,
      args: [{ registrationRequestId }],
      answerFromRow: () => stageInRow({ npn, planYear }, invitationId),
    });
    return { npn, planYear, stage, loginUrl: `${settings.publicUrl}/login` };
  }

  /** The row's answer when the onboarding's workflow is gone (rule 4): registered is registered. */
  async function stageInRow(
    { npn, planYear }: OnboardingId,
    invitationId: string,
  ): Promise<{ stage: RegistrationResult['stage'] } | undefined> {
    const row = await db
      .selectFrom('invitations')
      .innerJoin('onboardings', 'onboardings.npn', 'invitations.npn')
      .select(['endedAs', 'closedAt', 'stage'])
      .where('invitations.id', '=', invitationId)
      .where('onboardings.npn', '=', npn)
      .where('onboardings.planYear', '=', planYear)
      .executeTakeFirst();
    if (row?.endedAs === 'registered') return { stage: 'awaiting-terms' };
    if (row?.closedAt)
      fail('not-eligible', { members: { stage: row.stage, at: row.closedAt.toISOString() } });
    return undefined;
  }

  /**
   * Who registered with this link and says the same again gets the first result; with other words, 409. Since that tells
   * whether a password is right, it is possible for a short time alone and counts as a log-in; afterwards the link is none.
   */
  async function repeat(
    invitation: InvitationOfLink,
    { typed, body, request }: RegistrationAttempt,
  ): Promise<RegistrationResult> {
    const { npn, registrationRequestId, endedAt } = invitation;
    if (!endedAt || now().getTime() >= endedAt.getTime() + repeatableMs) fail('not-found');
    const kept = await readRegisteredAccount(db, npn);
    const username = usernameKey(kept?.username ?? typed.username);
    const wasRight = await countLogIn({ username, networks: networksOf(request) });
    const same =
      kept !== undefined &&
      kept.username === typed.username &&
      kept.phone === typed.phone &&
      kept.contactPreference === typed.contactPreference &&
      kept.zip === typed.zip &&
      kept.termsVersion === typed.termsVersion &&
      (await verifyPassword(kept.passwordHash, body.password)).isRight;
    if (!same || registrationRequestId === null)
      fail('already-registered', { members: { at: endedAt.toISOString() } });
    await wasRight();
    const key = await findOnboardingRegisteredBy(db, invitation);
    return ask(key, invitation.id, registrationRequestId);
  }

  /**
   * A refusal lasts for its request, so the request goes, and the same words can be tried anew. Where the link was
   * used in the meantime, the answer is that of a repeat.
   */
  async function afterRefusal(
    error: unknown,
    requestId: string,
    sent: RegistrationAttempt,
  ): Promise<RegistrationResult> {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    await deleteRegistrationRequest(db, requestId);
    const invitation = await findInvitationByToken(db, sha256(sent.body.token));
    if (invitation?.endedAs === 'registered') return repeat(invitation, sent);
    // a request goes with its link: then what became of the link is the answer
    if (refusal.type === 'not-found') requireUsableInvitation(invitation, now());
    throw error;
  }
}

/** What was sent, and what of it is compared. */
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
  const { username, contactPreference, zip, termsOfUseVersion: termsVersion } = body;
  // a number that is none was refused before; with the link of a registered agent it matches nothing
  return {
    invitationId,
    username,
    phone: parsePhone(body.phone) ?? '',
    contactPreference,
    zip,
    termsVersion,
  };
}
