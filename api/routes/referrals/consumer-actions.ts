import type { Request } from 'express';
import { z } from 'zod';
import { isRepeatedCommand } from '../../../domain/repeated-commands.ts';
import type { Database } from '../../../store/database/connection.ts';
import {
  type ConsumerOffer,
  countContactReports,
  hasAskedAnother,
  isConsentRescinded,
  readLastAcceptedOffer,
  reportProblem,
  rescindConsent,
} from '../../../store/referrals/consumer-actions.ts';
import { correctContact } from '../../../store/referrals/contacts/contact-changes.ts';
import { type ContactKey, deriveContactKeys } from '../../../store/referrals/contacts/contact-keys.ts';
import { readConsumerReferral } from '../../../store/referrals/referral-views.ts';
import { askAnother, confirmContact, referralWorkflowId } from '../../../workflows/messages.ts';
import type { Deps } from '../../deps.ts';
import { joinChecks } from '../../http/checked.ts';
import { fail } from '../../http/problems.ts';
import type { RateLimiter } from '../../http/rate-limits.ts';
import { networksOf } from '../../http/request-origin.ts';
import { type Route, route } from '../../http/route.ts';
import { emptyBody, id } from '../../schemas/fields.ts';
import {
  type ContactCorrectionBody,
  contactConfirmation,
  contactCorrection,
  pendingContact,
  problemReport,
} from '../../schemas/referrals/consumer-actions.ts';
import { referralStatus } from '../../schemas/referrals/offers.ts';
import { executeUpdate } from '../../temporal/execute-update.ts';
import { chooseCodeChannel } from '../agents/phone-check.ts';
import { createFailAlreadyOpen } from './already-open.ts';
import { checkTextConsent, missingContactFaults } from './intake-check.ts';
import { createWithdrawal } from './withdrawal.ts';

const params = z.strictObject({ id });
const statusResponses = {
  200: { description: 'Recorded now or earlier; the stage of the request', schema: referralStatus },
};

/** Routes for the consumer of an open request, authenticated by its token. */
export function consumerActionRoutes(deps: Deps, limiter: RateLimiter): Route[] {
  const { db, settings, log } = deps;
  const withdrawReferral = createWithdrawal(deps);
  const failAlreadyOpen = createFailAlreadyOpen(deps, limiter);
  return [
    route({
      key: 'PUT /v1/referrals/:id/contact',
      summary: 'Correct the phone number or the email address of a request',
      description:
        'If contacts must be confirmed, the response is 202 and a new contact is used only after its code was entered ' +
        '(`POST …/verification`); a later correction replaces a pending one. A request that waits because of a wrong ' +
        'contact continues as soon as it has a new one.',
      params,
      body: contactCorrection,
      responses: {
        200: statusResponses[200],
        202: { description: 'A code is being sent to the new contact', schema: pendingContact },
      },
      problems: ['referral-ended', 'already-open', 'too-many-requests'],
      check: createCorrectionCheck(db),
      handle: async ({ caller: { referralId }, body: { phone, email }, known: { textConsent }, request }) => {
        // after a rescission nothing is stored about the consumer, not even the counts below
        if (await isConsentRescinded(db, referralId)) return failOver(referralId);
        const contact = { ...(phone ? { phone } : {}), ...(email ? { email } : {}) };
        const contactKeys = deriveContactKeys(settings.linkSecret, contact);
        await countContact(request, { referralId, keys: contactKeys });
        const { policy } = settings;
        const phoneOver = await chooseChannel(referralId, phone);
        const correction = {
          referralId,
          contact,
          textConsent,
          contactKeys,
          phoneOver,
          at: deps.now(),
          policy,
        };
        const result = await db.transaction().execute((tx) => correctContact(tx, correction));
        if (result.was === 'over') return failOver(referralId);
        if (result.was === 'open-already') return failAlreadyOpen(result.alreadyOpen, contactKeys);
        const body = await readStatus(referralId);
        if (result.was === 'made') return { status: 200, body };
        const codeExpiresAt = result.codeExpiresAt.toISOString();
        return { status: 202, body: { ...body, codeExpiresAt } };
      },
    }),
    route({
      key: 'POST /v1/referrals/:id/confirmation',
      summary: 'Report whether the agent has called',
      description: 'A report that nobody called reminds the agent; the deadline for the call stays.',
      params,
      body: contactConfirmation,
      responses: statusResponses,
      problems: ['not-allowed-now', 'offer-ended', 'offer-busy', 'referral-ended', 'not-answered-yet'],
      handle: async ({ caller: { referralId }, body: { called } }) => {
        const offer = await requireRunningOffer(referralId);
        const isRepeat =
          offer.called === called && (called || isRepeatedCommand(offer.calledReportedAt, deps.now()));
        if (isRepeat) return { status: 200, body: await readStatus(referralId) };
        const reportCount = await countContactReports(db, { referralId, offerId: offer.id });
        const body = await executeUpdate(deps, {
          workflowId: referralWorkflowId({ referralId }),
          update: confirmContact,
          // the same report on another day, or after the opposite one, is a new command
          updateId: `called-${offer.id}-${called}-${reportCount}`,
          args: [{ offerId: offer.id, called }],
          answerFromRow: async (refusal) => (refusal ? undefined : failOver(referralId)),
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
        const hasAsked = await hasAskedAnother(db, referralId);
        // a repeat because the response was lost: no other agent has accepted since
        if (hasAsked && (await readLastAcceptedOffer(db, referralId))?.endedAs === 'another-asked')
          return { status: 200, body: await readStatus(referralId) };
        const offer = await requireRunningOffer(referralId);
        if (hasAsked) fail('not-allowed-now', { detail: 'You can ask for another agent only once.' });
        const body = await executeUpdate(deps, {
          workflowId: referralWorkflowId({ referralId }),
          update: askAnother,
          updateId: `another-${offer.id}`,
          args: [{ offerId: offer.id }],
          answerFromRow: async (refusal) => (refusal ? undefined : failOver(referralId)),
        });
        return { status: 200, body };
      },
    }),
    route({
      key: 'POST /v1/referrals/:id/problems',
      summary: 'Report a problem with the agent',
      description: 'Ops review every report and can hold the agent.',
      params,
      body: problemReport,
      responses: statusResponses,
      problems: ['not-allowed-now'],
      handle: async ({ caller: { referralId }, body: { problem } }) => {
        const offer = (await readLastAcceptedOffer(db, referralId)) ?? failWithoutAgent();
        const report = { referralId, offer, problem, at: deps.now() };
        await db.transaction().execute((tx) => reportProblem(tx, report));
        log.warn({ referralId, npn: offer.npn, problem }, 'Consumer reported a problem with an agent');
        return { status: 200, body: await readStatus(referralId) };
      },
    }),
    route({
      key: 'POST /v1/referrals/:id/consent/rescission',
      summary: 'Rescind the consent: the request ends and the consumer’s data are deleted',
      params,
      body: emptyBody,
      responses: statusResponses,
      problems: ['offer-busy', 'not-answered-yet'],
      handle: async ({ caller: { referralId } }) => {
        await db.transaction().execute((tx) => rescindConsent(tx, { referralId, at: deps.now() }));
        const { closedAt } = await view(referralId);
        const body = closedAt ? await readStatus(referralId) : await withdrawIfOpen(referralId);
        return { status: 200, body };
      },
    }),
  ];

  async function view(referralId: string) {
    return (await readConsumerReferral(db, referralId)) ?? fail('not-found');
  }

  /** Counts against the limits of intake, because messages are sent to a new contact here as they are there. */
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

  /**
   * Chooses how the code reaches a new phone.
   * @throws a problem if the consumer wants texts on a line that gets none
   */
  async function chooseChannel(referralId: string, phone: string | undefined) {
    if (phone === undefined) return undefined;
    const { contactBy } = await view(referralId);
    return chooseCodeChannel(deps, { phone, contactBy });
  }

  async function readStatus(referralId: string) {
    const { stage, since } = await view(referralId);
    return { stage, since: since.toISOString() };
  }

  /** Withdraws the referral. @returns its status, also if it has just ended for another reason */
  async function withdrawIfOpen(referralId: string) {
    try {
      return await withdrawReferral(referralId);
    } catch (error) {
      if ((await view(referralId)).closedAt) return readStatus(referralId);
      throw error;
    }
  }

  async function failOver(referralId: string): Promise<never> {
    const { stage, closedAt } = await view(referralId);
    return closedAt
      ? fail('referral-ended', { members: { stage, at: closedAt.toISOString() } })
      : fail('not-answered-yet', { retryAfter: 1 });
  }

  /** Returns the accepted offer of the current agent. @throws a problem if no agent has the referral */
  async function requireRunningOffer(referralId: string): Promise<ConsumerOffer> {
    const offer = await readLastAcceptedOffer(db, referralId);
    if (offer && !offer.endedAt) return offer;
    const { closedAt } = await view(referralId);
    return closedAt ? failOver(referralId) : failWithoutAgent();
  }
}

function failWithoutAgent(): never {
  return fail('not-allowed-now', { detail: 'No agent has this request at the moment.' });
}

function createCorrectionCheck(db: Database) {
  return async (fields: Partial<ContactCorrectionBody>, { request }: { request: Request }) =>
    joinChecks(
      { textConsent: await checkTextConsent(db, fields, request.body) },
      missingContactFaults(request.body),
    );
}
