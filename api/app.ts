import compression from 'compression';
import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import { access, checkAccess, type RouteKey } from './access.ts';
import { createCodeLimiter } from './auth/code-limit.ts';
import { createConfirmationCheck } from './auth/confirmation.ts';
import { createCredentialLog } from './auth/credential-change.ts';
import { createGuard } from './auth/guard.ts';
import { createKnownDevices } from './auth/known-devices.ts';
import { createLogInLimiter } from './auth/log-in-limits.ts';
import { createNewPasswordCheck } from './auth/new-password-check.ts';
import { createPasskeyCheck } from './auth/passkey-check.ts';
import { createPasswordCheck } from './auth/password-check.ts';
import { createSecurityLog } from './auth/security-log.ts';
import { createSessionCookies } from './auth/session-cookies.ts';
import type { AppDeps, Deps } from './deps.ts';
import { docsRouter } from './http/api-docs.ts';
import { createErrorHandler } from './http/errors.ts';
import { mount } from './http/mount.ts';
import { namePortalBuild, portalRouter } from './http/portal-files.ts';
import { fail } from './http/problems.ts';
import { createSessionCookie } from './http/requests/cookies.ts';
import { createRateLimiter, defaultRateLimits, type RateLimitSettings } from './http/requests/rate-limits.ts';
import { createRequestLog } from './http/requests/request-log.ts';
import { createRequestShield } from './http/requests/request-shield.ts';
import { type Route, splitRouteKey } from './http/route.ts';
import { wellKnownRouter } from './http/well-known.ts';
import { describeApi } from './openapi.ts';
import { accountEventRoutes } from './routes/accounts/account-events.ts';
import { endedSessionRoutes } from './routes/accounts/ended-sessions.ts';
import { factorResetRoutes } from './routes/accounts/factor-resets.ts';
import { feedKeyRoutes } from './routes/accounts/feed-keys.ts';
import { opsAccountRoutes } from './routes/accounts/ops-accounts.ts';
import { passkeyLogInRoutes, passkeyRoutes } from './routes/accounts/passkeys.ts';
import { passwordRoutes } from './routes/accounts/password.ts';
import { passwordResetRoutes } from './routes/accounts/password-reset.ts';
import { secondFactorRoutes } from './routes/accounts/second-factor.ts';
import { securityEventRoutes } from './routes/accounts/security-events.ts';
import { sessionRoutes } from './routes/accounts/session.ts';
import { ownSessionRoutes } from './routes/accounts/sessions.ts';
import { availabilityRoutes } from './routes/agents/availability.ts';
import { hoursLinkRoutes } from './routes/agents/hours-links.ts';
import { agentDataRoutes } from './routes/agents/own-data.ts';
import { phoneRoutes } from './routes/agents/phones.ts';
import { profileRoutes } from './routes/agents/profile.ts';
import { pushRoutes } from './routes/agents/push-subscriptions.ts';
import { readinessRoutes } from './routes/agents/readiness.ts';
import { skipRoutes } from './routes/agents/skips.ts';
import { testOfferRoutes } from './routes/agents/test-offers.ts';
import { feedRoutes } from './routes/feeds/feeds.ts';
import { healthRoutes } from './routes/health.ts';
import { webhookRoutes } from './routes/notifications/webhooks.ts';
import { agentRequestRoutes } from './routes/onboarding/agent-requests.ts';
import { invitationRoutes } from './routes/onboarding/invitations.ts';
import { departureRoutes, onboardingRoutes } from './routes/onboarding/onboarding.ts';
import { registrationRoutes } from './routes/onboarding/registrations.ts';
import { termsRoutes } from './routes/onboarding/terms.ts';
import { openApiRoutes } from './routes/openapi.ts';
import { opsRoutes } from './routes/ops/ops.ts';
import { opsFeedRoutes } from './routes/ops/ops-feeds.ts';
import { opsIntakeRoutes } from './routes/ops/ops-intake.ts';
import { opsProblemRoutes } from './routes/ops/ops-problems.ts';
import { opsZipRoutes } from './routes/ops/ops-zips.ts';
import { consentRoutes } from './routes/referrals/consents.ts';
import { consumerActionRoutes } from './routes/referrals/consumer-actions.ts';
import { contactCodeRoutes } from './routes/referrals/intake/contact-codes.ts';
import { contactCorrectionRoutes } from './routes/referrals/intake/contact-correction.ts';
import { intakeRoutes } from './routes/referrals/intake/intake.ts';
import { placeRoutes } from './routes/referrals/intake/places.ts';
import { statusLinkRoutes } from './routes/referrals/intake/status-links.ts';
import { agentRecordRoutes } from './routes/referrals/offers/agent-record.ts';
import { noteRoutes } from './routes/referrals/offers/notes.ts';
import { offerLinkRoutes } from './routes/referrals/offers/offer-links.ts';
import { offerRoutes } from './routes/referrals/offers/offers.ts';
import { outcomeRoutes } from './routes/referrals/offers/outcomes.ts';
import { consumerDataRoutes } from './routes/referrals/own-data.ts';
import { referralRoutes } from './routes/referrals/referrals.ts';
import { waitingTimeRoutes } from './routes/referrals/waiting-times.ts';

/**
 * Creates the API: an Express app that serves every route of the access table, the API's documentation and the portal.
 * @throws an Error where the routes and the access table differ
 */
export function createApp(appDeps: AppDeps): Express {
  const deps: Deps = { now: () => new Date(), ...appDeps };
  const limits: RateLimitSettings = { ...defaultRateLimits, ...deps.settings.rateLimits };
  const subjects = createRoutes(deps, limits);
  const keys = subjects.flat().map((route) => route.key);
  checkAccess(keys);

  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', deps.settings.proxies ?? false);
  app.set('query parser', 'simple');
  app.use(createRequestLog(deps.log));
  app.use(securityHeaders(deps.settings.publicUrl));
  if (deps.portalFolder) app.use(namePortalBuild(deps.portalFolder));
  app.use(compression({ filter: isCompressible }));
  app.use(createRequestShield(limits.requests));
  const gates = { guard: createGuard(deps), checkConfirmation: createConfirmationCheck(deps) };
  for (const routes of subjects) app.use(mount(routes, gates));
  app.use(rejectOtherMethods(keys));
  app.use(docsRouter(() => describeAll(subjects.flat(), deps)));
  app.use(wellKnownRouter(deps));
  if (deps.portalFolder) app.use(portalRouter(deps.portalFolder));
  app.use(() => fail('not-found'));
  app.use(createErrorHandler());
  return app;
}

/** Creates every route, grouped by subject. The last group serves the OpenAPI document of all of them. */
export function createRoutes(deps: Deps, limits: RateLimitSettings): Route[][] {
  const limiter = createRateLimiter(deps.db, limits);
  const countLogIn = createLogInLimiter(deps, limiter, limits);
  const recordSecurity = createSecurityLog(deps);
  const knownDevices = createKnownDevices(deps);
  const countCode = createCodeLimiter(deps, limits.codesByAccount);
  const checkPassword = createPasswordCheck(deps, { countLogIn, countCode, knownDevices, recordSecurity });
  const checkNewPassword = createNewPasswordCheck();
  const sessionCookies = createSessionCookies(deps, { knownDevices, recordSecurity });
  const passkeys = createPasskeyCheck(deps);
  const recordChange = createCredentialLog(deps);
  const subjects = [
    healthRoutes(deps),
    invitationRoutes(deps, limiter),
    registrationRoutes(deps, { limiter, countLogIn, checkNewPassword }),
    agentRequestRoutes(deps, limiter),
    sessionRoutes(deps, { checkPassword, passkeys, sessionCookies, recordSecurity }),
    passkeyLogInRoutes(deps, limiter, { passkeys, knownDevices, sessionCookies, recordSecurity }),
    passkeyRoutes(deps, { passkeys, recordSecurity, recordChange }),
    secondFactorRoutes(deps, { recordSecurity, recordChange }),
    ownSessionRoutes(deps, recordSecurity),
    passwordResetRoutes(deps, { limiter, knownDevices, checkNewPassword, recordSecurity }),
    passwordRoutes(deps, { sessionCookies, checkNewPassword, recordSecurity }),
    securityEventRoutes(deps),
    accountEventRoutes(deps),
    termsRoutes(deps),
    onboardingRoutes(deps),
    profileRoutes(deps, limiter, recordSecurity),
    availabilityRoutes(deps),
    skipRoutes(deps),
    hoursLinkRoutes(deps),
    readinessRoutes(deps),
    testOfferRoutes(deps, limiter),
    departureRoutes(deps),
    agentDataRoutes(deps),
    phoneRoutes(deps, limiter),
    pushRoutes(deps),
    offerRoutes(deps),
    agentRecordRoutes(deps),
    outcomeRoutes(deps),
    noteRoutes(deps),
    offerLinkRoutes(deps),
    contactCorrectionRoutes(deps, limiter),
    consumerActionRoutes(deps),
    waitingTimeRoutes(deps),
    placeRoutes(deps),
    consentRoutes(deps),
    intakeRoutes(deps, limiter),
    referralRoutes(deps),
    consumerDataRoutes(deps),
    statusLinkRoutes(deps, limiter),
    contactCodeRoutes(deps, limiter),
    opsRoutes(deps, recordSecurity),
    feedRoutes(deps),
    opsFeedRoutes(deps),
    opsIntakeRoutes(deps),
    opsProblemRoutes(deps),
    opsZipRoutes(deps),
    opsAccountRoutes(deps, recordSecurity),
    factorResetRoutes(deps, recordSecurity),
    endedSessionRoutes(deps, recordSecurity),
    feedKeyRoutes(deps, recordSecurity),
    webhookRoutes(deps),
  ];
  return [...subjects, openApiRoutes((own) => describeAll([...subjects.flat(), ...own], deps))];
}

function describeAll(routes: readonly Route[], { settings: { publicUrl } }: Pick<Deps, 'settings'>) {
  return describeApi(routes, { publicUrl, cookieName: createSessionCookie(publicUrl).name });
}

/** Sets the security headers of every response: only our own scripts, styles and fonts, and no framing of pages. */
function securityHeaders(publicUrl: string): RequestHandler {
  const secure = publicUrl.startsWith('https:');
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        workerSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        ...(secure ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: secure,
    xFrameOptions: { action: 'deny' },
  });
}

/** Excludes event streams: compression would buffer their events. */
const isCompressible: Parameters<typeof compression>[0] extends { filter?: infer Filter } | undefined
  ? NonNullable<Filter>
  : never = (request, response) =>
  !String(response.getHeader('Content-Type')).startsWith('text/event-stream') &&
  compression.filter(request, response);

/** Answers a known path with an unsupported method: 405 and the supported methods in `Allow`. */
function rejectOtherMethods(keys: readonly RouteKey[]): RequestHandler {
  const router = express.Router();
  const paths = new Set(keys.map((key) => splitRouteKey(key).path));
  for (const path of paths) {
    const methods = (Object.keys(access) as RouteKey[])
      .filter((key) => splitRouteKey(key).path === path)
      .map((key) => splitRouteKey(key).method.toUpperCase());
    router.all(path, () => fail('method-not-allowed', { headers: { Allow: methods.join(', ') } }));
  }
  return router;
}
