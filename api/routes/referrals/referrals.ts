import { createHmac } from 'node:crypto';
import type { Request } from 'express';
import { z } from 'zod';
import { fullName } from '../../../domain/agents/agent-name.ts';
import type { ConsentKind } from '../../../domain/referrals/consumer-contact.ts';
import { sentencesIn } from '../../../domain/text/catalog.ts';
import { nextOpening } from '../../../domain/time/service-calendar.ts';
import type { GivenConsent } from '../../../store/referrals/consents.ts';
import { readChangeCodeChannels } from '../../../store/referrals/contacts/contact-change-codes.ts';
import { readCodeChannels } from '../../../store/referrals/contacts/contact-codes.ts';
import { type ContactKey, deriveContactKeys } from '../../../store/referrals/contacts/contact-keys.ts';
import {
  createReferral,
  findReferralByIdempotencyKey,
  type StoredReferral,
} from '../../../store/referrals/intake.ts';
import { readIntakePause } from '../../../store/referrals/intake-pauses.ts';
import {
  type AgentOfReferral,
  type ConsumerReferral,
  readConsumerReferral,
  stagesAfter,
} from '../../../store/referrals/referral-views.ts';
import { linkToken, sha256 } from '../../../store/tokens.ts';
import { resolvePlace } from '../../../store/zip-codes.ts';
import type { Deps } from '../../deps.ts';
import { streamEvents } from '../../http/event-stream.ts';
import { createOpenStreams, streamLimits } from '../../http/open-streams.ts';
import { fail } from '../../http/problems.ts';
import type { RateLimiter } from '../../http/rate-limits.ts';
import { networkOf, networksOf } from '../../http/request-origin.ts';
import { type Route, route } from '../../http/route.ts';
import { emptyBody, id } from '../../schemas/fields.ts';
import { referralStatus } from '../../schemas/referrals/offers.ts';
import {
  type HelpRequest,
  helpRequest,
  referralCreated,
  referralResponse,
  stageEvent,
} from '../../schemas/referrals/referrals.ts';
import { chooseCodeChannel, parsePhone } from '../agents/phone-check.ts';
import { referralCreatedView } from '../onboarding/referral-created-view.ts';
import { createFailAlreadyOpen } from './already-open.ts';
import { consentInForce } from './consents.ts';
import { createIntakeCheck } from './intake-check.ts';
import { createWithdrawal } from './withdrawal.ts';

const params = z.strictObject({ id });

/** Routes to create a request for help, to follow its status and to withdraw it. */
export function referralRoutes(deps: Deps, limiter: RateLimiter): Route[] {
  const streams = createOpenStreams(streamLimits);
  const { db, settings, events, log } = deps;
  const checkIntake = createIntakeCheck(deps);
  const withdrawReferral = createWithdrawal(deps);
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
      check: async (fields, { request }) => {
        const earlier = await findEarlier(request, fields);
        return earlier ? [] : checkIntake(fields, request);
      },
      handle: async ({ body, request }) => {
        const requestSha256 = requestDigest(body, settings.linkSecret);
        const earlier = await findEarlier(request, body);
        const referral = earlier ?? (await create(body, request, requestSha256));
        if (referral.requestSha256 !== requestSha256) fail('idempotency-key-reused');
        return { status: 201, body: referralCreatedView(referral, settings) };
      },
    }),
    route({
      key: 'GET /v1/referrals/:id',
      summary: 'Get the status of a request for help',
      params,
      responses: {
        200: { description: 'The stage, and the agent once there is one', schema: referralResponse },
      },
      handle: async ({ caller: { referralId } }) => {
        const found = await view(referralId);
        const { stage, since, causes, waitingUntil, language, contactBy, agent } = found;
        return {
          status: 200,
          body: {
            stage,
            since: since.toISOString(),
            causes,
            waitingUntil: waitingUntil?.toISOString() ?? null,
            language,
            contactBy,
            ...(await codesBy(referralId, found)),
            ...(agent ? { agent: agentView(agent) } : {}),
            canAskAnother: Boolean(agent) && !found.closedAt && !found.anotherAskedAt,
          },
        };
      },
    }),
    route({
      key: 'GET /v1/referrals/:id/events',
      summary: 'Stream the stages of a request for help',
      description:
        'Each event is named `stage` and has an increasing `id`. The stream starts with the current stage, or with ' +
        '`Last-Event-ID` with all events after that one. A request can have eight streams; one more ends the oldest.',
      params,
      headers: {
        'Last-Event-ID': { description: 'The id of the last event that was received', required: false },
      },
      responses: {
        200: { description: 'A stream of events', contentType: 'text/event-stream', schema: stageEvent },
      },
      handle: async ({ caller: { referralId }, request }) => ({
        status: 200,
        stream: (response) =>
          streamEvents({
            request,
            response,
            events,
            streams,
            log,
            subject: { kind: 'referral', id: referralId },
            read: (after) => readStages(referralId, after),
          }),
      }),
    }),
    route({
      key: 'POST /v1/referrals/:id/withdrawal',
      summary: 'Withdraw a request for help, at any time until it has ended',
      params,
      body: emptyBody,
      responses: { 200: { description: 'Withdrawn now or earlier', schema: referralStatus } },
      problems: ['referral-ended', 'offer-busy', 'not-answered-yet'],
      handle: async ({ caller: { referralId } }) => {
        const status = await withdrawReferral(referralId);
        return { status: 200, body: status };
      },
    }),
  ];

  /** Finds the referral that the same person created with the same key. */
  async function findEarlier(request: Request, { phone, email }: Partial<HelpRequest>) {
    const contactKeys = deriveContactKeys(settings.linkSecret, contactOf({ phone, email }));
    return findReferralByIdempotencyKey(db, idempotencyKeyHashes(request, contactKeys, settings.linkSecret));
  }

  async function create(body: HelpRequest, request: Request, requestSha256: string): Promise<StoredReferral> {
    await limiter.countNetwork('intakeByAddress', networksOf(request));
    const { language, interpreter = false, coverageYear, need, consent, textConsent } = body;
    const { contactBy = body.phone === undefined ? 'email' : 'call', contactTimes = [] } = body;
    const consents = {
      consent: await toGivenConsent('intake', consent, body),
      textConsent: textConsent && (await toGivenConsent('texts', textConsent, body)),
    };
    const { place } = (await resolvePlace(db, body)) ?? fail('invalid-fields');
    if (!place) fail('invalid-fields');
    const { timeZone } = place;
    if (timeZone === null) fail('invalid-fields');
    const state = body.state ?? place.state;
    await requireOpenIntake({ state, timeZone }, language);
    const contact = { name: body.name.trim(), ...contactOf(body) };
    const contactKeys = deriveContactKeys(settings.linkSecret, contact);
    await countContacts(contactKeys);
    const phoneOver = await chooseCodeChannel(deps, { phone: contact.phone, contactBy });
    const referral = await db.transaction().execute((tx) =>
      createReferral(tx, {
        idempotencyKeys: idempotencyKeyHashes(request, contactKeys, settings.linkSecret),
        requestSha256,
        tokenSha256: (referralId) => sha256(linkToken(settings.linkSecret, 'referral', referralId)),
        contact,
        contactKeys,
        phoneOver,
        place: { ...place, zip: body.zip, state, timeZone },
        language,
        interpreter,
        coverageYear,
        need,
        contactBy,
        contactTimes: [...new Set(contactTimes)],
        ...consents,
        policy: settings.policy,
        at: deps.now(),
      }),
    );
    return 'alreadyOpen' in referral ? failAlreadyOpen(referral.alreadyOpen, contactKeys) : referral;
  }

  /** Returns how the codes that are still open were sent. */
  async function codesBy(referralId: string, { stage, closedAt }: ConsumerReferral) {
    if (stage === 'unconfirmed') return { codesBy: await readCodeChannels(db, referralId) };
    const channels = closedAt ? [] : await readChangeCodeChannels(db, referralId);
    return channels.length > 0 ? { codesBy: channels } : {};
  }

  /** Converts a consent to its record: the version and language that the consumer saw, and who gave it. */
  async function toGivenConsent(
    kind: ConsentKind,
    agreement: HelpRequest['consent'],
    { language, representative }: HelpRequest,
  ): Promise<GivenConsent> {
    const inForce = await consentInForce(db, kind, agreement.language ?? language);
    if (!inForce) return fail('unavailable', { retryAfter: 60 });
    const givenBy = representative ? 'representative' : 'adult';
    return { language: inForce.language, version: inForce.version, givenBy };
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
    if (!nextOpening(at, settings.policy.serviceCalendar, timeZone))
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
  async function countContacts(keys: readonly ContactKey[]): Promise<void> {
    for (const { key } of keys) {
      await limiter.count('intakeByContact', key);
      if (settings.policy.confirmConsumerContact) await limiter.count('messagesByContact', key);
    }
  }

  async function view(referralId: string) {
    return (await readConsumerReferral(db, referralId)) ?? fail('not-found');
  }

  async function readStages(referralId: string, after: number | undefined) {
    const stages = await stagesAfter(db, referralId, after);
    return stages.map(({ sequence, stage, since }) => ({
      id: sequence,
      event: 'stage',
      data: { stage, since: since.toISOString() } satisfies z.input<typeof stageEvent>,
    }));
  }
}

function agentView({ npn, license, callsBy, called, ...name }: AgentOfReferral) {
  return { name: fullName(name), npn, license, callsBy: callsBy?.toISOString() ?? null, called };
}

/** Recognizes keys that cannot be guessed: a UUID, or as much randomness in another format. */
function isUnguessable(key: string): boolean {
  const bare = key.replaceAll('-', '');
  const isRandom = /^[0-9a-f]{32,}$/i.test(bare) || /^\w{22,}$/.test(bare);
  return isRandom && new Set(bare).size >= 8;
}

/**
 * Hashes the Idempotency-Key, so that equal keys of different people do not collide. Consumers have no session, and many
 * share a network, so they are identified by phone number and email address. A key that could be guessed is bound to its
 * network as well, because the response contains the token of the referral.
 * @returns one hash for each contact, or one for no contact
 */
function idempotencyKeyHashes(
  request: Request,
  contacts: readonly ContactKey[],
  secret: string,
): [string, ...string[]] {
  const key = request.get('Idempotency-Key');
  if (!key || key.length > 255) fail('idempotency-key-missing');
  const network = isUnguessable(key) ? '' : networkOf(request);
  const hashOf = (contact: string) =>
    createHmac('sha256', secret)
      .update(JSON.stringify(['idempotency-key', key, contact, network]))
      .digest('hex');
  const [first, ...others] = contacts.map((contact) => hashOf(contact.key));
  return [first ?? hashOf(''), ...others];
}

/** Hashes a request with a secret, to recognize a repeat without storing data that could be guessed from the hash. */
function requestDigest(body: HelpRequest, secret: string): string {
  return createHmac('sha256', secret).update(JSON.stringify(body)).digest('hex');
}

function contactOf({ phone, email }: Pick<HelpRequest, 'phone' | 'email'>) {
  const number = phone === undefined ? undefined : parsePhone(phone);
  return { ...(number ? { phone: number } : {}), ...(email ? { email } : {}) };
}
