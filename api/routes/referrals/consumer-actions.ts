import type { Request } from 'express';
import { z } from 'zod';
import { isRepeatedCommand } from '../../../domain/repeated-commands.ts';
import {
  type ConsumerOffer,
  countContactReports,
  hasAskedAnother,
  isConsentRescinded,
  readLastAcceptedOffer,
  reportProblem,
  rescindConsent,
} from '../../../store/referrals/consumer-actions.ts';
import { correctContact } from '../../../store/referrals/contact-changes.ts';
import { type ContactKey, deriveContactKeys } from '../../../store/referrals/contact-keys.ts';
import { readConsumerReferral } from '../../../store/referrals/referral-views.ts';
import { askAnother, confirmContact, referralWorkflowId } from '../../../workflows/messages.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import type { RateLimiter } from '../../http/rate-limits.ts';
import { networksOf } from '../../http/request-origin.ts';
import { type ConsumerFault, type Route, route } from '../../http/route.ts';
import { emptyBody, id } from '../../schemas/fields.ts';
import {
  contactConfirmation,
  contactCorrection,
  pendingContact,
  problemReport,
} from '../../schemas/referrals/consumer-actions.ts';
import { referralStatus } from '../../schemas/referrals/offers.ts';
import { executeUpdate } from '../../temporal/execute-update.ts';
import { chooseCodeChannel, parsePhone } from '../agents/phone-check.ts';
import { createFailAlreadyOpen } from './already-open.ts';
import { textConsentFaults } from './intake-check.ts';
import { createWithdrawal } from './withdrawal.ts';

const params = z.strictObject({ id });
const statusResponses = {
  200: { description: 'Recorded, now or before; where the request stands', schema: referralStatus },
};

/** What a consumer can do about a request that is under way, with its own link. */
export function consumerActionRoutes(deps: Deps, limiter: RateLimiter): Route[] {
  const { db, settings, log } = deps;
  const withdrawReferral = createWithdrawal(deps);
  const failOpenAlready = createFailAlreadyOpen(deps, limiter);
  return [
    route({
      key: 'PUT /v1/referrals/:id/contact',
      summary: 'Correct the phone number or the email address',
      description:
        'Where contact is confirmed, a new one is used once its own code has been entered ' +
        '(`POST …/verification`): 202, and until then all stays as it was; a later one takes its place. ' +
        'A request that waits because its contact was wrong goes on as soon as there is another.',
      params,
      body: contactCorrection,
      responses: {
        200: statusResponses[200],
        202: { description: 'A code is on its way to what is new', schema: pendingContact },
      },
      problems: ['referral-ended', 'already-open', 'too-many-requests'],
      check: async ({ textConsent }, { request }) => [
        ...contactFaults(request.body),
        ...(await textConsentFaults(db, { textConsent }, request.body)),
      ],
      handle: async ({ caller: { referralId }, body: { phone, email, textConsent }, request }) => {
        // of who took the consent back nothing is kept any more, not even a count
        if (await isConsentRescinded(db, referralId)) return failOver(referralId);
        const number = phone === undefined ? undefined : parsePhone(phone);
        const contact = { ...(number ? { phone: number } : {}), ...(email ? { email } : {}) };
        const contactKeys = deriveContactKeys(settings.linkSecret, contact);
        await countContact(request, { referralId, keys: contactKeys });
        const { policy } = settings;
        const phoneOver = await phoneOverOf(referralId, number);
        const correction = {
          referralId,
          contact,
          textConsent,
          contactKeys,
          phoneOver,
          at: deps.now(),
          policy,
        };
        const corrected = await db.transaction().execute((tx) => correctContact(tx, correction));
        if (corrected.was === 'over') return failOver(referralId);
        if (corrected.was === 'open-already') return failOpenAlready(corrected.alreadyOpen, contactKeys);
        const body = await standing(referralId);
        if (corrected.was === 'made') return { status: 200, body };
        const codeExpiresAt = corrected.codeExpiresAt.toISOString();
        return { status: 202, body: { ...body, codeExpiresAt } };
      },
    }),
    route({
      key: 'POST /v1/referrals/:id/confirmation',
      summary: 'Say whether the agent has called',
      description: 'That nobody called reminds the agent; the time to call runs on.',
      params,
      body: contactConfirmation,
      responses: statusResponses,
      problems: ['not-allowed-now', 'offer-ended', 'offer-busy', 'referral-ended', 'not-answered-yet'],
      handle: async ({ caller: { referralId }, body: { called } }) => {
        const offer = await runningOffer(referralId);
        const isRepeat =
          offer.called === called && (called || isRepeatedCommand(offer.calledReportedAt, deps.now()));
        if (isRepeat) return { status: 200, body: await standing(referralId) };
        const words = await countContactReports(db, { referralId, offerId: offer.id });
        const body = await executeUpdate(deps, {
          workflowId: referralWorkflowId({ referralId }),
          update: confirmContact,
          // the same word once more, another day or after the opposite, is another one
          updateId: `called-${offer.id}-${called}-${words}`,
          args: [{ offerId: offer.id, called }],
          answerFromRow: () => failOver(referralId),
        });
        return { status: 200, body };
      },
    }),
    route({
      key: 'POST /v1/referrals/:id/another-agent',
      summary: 'Ask for another agent, once',
      params,
      body: emptyBody,
      responses: statusResponses,
      problems: ['not-allowed-now', 'offer-ended', 'offer-busy', 'referral-ended', 'not-answered-yet'],
      handle: async ({ caller: { referralId } }) => {
        const asked = await hasAskedAnother(db, referralId);
        // asked again because the answer was lost: nobody else has accepted since
        if (asked && (await readLastAcceptedOffer(db, referralId))?.endedAs === 'another-asked')
          return { status: 200, body: await standing(referralId) };
        const offer = await runningOffer(referralId);
        if (asked)
          fail('not-allowed-now', { detail: 'Another agent was asked for already; that is possible once.' });
        const body = await executeUpdate(deps, {
          workflowId: referralWorkflowId({ referralId }),
          update: askAnother,
          updateId: `another-${offer.id}`,
          args: [{ offerId: offer.id }],
          answerFromRow: () => failOver(referralId),
        });
        return { status: 200, body };
      },
    }),
    route({
      key: 'POST /v1/referrals/:id/problems',
      summary: 'Report a problem with the agent',
      description: 'Ops look at every report, and can hold the agent.',
      params,
      body: problemReport,
      responses: statusResponses,
      problems: ['not-allowed-now'],
      handle: async ({ caller: { referralId }, body: { problem } }) => {
        const offer = (await readLastAcceptedOffer(db, referralId)) ?? failWithoutAgent();
        const report = { referralId, offer, problem, at: deps.now() };
        await db.transaction().execute((tx) => reportProblem(tx, report));
        log.warn({ referralId, npn: offer.npn, problem }, 'A consumer reports a problem with an agent.');
        return { status: 200, body: await standing(referralId) };
      },
    }),
    route({
      key: 'POST /v1/referrals/:id/consent/rescission',
      summary: 'Take the consent back: everything stops, and who you are is forgotten',
      params,
      body: emptyBody,
      responses: statusResponses,
      problems: ['offer-busy', 'not-answered-yet'],
      handle: async ({ caller: { referralId } }) => {
        await db.transaction().execute((tx) => rescindConsent(tx, { referralId, at: deps.now() }));
        const { closedAt } = await view(referralId);
        const body = closedAt ? await standing(referralId) : await withdrawn(referralId);
        return { status: 200, body };
      },
    }),
  ];

  async function view(referralId: string) {
    return (await readConsumerReferral(db, referralId)) ?? fail('not-found');
  }

  /** The limits of intake: what is given here is written to as what is given there. */
  async function countContact(
    request: Request,
    { referralId, keys }: { referralId: string; keys: readonly ContactKey[] },
  ): Promise<void> {
    await limiter.countNetwork('intakeByAddress', networksOf(request));
    await limiter.count('codesByReferral', referralId);
    for (const { key } of keys) {
      await limiter.count('intakeByContact', key);
      await limiter.count('messagesByContact', key);
    }
  }

  /** How a code reaches the phone that is given; a line that takes no texts is none for who wants to be texted. */
  async function phoneOverOf(referralId: string, phone: string | undefined) {
    if (phone === undefined) return undefined;
    const { contactBy } = await view(referralId);
    return chooseCodeChannel(deps, { phone, contactBy });
  }

  async function standing(referralId: string) {
    const { stage, since } = await view(referralId);
    return { stage, since: since.toISOString() };
  }

  /** It may have ended by itself a moment ago, which is as well. */
  async function withdrawn(referralId: string) {
    try {
      return await withdrawReferral(referralId);
    } catch (error) {
      if ((await view(referralId)).closedAt) return standing(referralId);
      throw error;
    }
  }

  async function failOver(referralId: string): Promise<never> {
    const { stage, closedAt } = await view(referralId);
    return closedAt
      ? fail('referral-ended', { members: { stage, at: closedAt.toISOString() } })
      : fail('not-answered-yet', { retryAfter: 1 });
  }

  /** The offer whose agent has the referral now. */
  async function runningOffer(referralId: string): Promise<ConsumerOffer> {
    const offer = await readLastAcceptedOffer(db, referralId);
    if (offer && !offer.endedAt) return offer;
    const { closedAt } = await view(referralId);
    return closedAt ? failOver(referralId) : failWithoutAgent();
  }
}

function failWithoutAgent(): never {
  return fail('not-allowed-now', { detail: 'No agent has this request at the moment.' });
}

function contactFaults(given: unknown): ConsumerFault[] {
  const { phone, email } = (given ?? {}) as Record<string, unknown>;
  if (phone !== undefined || email !== undefined) return [];
  return [
    { pointer: '/phone', code: 'phone-or-email-needed', detail: 'A phone number or an email address.' },
  ];
}
