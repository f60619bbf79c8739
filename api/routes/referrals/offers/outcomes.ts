import { z } from 'zod';
import type { Policy } from '../../../../domain/policy.ts';
import { offerPhaseOf } from '../../../../domain/referrals/offer.ts';
import { outcomeRules, reasonWithAttempts } from '../../../../domain/referrals/referral.ts';
import type { ReferralStage } from '../../../../domain/stages.ts';
import { marketplaceDateAt } from '../../../../domain/time/marketplace-calendar.ts';
import { type AcceptedOffer, readAcceptedOffer } from '../../../../store/referrals/offers/agent-views.ts';
import { checkForRepeat, type RepeatCheck } from '../../../../store/referrals/outcomes/outcome-reports.ts';
import { sha256 } from '../../../../store/tokens.ts';
import { referralWorkflowId, reportOutcome } from '../../../../workflows/messages.ts';
import type { Deps } from '../../../deps.ts';
import { fail } from '../../../http/problems.ts';
import type { FieldFault } from '../../../http/requests/checked.ts';
import { type Route, route } from '../../../http/route.ts';
import { id } from '../../../schemas/fields.ts';
import {
  type OutcomeReport,
  outcomeReport,
  type ReferralStatus,
  referralStatus,
} from '../../../schemas/referrals/offers.ts';
import { executeUpdate } from '../../../temporal/execute-update.ts';
import { createLostUpdates, isAboutPhase } from '../lost-updates.ts';
import { refuseImpossibleTry } from './attempts.ts';
import { failOfferEnded, readAfterRefusal } from './offer-commands.ts';

/** Route to report the outcome of an accepted referral. */
export function outcomeRoutes(deps: Deps): Route[] {
  const { db } = deps;
  const { policy } = deps.settings;
  const lostUpdates = createLostUpdates(deps);
  return [
    route({
      key: 'POST /v1/referrals/:id/outcomes',
      summary: 'Report the outcome of an accepted referral',
      description:
        'A repeat with the same `Idempotency-Key` and the same body returns the first result. Without the header, an ' +
        'equal report within ten minutes counts as a repeat, and a later one as a new report. `attempted` says that ' +
        'the agent tried and did not reach the consumer, who is told; it gives more time, until `nextTryAt` or, without ' +
        'it, until the time that the policy sets on the next day on which the consumer can be reached.',
      headers: { 'Idempotency-Key': { description: 'A new value for each report', required: false } },
      params: z.strictObject({ id }),
      body: outcomeReport,
      responses: { 200: { description: 'Recorded; the stage of the referral', schema: referralStatus } },
      problems: [
        'offer-ended',
        'offer-busy',
        'not-allowed-now',
        'not-answered-yet',
        'idempotency-key-reused',
      ],
      check: async (report: Partial<OutcomeReport>, { params: { id: referralId }, caller: { npn } }) => {
        const tried =
          report.reason === reasonWithAttempts
            ? (await readAcceptedOffer(db, { npn, referralId }))?.attempts
            : undefined;
        return { faults: reportFaults(report, { policy, now: deps.now(), tried }) };
      },
      handle: async ({ params: { id: referralId }, body, caller: { npn }, request }) => {
        const readOffer = async () => (await readAcceptedOffer(db, { npn, referralId })) ?? fail('not-found');
        const reportId = reportIdOf(request.get('Idempotency-Key'), { npn, referralId });
        const context = { referralId, npn, report: body, reportId };
        const offer = await readOffer();
        const repeat = await findRepeat(offer, context);
        const known = answerFromRows(offer, context, repeat);
        if (!known && repeat.was === 'new' && body.outcome === 'attempted')
          refuseImpossibleTry(offer, body, { policy, now: deps.now() });
        const command = reportId ?? (repeat.was === 'new' ? repeat.like : 0);
        const status =
          known ??
          (await executeUpdate(deps, {
            workflowId: referralWorkflowId({ referralId }),
            update: reportOutcome,
            // a repeat of the command, or an equal report before the first one is recorded, is the same update
            updateId: `outcome-${offer.id}-${sha256(JSON.stringify(body)).slice(0, 16)}-${command}`,
            args: [{ offerId: offer.id, ...body, ...(reportId ? { reportId } : {}) }],
            answerFromRow: async (refusal) => {
              const current = await readAfterRefusal(refusal, readOffer);
              const answer = answerFromRows(current, context, await findRepeat(current, context));
              return answer ?? (isAboutPhase(refusal) ? lostUpdates.failBehind(referralId) : undefined);
            },
          }));
        return { status: 200, body: status };
      },
    }),
  ];

  function findRepeat(
    offer: AcceptedOffer,
    { referralId, npn, report, reportId }: ReportContext,
  ): Promise<RepeatCheck> {
    const isLast = offer.endedAt !== null || outcomeRules[report.outcome].ends !== undefined;
    return checkForRepeat(db, {
      referralId,
      offerId: offer.id,
      npn,
      ...report,
      reportId,
      isLast,
      at: deps.now(),
    });
  }

  /**
   * Answers from the rows, without the workflow: a repeat gets the first result, even after the workflow has closed, and a
   * report that is too late or not allowed in this phase is refused here. The workflow's refusal would be final for an
   * equal report, even in a later phase that allows it.
   * @returns undefined if the workflow must decide
   */
  function answerFromRows(
    offer: AcceptedOffer,
    { report }: ReportContext,
    repeat: RepeatCheck,
  ): ReferralStatus | undefined {
    if (repeat.was === 'other') fail('idempotency-key-reused');
    const { contactedAt, endedAt } = offer;
    const rule = outcomeRules[report.outcome];
    const earlier = repeat.was === 'first' ? repeat : undefined;
    if (earlier?.next && (rule.ends || rule.takesNextTry)) return toReferralStatus(earlier.next);
    // the first contact may also have been recorded by the consumer's own report
    if (contactedAt && ((earlier && !rule.ends) || (report.outcome === 'contacted' && !endedAt)))
      return toReferralStatus({ stage: 'contacted', since: contactedAt });
    if (endedAt && !earlier) failOfferEnded(offer);
    const phase = offerPhaseOf(offer);
    if (!earlier && !rule.in.includes(phase))
      fail('not-allowed-now', { members: { phase, allowedIn: rule.in } });
    return undefined;
  }
}

interface ReportContext {
  referralId: string;
  npn: string;
  report: OutcomeReport;
  reportId: string | undefined;
}

/** Derives the id of a report from its Idempotency-Key, unique by agent and referral. The key itself is not stored. */
function reportIdOf(key: string | undefined, { npn, referralId }: { npn: string; referralId: string }) {
  return key ? sha256(`${npn} ${referralId} ${key}`).slice(0, 32) : undefined;
}

function toReferralStatus({ stage, since }: { stage: ReferralStage; since: Date }): ReferralStatus {
  return { stage, since: since.toISOString() };
}

/**
 * Checks the limits of the policy: the maximum deferral and the minimum number of attempts, those that were reported as
 * they were made or those that the agent counts now.
 */
function reportFaults(
  report: Partial<OutcomeReport>,
  {
    policy: { maxDeferralMs, minContactAttempts },
    now,
    tried = 0,
  }: { policy: Policy; now: Date; tried: number | undefined },
): FieldFault[] {
  if (report.until) {
    const last = marketplaceDateAt(new Date(now.getTime() + maxDeferralMs));
    if (report.until > marketplaceDateAt(now) && report.until <= last) return [];
    const detail = `The date must be after today and not after ${last}.`;
    return [{ pointer: '/until', code: 'out-of-range', detail }];
  }
  if (report.reason !== reasonWithAttempts) return [];
  if (Math.max(report.attempts ?? 0, tried) >= minContactAttempts) return [];
  const detail = `Please try at least ${minContactAttempts} times first.`;
  return [{ pointer: '/attempts', code: 'too-few-attempts', detail }];
}
