import { z } from 'zod';
import type { FailureType } from '../../../domain/failures.ts';
import { isRepeatedCommand } from '../../../domain/repeated-commands.ts';
import { destroyedKeyFields, keyDestroyedMessage } from '../../../store/encryption/destroyed-keys.ts';
import {
  type ConsumerOffer,
  countContactReports,
  hasAskedAnother,
  readLastAcceptedOffer,
  reportProblem,
  rescindConsent,
} from '../../../store/referrals/consumer-actions.ts';
import { askAnother, confirmContact, referralWorkflowId } from '../../../workflows/messages.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { type Route, route } from '../../http/route.ts';
import { emptyBody, id } from '../../schemas/fields.ts';
import { contactConfirmation, problemReport } from '../../schemas/referrals/consumer-actions.ts';
import { referralStatus } from '../../schemas/referrals/offers.ts';
import { executeUpdate } from '../../temporal/execute-update.ts';
import { createConsumerStatus } from './consumer-status.ts';
import { createLostUpdates, isAboutPhase } from './lost-updates.ts';
import { createWithdrawal } from './withdrawal.ts';

const params = z.strictObject({ id });
const statusResponses = {
  200: { description: 'Recorded now or earlier; the stage of the request', schema: referralStatus },
};

/** Routes for the consumer of an open request, authenticated by its token. */
export function consumerActionRoutes(deps: Deps): Route[] {
  const { db, log } = deps;
  const { view, readStatus, failOver } = createConsumerStatus(deps);
  const withdrawReferral = createWithdrawal(deps);
  const lostUpdates = createLostUpdates(deps);
  return [
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
          answerFromRow: (refusal) => explain(referralId, refusal),
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
          answerFromRow: (refusal) => explain(referralId, refusal),
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
      summary: 'Rescind the consent: the request ends and the consumer’s data are erased',
      description: 'Who gave the consent stays on record for ten years, as the law has it, and nothing else.',
      params,
      body: emptyBody,
      responses: statusResponses,
      problems: ['offer-busy', 'not-answered-yet'],
      handle: async ({ caller: { referralId } }) => {
        const at = deps.now();
        await db.transaction().execute((tx) => rescindConsent(tx, deps.keyring, { referralId, at }));
        log.info(destroyedKeyFields({ referralId, because: 'rescinded', at }), keyDestroyedMessage);
        const { closedAt } = await view(referralId);
        const body = closedAt ? await readStatus(referralId) : await withdrawIfOpen(referralId);
        return { status: 200, body };
      },
    }),
  ];

  /** Withdraws the referral. @returns its status, also if it has just ended for another reason */
  async function withdrawIfOpen(referralId: string) {
    try {
      return await withdrawReferral(referralId);
    } catch (error) {
      if ((await view(referralId)).closedAt) return readStatus(referralId);
      throw error;
    }
  }

  /** Explains a refusal: the request is over, or the row of the running offer allows what its workflow refuses. */
  async function explain(referralId: string, refusal: FailureType | undefined): Promise<undefined> {
    if (!refusal) return failOver(referralId);
    return isAboutPhase(refusal) ? lostUpdates.failBehind(referralId) : undefined;
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
