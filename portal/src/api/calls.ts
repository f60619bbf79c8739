import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/browser';
import type {
  FeedKeyList,
  FeedKeyRotation,
  FeedKeySecret,
  NewFeedKey,
} from '../../../api/schemas/accounts/feed-keys.ts';
import type {
  NewOpsAccount,
  OpsAccountList,
  OpsAccountPassword,
  RoleChange,
} from '../../../api/schemas/accounts/ops-accounts.ts';
import type {
  LogInOptions,
  Passkey,
  PasskeyList,
  PasskeyNameBody,
  RegistrationOptions,
} from '../../../api/schemas/accounts/passkeys.ts';
import type {
  PasswordChange,
  PasswordReset,
  PasswordResetCompletion,
  PasswordResetRequest,
} from '../../../api/schemas/accounts/passwords.ts';
import type {
  AppBody,
  AppSecret,
  RecoveryCodes,
  SecondFactor,
} from '../../../api/schemas/accounts/second-factor.ts';
import type { SecurityEventList } from '../../../api/schemas/accounts/security-events.ts';
import type {
  ConfirmationBody,
  LogInBody,
  Session,
  SessionList,
} from '../../../api/schemas/accounts/session.ts';
import type {
  AbsenceDates,
  AvailabilityOverride,
  AvailabilityView,
  HoursQuestion,
  WeeklyHoursBody,
} from '../../../api/schemas/agents/availability.ts';
import type { AgentData } from '../../../api/schemas/agents/own-data.ts';
import type { PhoneCodeSent, PhoneConfirmed, PhoneResponse } from '../../../api/schemas/agents/phones.ts';
import type { Profile, ProfileChange } from '../../../api/schemas/agents/profile.ts';
import type {
  PushDeviceChange,
  PushDevices,
  PushSubscriptionBody,
  PushUnsubscription,
} from '../../../api/schemas/agents/push-subscriptions.ts';
import type { ReadinessView } from '../../../api/schemas/agents/readiness.ts';
import type { Suggestions } from '../../../api/schemas/agents/skips.ts';
import type { TestOfferAnswer, TestOffersView } from '../../../api/schemas/agents/test-offers.ts';
import type { AgentRequestBody, Invitation } from '../../../api/schemas/onboarding/invitations.ts';
import type { DepartureBody, OnboardingResponse } from '../../../api/schemas/onboarding/onboarding.ts';
import type { Registration, RegistrationResult } from '../../../api/schemas/onboarding/registrations.ts';
import type { ConsentText, Terms } from '../../../api/schemas/onboarding/terms.ts';
import type { AgentForOps, OnboardingBoard, OnboardingSummary } from '../../../api/schemas/ops/ops.ts';
import type {
  ContactRead,
  OpsReason,
  ReplyDecision,
  UnclearReplyList,
} from '../../../api/schemas/ops/ops-actions.ts';
import type { AgentFiguresView } from '../../../api/schemas/referrals/agent-figures.ts';
import type {
  ContactCorrectionBody,
  OpenProblemList,
  PendingContact,
} from '../../../api/schemas/referrals/consumer-actions.ts';
import type { Notes } from '../../../api/schemas/referrals/notes.ts';
import type { OfferHistory } from '../../../api/schemas/referrals/offer-history.ts';
import type {
  AgentReferralList,
  LinkedOffer,
  OfferAccepted,
  OfferAcceptedByLink,
  OfferDecline,
  OfferDeclined,
  OfferList,
  OfferStatus,
  OutcomeReport,
  ReferralStatus,
} from '../../../api/schemas/referrals/offers.ts';
import type { ConsumerData } from '../../../api/schemas/referrals/own-data.ts';
import type { PlaceView } from '../../../api/schemas/referrals/places.ts';
import type {
  HelpRequest,
  ReferralCreated,
  ReferralResponse,
  StatusLinkRequest,
} from '../../../api/schemas/referrals/referrals.ts';
import type { UnofferedReferralsView } from '../../../api/schemas/referrals/unoffered-referrals.ts';
import type { WaitingTimes } from '../../../api/schemas/referrals/waiting-times.ts';
import type { Skip } from '../../../domain/matching/skips.ts';
import type { TermsKind } from '../../../domain/onboarding/facts.ts';
import type { DeactivationCause, OpsAction } from '../../../domain/ops/ops-actions.ts';
import type { DeclineReason } from '../../../domain/referrals/offer.ts';
import type { ProblemKind } from '../../../domain/referrals/referral.ts';
import type { Client } from './client.ts';

/** A referral's id and its token, both from the address of the status page. */
export interface ReferralKey {
  id: string;
  token: string;
}

/** The id and the token of a link in a message, such as that of an offer. */
export interface LinkKey {
  id: string;
  token: string;
}

/** Creates the API calls of the pages. Each rejects with an ApiProblem. */
export function createCalls({ send }: Pick<Client, 'send'>) {
  const get = <Answer>(path: string, bearer?: string) => send<Answer>({ method: 'GET', path, bearer });
  const post = <Answer>(
    path: string,
    body: object,
    more: { bearer?: string; headers?: Record<string, string> } = {},
  ) => send<Answer>({ method: 'POST', path, body, ...more });
  const postOnce = <Answer>(path: string, body: object) =>
    send<Answer>({ method: 'POST', path, body, isOnce: true });
  const part = encodeURIComponent;
  const paged = (path: string, page: string | null) => (page === null ? path : `${path}?page=${part(page)}`);
  const skipPath = ({ kind, value }: Skip) => `me/skips/${kind}/${part(value)}`;

  return {
    lookUpInvitation: (token: string) => post<Invitation>('invitations/lookup', { token }),
    renewInvitation: (token: string) => post<unknown>('invitations/renewal', { token }),
    register: (registration: Registration) => post<RegistrationResult>('registrations', registration),

    logIn: (credentials: LogInBody) => post<Session>('session', credentials),
    logOut: () => send<unknown>({ method: 'DELETE', path: 'session' }),
    /** Reads the account that is logged in; null if there is none. */
    session: async () => (await get<Session | undefined>('session')) ?? null,
    confirm: (body: ConfirmationBody | { credential: AuthenticationResponseJSON }) =>
      post<Session>('session/confirmation', body),
    /** Asks for a link to a new password. It is sent only to the agent's email address. */
    requestPasswordReset: (body: PasswordResetRequest) => post<unknown>('password-reset', body),
    lookUpPasswordReset: (token: string) => post<PasswordReset>('password-reset/lookup', { token }),
    completePasswordReset: (body: PasswordResetCompletion) =>
      post<unknown>('password-reset/completion', body),
    changePassword: (body: PasswordChange) => send<unknown>({ method: 'PUT', path: 'me/password', body }),
    passkeyLogInOptions: () => post<LogInOptions>('passkeys/log-in-options', {}),
    logInByPasskey: (body: { credential: AuthenticationResponseJSON }) =>
      post<Session>('passkeys/log-in', body),
    passkeys: () => get<PasskeyList>('passkeys'),
    passkeyRegistrationOptions: () => post<RegistrationOptions>('passkeys/registration-options', {}),
    addPasskey: (body: { name: string; credential: RegistrationResponseJSON }) =>
      post<Passkey>('passkeys', body),
    namePasskey: (id: string, body: PasskeyNameBody) =>
      send<unknown>({ method: 'PATCH', path: `passkeys/${part(id)}`, body }),
    removePasskey: (id: string) => send<unknown>({ method: 'DELETE', path: `passkeys/${part(id)}` }),
    secondFactor: () => get<SecondFactor>('me/second-factor'),
    beginApp: () => post<AppSecret>('me/second-factor/authenticator-app/secret', {}),
    confirmApp: (body: AppBody) =>
      send<RecoveryCodes>({
        method: 'PUT',
        path: 'me/second-factor/authenticator-app',
        body,
        isOnce: true,
      }),
    removeApp: () => send<unknown>({ method: 'DELETE', path: 'me/second-factor/authenticator-app' }),
    replaceRecoveryCodes: () => postOnce<RecoveryCodes>('me/second-factor/recovery-codes', {}),
    sessions: () => get<SessionList>('me/sessions'),
    endSession: (id: string) => send<unknown>({ method: 'DELETE', path: `me/sessions/${part(id)}` }),
    endOtherSessions: () => send<unknown>({ method: 'DELETE', path: 'me/sessions' }),
    /** Reads security events, latest first. @param page `nextPage` of the page before */
    ownSecurityEvents: (page: string | null) => get<SecurityEventList>(paged('me/security-events', page)),
    opsSecurityEvents: (accountId: string, page: string | null) =>
      get<SecurityEventList>(paged(`ops/accounts/${part(accountId)}/security-events`, page)),

    terms: (kind: TermsKind) => get<Terms>(`terms/${kind}`),
    acceptTerms: (kind: TermsKind, version: string) =>
      post<OnboardingResponse>(`me/terms/${kind}/acceptance`, { version }),
    onboarding: () => get<OnboardingResponse>('me/onboarding'),
    agentData: () => get<AgentData>('me/data'),
    leave: (departure: DepartureBody) => post<OnboardingResponse>('me/departure', departure),

    profile: () => get<Profile>('me/profile'),
    changeProfile: (body: ProfileChange) => send<Profile>({ method: 'PATCH', path: 'me/profile', body }),

    availability: () => get<AvailabilityView>('me/availability'),
    changeHours: (body: WeeklyHoursBody) =>
      send<AvailabilityView>({ method: 'PUT', path: 'me/availability/hours', body }),
    overrideAvailability: (body: AvailabilityOverride) =>
      send<AvailabilityView>({ method: 'PUT', path: 'me/availability/override', body }),
    confirmHours: () => post<AvailabilityView>('me/availability/confirmation', {}),
    hoursQuestion: ({ id, token }: LinkKey) => get<HoursQuestion>(`hours-links/${part(id)}`, token),
    confirmHoursByLink: ({ id, token }: LinkKey) =>
      post<HoursQuestion>(`hours-links/${part(id)}/confirmation`, {}, { bearer: token }),
    testOffers: () => get<TestOffersView>('me/test-offers'),
    sendTestOffer: () => post<TestOffersView>('me/test-offers', {}),
    confirmTestOffer: ({ id, token }: LinkKey) =>
      post<TestOfferAnswer>(`test-offer-links/${part(id)}/confirmation`, {}, { bearer: token }),
    readiness: () => get<ReadinessView>('me/readiness'),
    enterAbsence: (body: AbsenceDates) => post<unknown>('me/availability/absences', body),
    takeAbsenceBack: (id: string) =>
      send<unknown>({ method: 'DELETE', path: `me/availability/absences/${part(id)}` }),

    pushDevices: () => get<PushDevices>('me/push-subscriptions'),
    subscribeToPushes: (body: PushSubscriptionBody) => post<unknown>('me/push-subscriptions', body),
    unsubscribeFromPushes: (body: PushUnsubscription) =>
      send<unknown>({ method: 'DELETE', path: 'me/push-subscriptions', body }),
    changePushDevice: (id: string, body: PushDeviceChange) =>
      send<unknown>({ method: 'PATCH', path: `me/push-subscriptions/${part(id)}`, body }),
    removePushDevice: (id: string) =>
      send<unknown>({ method: 'DELETE', path: `me/push-subscriptions/${part(id)}` }),

    suggestions: () => get<Suggestions>('me/suggestions'),
    beginSkip: (skip: Skip) => send<Suggestions>({ method: 'PUT', path: skipPath(skip) }),
    endSkip: (skip: Skip) => send<Suggestions>({ method: 'DELETE', path: skipPath(skip) }),

    /** Requests without log-in. The answer goes to the agent's email address. */
    askForStatus: (request: AgentRequestBody) => post<unknown>('onboarding-status-requests', request),
    askForInvitation: (request: AgentRequestBody) => post<unknown>('invitation-requests', request),
    remindOfLogIn: (request: AgentRequestBody) => post<unknown>('log-in-reminders', request),

    phone: () => get<PhoneResponse>('me/phone'),
    sendPhoneCode: () => post<PhoneCodeSent>('me/phone/verification', {}),
    enterPhoneCode: (entered: { code: string }) => post<PhoneConfirmed>('me/phone/verification', entered),

    offers: () => get<OfferList>('me/offers'),
    offer: (offerId: string) => get<OfferStatus>(`offers/${part(offerId)}`),
    acceptOffer: (offerId: string) => post<OfferAccepted>(`offers/${part(offerId)}/acceptance`, {}),
    declineOffer: (offerId: string, decline: OfferDecline) =>
      post<OfferDeclined>(`offers/${part(offerId)}/decline`, decline),
    linkedOffer: ({ id, token }: LinkKey) => get<LinkedOffer>(`offer-links/${part(id)}`, token),
    acceptByLink: ({ id, token }: LinkKey) =>
      post<OfferAcceptedByLink>(`offer-links/${part(id)}/acceptance`, {}, { bearer: token }),
    declineByLink: ({ id, token }: LinkKey, reason: DeclineReason) =>
      post<OfferDeclined>(`offer-links/${part(id)}/decline`, { reason }, { bearer: token }),
    /** Reads the agent's referrals, newest first. @param page `nextPage` of the page before */
    referrals: (page: string | null) => get<AgentReferralList>(paged('me/referrals', page)),
    /** Reads a page of what was offered to the agent. @param request the filter and the page, as query parameters */
    history: (request: Readonly<Record<string, string>>) =>
      get<OfferHistory>(`me/offers/history?${new URLSearchParams(request)}`),
    figures: () => get<AgentFiguresView>('me/figures'),
    unofferedReferrals: () => get<UnofferedReferralsView>('me/unoffered-referrals'),
    reportOutcome: (referralId: string, report: OutcomeReport, idempotencyKey: string) =>
      post<ReferralStatus>(`referrals/${part(referralId)}/outcomes`, report, {
        headers: { 'Idempotency-Key': idempotencyKey },
      }),
    notes: (referralId: string) => get<Notes>(`referrals/${part(referralId)}/notes`),
    saveNotes: (referralId: string, notes: Notes) =>
      send<Notes>({ method: 'PUT', path: `referrals/${part(referralId)}/notes`, body: notes }),

    /** Reads a page of the board. @param request the filter and the page, as query parameters */
    opsOnboardings: (request: Readonly<Record<string, string>>) =>
      get<OnboardingBoard>(`ops/onboardings?${new URLSearchParams(request)}`),
    opsSummary: () => get<OnboardingSummary>('ops/onboardings/summary'),
    opsAgent: (npn: string) => get<AgentForOps>(`ops/onboardings/${part(npn)}`),
    opsAct: (npn: string, action: OpsAction, body: { reason: string; because?: DeactivationCause }) =>
      post<unknown>(`ops/${opsActionPaths[action](part(npn))}`, body),
    opsProblems: () => get<OpenProblemList>('ops/problems'),
    handleProblem: (id: string, body: OpsReason) => post<unknown>(`ops/problems/${part(id)}/handling`, body),
    opsUnclearReplies: () => get<UnclearReplyList>('ops/unclear-replies'),
    decideOnReply: (id: string, body: ReplyDecision) =>
      post<unknown>(`ops/unclear-replies/${part(id)}/decision`, body),

    opsAccounts: () => get<OpsAccountList>('ops/accounts'),
    openAccount: (body: NewOpsAccount) => postOnce<OpsAccountPassword>('ops/accounts', body),
    changeRole: (id: string, body: RoleChange) => post<unknown>(`ops/accounts/${part(id)}/role`, body),
    setOpsPassword: (id: string, body: OpsReason) =>
      postOnce<OpsAccountPassword>(`ops/accounts/${part(id)}/password`, body),
    resetFactors: (id: string, body: OpsReason) =>
      post<unknown>(`ops/accounts/${part(id)}/second-factor-reset`, body),
    deactivateAccount: (id: string, body: OpsReason) =>
      post<unknown>(`ops/accounts/${part(id)}/deactivation`, body),
    opsFeedKeys: () => get<FeedKeyList>('ops/feed-keys'),
    createFeedKey: (body: NewFeedKey) => postOnce<FeedKeySecret>('ops/feed-keys', body),
    rotateFeedKey: (id: string, body: FeedKeyRotation) =>
      postOnce<FeedKeySecret>(`ops/feed-keys/${part(id)}/rotation`, body),
    revokeFeedKey: (id: string, body: OpsReason) =>
      post<unknown>(`ops/feed-keys/${part(id)}/revocation`, body),

    /** Reads the city and the states of a ZIP. @param coverageYear four digits */
    place: (zip: string, coverageYear: string) =>
      get<PlaceView>(`places/${part(zip)}?coverageYear=${part(coverageYear)}`),
    readContact: (id: string, body: OpsReason) =>
      post<ContactRead>(`ops/referrals/${part(id)}/contact`, body),
    consent: (kind: 'intake' | 'texts', language: string) =>
      get<ConsentText>(`consents/${kind}?language=${part(language)}`),
    /** Reads how long requests wait. An empty text stands for all states, or all languages. */
    waitingTimes: (group: { state: string; language: string }) => {
      const chosen = Object.entries(group).filter(([, value]) => value !== '');
      return get<WaitingTimes>(`waiting-times?${new URLSearchParams(chosen)}`);
    },
    askForHelp: (request: HelpRequest, idempotencyKey: string) =>
      post<ReferralCreated>('referrals', request, { headers: { 'Idempotency-Key': idempotencyKey } }),
    /** Asks for the link of an open request. It is sent only to the contact of that request. */
    askForStatusLink: (request: StatusLinkRequest) => post<unknown>('status-link-requests', request),
    referral: ({ id, token }: ReferralKey) => get<ReferralResponse>(`referrals/${part(id)}`, token),
    consumerData: ({ id, token }: ReferralKey) => get<ConsumerData>(`referrals/${part(id)}/data`, token),
    enterContactCode: ({ id, token }: ReferralKey, entered: { code: string }) =>
      post<ReferralCreated>(`referrals/${part(id)}/verification`, entered, { bearer: token }),
    /** Sends a new code. @param call true for a phone call, false for a text; undefined repeats the previous way */
    sendContactCode: ({ id, token }: ReferralKey, call?: boolean) =>
      post<unknown>(`referrals/${part(id)}/verification`, { call }, { bearer: token }),
    withdraw: ({ id, token }: ReferralKey) =>
      post<ReferralStatus>(`referrals/${part(id)}/withdrawal`, {}, { bearer: token }),
    correctContact: ({ id, token }: ReferralKey, body: ContactCorrectionBody) =>
      send<ReferralStatus | PendingContact>({
        method: 'PUT',
        path: `referrals/${part(id)}/contact`,
        body,
        bearer: token,
      }),
    confirmContact: ({ id, token }: ReferralKey, called: boolean) =>
      post<ReferralStatus>(`referrals/${part(id)}/confirmation`, { called }, { bearer: token }),
    askAnother: ({ id, token }: ReferralKey) =>
      post<ReferralStatus>(`referrals/${part(id)}/another-agent`, {}, { bearer: token }),
    reportProblem: ({ id, token }: ReferralKey, problem: ProblemKind) =>
      post<ReferralStatus>(`referrals/${part(id)}/problems`, { problem }, { bearer: token }),
    rescindConsent: ({ id, token }: ReferralKey) =>
      post<ReferralStatus>(`referrals/${part(id)}/consent/rescission`, {}, { bearer: token }),
  };
}
const opsActionPaths: Readonly<Record<OpsAction, (npn: string) => string>> = {
  invite: (npn) => `onboardings/${npn}/invitation`,
  hold: (npn) => `agents/${npn}/hold`,
  release: (npn) => `agents/${npn}/release`,
  deactivate: (npn) => `agents/${npn}/deactivation`,
  note: (npn) => `onboardings/${npn}/notes`,
};

export type Calls = ReturnType<typeof createCalls>;
