import { createHmac } from 'node:crypto';
import type { Request } from 'express';
import { z } from 'zod';
import { fullName } from '../../../domain/agents/agent-name.ts';
import type { ConsentKind } from '../../../domain/referrals/consumer-contact.ts';
import { sentencesIn } from '../../../domain/text/catalog.ts';
import { nextOpening } from '../../../domain/time/service-calendar.ts';
import type { GivenConsent } from '../../../store/referrals/consents.ts';
import { readChangeCodeChannels } from '../../../store/referrals/contact-change-codes.ts';
import { readCodeChannels } from '../../../store/referrals/contact-codes.ts';
import { type ContactKey, deriveContactKeys } from '../../../store/referrals/contact-keys.ts';
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

export function referralRoutes(deps: Deps, limiter: RateLimiter): Route[] {
  const streams = createOpenStreams(streamLimits);
  const { db, settings, events, log } = deps;
  const checkIntake = createIntakeCheck(deps);
  const withdrawReferral = createWithdrawal(deps);
  const failOpenAlready = createFailAlreadyOpen(deps, limiter);
  return [
    route({
      key: 'POST /v1/referrals',
      summary: 'Ask for help',
      description:
        'The same `Idempotency-Key` with the same body gets the first answer, so that a repeat after a broken ' +
        'connection makes no second request.',
      headers: {
        'Idempotency-Key': {
          description:
            'Chosen anew for each request for help, at best a UUID. It is its sender’s own: the same one of somebody ' +
            'else, with another phone number or address, is another key.',
          required: true,
        },
      },
      body: helpRequest,
      responses: { 201: { description: 'Taken, now or before with the same key', schema: referralCreated } },
      problems: [
        'idempotency-key-missing',
        'idempotency-key-reused',
        'state-marketplace',
        'intake-paused',
        'already-open',
        'too-many-requests',
      ],
      check: async (fields, { request }) => {
        const known = await knownOf(request, fields);
        return known ? [] : checkIntake(fields, request);
      },
      handle: async ({ body, request }) => {
        const requestSha256 = requestDigest(body, settings.linkSecret);
        const known = await knownOf(request, body);
        const kept = known ?? (await take(body, request, requestSha256));
        if (kept.requestSha256 !== requestSha256) fail('idempotency-key-reused');
        return { status: 201, body: referralCreatedView(kept, settings) };
      },
    }),
    route({
      key: 'GET /v1/referrals/:id',
      summary: 'Where a request for help stands',
      params,
      responses: {
        200: { description: 'Its stage, and the agent once there is one', schema: referralResponse },
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
      summary: 'The stages of a request for help as they are entered',
      description:
        'Each event is `stage`; its `id` counts up. The current stage comes first; with `Last-Event-ID` what came ' +
        'after that event. One request has eight streams at the most: the oldest ends for a newer one.',
      params,
      headers: {
        'Last-Event-ID': { description: 'The id of the last event that was seen', required: false },
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
      summary: 'Withdraw a request for help, at any moment until it is over',
      params,
      body: emptyBody,
      responses: { 200: { description: 'Withdrawn, now or before', schema: referralStatus } },
      problems: ['referral-ended', 'offer-busy', 'not-answered-yet'],
      handle: async ({ caller: { referralId } }) => {
        const standing = await withdrawReferral(referralId);
        return { status: 200, body: standing };
      },
    }),
  ];

  /** The referral that the same person's key was used for before. */
  async function knownOf(request: Request, { phone, email }: Partial<HelpRequest>) {
    const contactKeys = deriveContactKeys(settings.linkSecret, contactOf({ phone, email }));
    return findReferralByIdempotencyKey(db, idempotencyKeyHashes(request, contactKeys, settings.linkSecret));
  }

  async function take(body: HelpRequest, request: Request, requestSha256: string): Promise<StoredReferral> {
    await limiter.countNetwork('intakeByAddress', networksOf(request));
    const { language, interpreter = false, coverageYear, need, consent, textConsent } = body;
    const { contactBy = body.phone === undefined ? 'email' : 'call', contactTimes = [] } = body;
    const consents = {
      consent: await asRead('intake', consent, body),
      textConsent: textConsent && (await asRead('texts', textConsent, body)),
    };
    const { place } = (await resolvePlace(db, body)) ?? fail('invalid-fields');
    if (!place) fail('invalid-fields');
    const { timeZone } = place;
    if (timeZone === null) fail('invalid-fields');
    const state = body.state ?? place.state;
    await mustBeTaken({ state, timeZone }, language);
    const contact = { name: body.name.trim(), ...contactOf(body) };
    const contactKeys = deriveContactKeys(settings.linkSecret, contact);
    await countContacts(contactKeys);
    const phoneOver = await chooseCodeChannel(deps, { phone: contact.phone, contactBy });
    const kept = await db.transaction().execute((tx) =>
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
    return 'alreadyOpen' in kept ? failOpenAlready(kept.alreadyOpen, contactKeys) : kept;
  }

  /** The ways in which codes were sent that wait to be entered. */
  async function codesBy(referralId: string, { stage, closedAt }: ConsumerReferral) {
    if (stage === 'unconfirmed') return { codesBy: await readCodeChannels(db, referralId) };
    const ways = closedAt ? [] : await readChangeCodeChannels(db, referralId);
    return ways.length > 0 ? { codesBy: ways } : {};
  }

  /** The words that a consumer has read, as they are kept. */
  async function asRead(
    kind: ConsentKind,
    given: HelpRequest['consent'],
    { language, representative }: HelpRequest,
  ): Promise<GivenConsent> {
    const read = await consentInForce(db, kind, given.language ?? language);
    if (!read) return fail('unavailable', { retryAfter: 60 });
    const givenBy = representative ? 'representative' : 'adult';
    return { language: read.language, version: read.version, givenBy };
  }

  /**
   * Ops can stop taking requests of a state, and the calendar can have no opening any more: people there are told so, and
   * where else help is. A request that would wait for nothing is not taken.
   */
  async function mustBeTaken(
    { state, timeZone }: { state: string; timeZone: string },
    language: string,
  ): Promise<void> {
    const words = sentencesIn(language);
    const at = deps.now();
    if (!nextOpening(at, settings.policy.serviceCalendar, timeZone))
      fail('intake-paused', {
        detail: words.intakePaused,
        members: { state, since: at.toISOString(), notice: {} },
      });
    const pause = await readIntakePause(db, state);
    if (!pause) return;
    const notice = (language === 'es' ? pause.notice.es : undefined) ?? pause.notice.en ?? words.intakePaused;
    fail('intake-paused', {
      detail: notice,
      // a page in another language than the request's shows its own
      members: { state, since: pause.pausedAt.toISOString(), notice: pause.notice },
    });
  }

  /** Of codes there are fewer than of requests: each is a message to somebody who may not have asked. */
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

/** Whether nobody guesses a key: it is a UUID, or as much in another writing. */
function isUnguessable(key: string): boolean {
  const bare = key.replaceAll('-', '');
  const isRandom = /^[0-9a-f]{32,}$/i.test(bare) || /^\w{22,}$/.test(bare);
  return isRandom && new Set(bare).size >= 8;
}

/**
 * What the request's Idempotency-Key is known by: hashes that nobody else's key has, whatever they chose. Consumers have
 * no session, and whole cities can share a network: so a person is their phone number and their address. A key that
 * could be guessed counts for its own network alone, since the first answer carries the key to the referral.
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

/** What tells two requests apart without keeping them: nobody can try names and numbers against it. */
function requestDigest(body: HelpRequest, secret: string): string {
  return createHmac('sha256', secret).update(JSON.stringify(body)).digest('hex');
}

function contactOf({ phone, email }: Pick<HelpRequest, 'phone' | 'email'>) {
  const number = phone === undefined ? undefined : parsePhone(phone);
  return { ...(number ? { phone: number } : {}), ...(email ? { email } : {}) };
}
