import type { Request } from 'express';
import type { AgentWish } from '../../../../domain/matching/agent-wish.ts';
import { sentencesIn } from '../../../../domain/text/catalog.ts';
import { nextOpening } from '../../../../domain/time/service-calendar.ts';
import { normalizeNpn } from '../../../../domain/values/npn.ts';
import type { ContactKey } from '../../../../store/referrals/contacts/contact-keys.ts';
import { createReferral, type StoredReferral } from '../../../../store/referrals/intake.ts';
import { readIntakePause } from '../../../../store/referrals/intake-pauses.ts';
import { linkToken, sha256 } from '../../../../store/tokens.ts';
import type { Deps } from '../../../deps.ts';
import { fail } from '../../../http/problems.ts';
import type { RateLimiter } from '../../../http/requests/rate-limits.ts';
import { networksOf } from '../../../http/requests/request-origin.ts';
import { type Route, route } from '../../../http/route.ts';
import { type HelpRequest, helpRequest, referralCreated } from '../../../schemas/referrals/referrals.ts';
import { chooseCodeChannel } from '../../agents/phone-check.ts';
import { referralCreatedView } from '../../onboarding/referral-created-view.ts';
import { requestDigest } from '../idempotency-key.ts';
import { createFailAlreadyOpen } from './already-open.ts';
import { contactUses } from './contact-limits.ts';
import { createIntakeCheck, type NewRequest } from './intake-check.ts';

/** Route to create a request for help. */
export function intakeRoutes(deps: Deps, limiter: RateLimiter): Route[] {
  const { db, keyring, settings } = deps;
  const { linkSecret, policy } = settings;
  const failAlreadyOpen = createFailAlreadyOpen(deps, limiter);
  return [
    route({
      key: 'POST /v1/referrals',
      summary: 'Create a request for help',
      description:
        'A repeat with the same `Idempotency-Key` and the same body returns the first result, so that a retry after a ' +
        'lost connection does not create a second request.',
      headers: {
        'Idempotency-Key': {
          description:
            'A new value for each request for help, ideally a UUID. Keys are separate by phone number and email address, ' +
            'so that two senders can use the same key.',
          required: true,
        },
      },
      body: helpRequest,
      responses: {
        201: { description: 'Created now, or earlier with the same key', schema: referralCreated },
      },
      problems: [
        'idempotency-key-missing',
        'idempotency-key-reused',
        'state-marketplace',
        'intake-paused',
        'already-open',
        'too-many-requests',
      ],
      check: createIntakeCheck(deps),
      handle: async ({ body, known, request }) => {
        const requestSha256 = requestDigest(body, keyring.lookupKey);
        const referral =
          'earlier' in known ? known.earlier : await create(body, known, request, requestSha256);
        if (referral.requestSha256 !== requestSha256) fail('idempotency-key-reused');
        return { status: 201, body: referralCreatedView(referral, settings) };
      },
    }),
  ];

  async function create(
    body: HelpRequest,
    { place, consent, textConsent, contactKeys, idempotencyKeys }: NewRequest,
    request: Request,
    requestSha256: string,
  ): Promise<StoredReferral> {
    const { language, interpreter = false, coverageYear, need, name, phone, email } = body;
    const { contactBy = phone === undefined ? 'email' : 'call', contactTimes = [] } = body;
    const givenBy = body.representative ? ('representative' as const) : ('adult' as const);
    await requireOpenIntake(place, language);
    await countRequest(request, contactKeys);
    const phoneOver = await chooseCodeChannel(deps, { phone, contactBy });
    const referral = await db.transaction().execute((tx) =>
      createReferral(tx, keyring, {
        idempotencyKeys,
        requestSha256,
        tokenSha256: (referralId) => sha256(linkToken(linkSecret, 'referral', referralId)),
        contact: { name: name.trim(), ...(phone ? { phone } : {}), ...(email ? { email } : {}) },
        contactKeys,
        phoneOver,
        place,
        language,
        interpreter,
        coverageYear,
        need,
        contactBy,
        contactTimes: [...new Set(contactTimes)],
        agentWish: agentWishOf(body),
        consent: { ...consent, givenBy },
        textConsent: textConsent && { ...textConsent, givenBy },
        policy,
        at: deps.now(),
      }),
    );
    return 'alreadyOpen' in referral ? failAlreadyOpen(referral.alreadyOpen, contactKeys) : referral;
  }

  /**
   * Refuses a request if ops have paused its state or the service calendar has no more opening hours, since it would wait
   * forever. The refusal says where else to find help.
   */
  async function requireOpenIntake(
    { state, timeZone }: { state: string; timeZone: string },
    language: string,
  ): Promise<void> {
    const sentences = sentencesIn(language);
    const at = deps.now();
    if (!nextOpening(at, policy.serviceCalendar, timeZone))
      fail('intake-paused', {
        detail: sentences.intakePaused,
        members: { state, since: at.toISOString(), notice: {} },
      });
    const pause = await readIntakePause(db, state);
    if (!pause) return;
    const notice =
      (language === 'es' ? pause.notice.es : undefined) ?? pause.notice.en ?? sentences.intakePaused;
    fail('intake-paused', {
      detail: notice,
      // a page in another language than the request's picks its own translation
      members: { state, since: pause.pausedAt.toISOString(), notice: pause.notice },
    });
  }

  /** Counts requests and, more strictly, codes: each code is a message to somebody who may not have asked for it. */
  async function countRequest(request: Request, keys: readonly ContactKey[]): Promise<void> {
    await limiter.countAll([
      { name: 'intakeByNetwork', key: networksOf(request), shownIn: request.res },
      ...contactUses(keys, { request: true, message: policy.confirmConsumerContact }),
    ]);
  }
}

/** Returns the agent whom a consumer wants to be asked first; undefined if they named none. */
function agentWishOf({ agent, returnToAgent }: HelpRequest): AgentWish | undefined {
  if (returnToAgent) return { by: 'helped-before', agent: null };
  if (agent?.name !== undefined) return { by: 'name', agent: agent.name.trim() };
  const npn = agent?.npn === undefined ? undefined : normalizeNpn(agent.npn);
  return npn === undefined ? undefined : { by: 'npn', agent: npn };
}
