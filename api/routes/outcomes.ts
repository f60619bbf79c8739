import { z } from 'zod';
import { dateAt } from '../../domain/calendar.ts';
import { phaseOf } from '../../domain/offer.ts';
import type { Policy } from '../../domain/policy.ts';
import { type Outcome, outcomeRules } from '../../domain/referral.ts';
import { type AcceptedOffer, acceptedOffer } from '../../store/agent-views.ts';
import { sha256 } from '../../store/links.ts';
import { readReferralView } from '../../store/referral-views.ts';
import { referralWorkflowId, reportOutcome } from '../../workflows/messages.ts';
import { askWorkflow } from '../ask-workflow.ts';
import type { Deps } from '../deps.ts';
import { failEnded } from '../offer-ends.ts';
import { fail } from '../problems.ts';
import { type Fault, type Route, route } from '../route.ts';
import { id } from '../schemas/fields.ts';
import {
  type OutcomeReport,
  outcomeReport,
  type ReferralStanding,
  referralStanding,
} from '../schemas/offers.ts';

export function outcomeRoutes(deps: Deps): Route[] {
  const { db } = deps;
  return [
    route({
      key: 'POST /v1/referrals/:id/outcomes',
      summary: 'Report what came of an accepted referral',
      params: z.strictObject({ id }),
      body: outcomeReport,
      responses: { 200: { description: 'Recorded; where the referral stands', schema: referralStanding } },
      problems: ['offer-ended', 'offer-busy', 'not-allowed-now', 'referral-ended', 'not-answered-yet'],
      check: async (report: Partial<OutcomeReport>) =>
        reportFaults(report, { policy: deps.settings.policy, now: deps.now() }),
      handle: async ({ params: { id: referralId }, body, caller: { npn } }) => {
        const offer = (await acceptedOffer(db, { npn, referralId })) ?? fail('not-found');
        const offerId = offer.id;
        const standing =
          answeredBefore(offer, body.outcome) ??
          (await askWorkflow(deps, {
            workflowId: referralWorkflowId({ referralId }),
            update: reportOutcome,
            // the same report is the same command; another one is another
            updateId: `outcome-${offerId}-${sha256(JSON.stringify(body)).slice(0, 16)}`,
            args: [{ offerId, ...body }],
            gone: () => recordedBefore(referralId, npn, body.outcome),
          }));
        return { status: 200, body: standing };
      },
    }),
  ];

  /** The row's answer when the referral is over (rule 4): to the agent whose report closed it, the first result. */
  async function recordedBefore(
    referralId: string,
    npn: string,
    outcome: Outcome,
  ): Promise<ReferralStanding | undefined> {
    const { stage, since, closedAt, ...referral } =
      (await readReferralView(db, referralId)) ?? fail('not-found');
    const offer = (await acceptedOffer(db, { npn, referralId })) ?? fail('not-found');
    if (offer.endedAs === 'closed' && referral.outcome === outcome)
      return { stage, since: since.toISOString() };
    if (offer.endedAt) failEnded(offer);
    if (closedAt) fail('referral-ended', { members: { at: closedAt.toISOString() } });
    return undefined;
  }
}

/**
 * What the row alone can answer: first contact that was reported before, and a report out of turn. A workflow's
 * refusal would last for the same report, also once its turn has come.
 */
function answeredBefore(offer: AcceptedOffer, outcome: Outcome): ReferralStanding | undefined {
  const rule = outcomeRules[outcome];
  if (offer.endedAt) return offer.endedAs === rule.ends ? undefined : failEnded(offer);
  if (outcome === 'contacted' && offer.contactedAt)
    return { stage: 'contacted', since: offer.contactedAt.toISOString() };
  const phase = phaseOf(offer);
  if (!rule.in.includes(phase)) fail('not-allowed-now', { members: { phase, allowedIn: rule.in } });
  return undefined;
}

/** What the shape of a report cannot say: how far ahead it may be put off, and how many attempts are enough. */
function reportFaults(
  report: Partial<OutcomeReport>,
  { policy: { maxDeferralMs, minContactAttempts }, now }: { policy: Policy; now: Date },
): Fault[] {
  if (report.outcome === 'deferred' && report.until) {
    const last = dateAt(new Date(now.getTime() + maxDeferralMs));
    if (report.until > dateAt(now) && report.until <= last) return [];
    const detail = `A day after today, ${last} at the latest.`;
    return [{ pointer: '/until', code: 'out-of-range', detail }];
  }
  if (report.outcome !== 'handed-back' || report.reason !== 'no-contact-after-attempts') return [];
  if ((report.attempts ?? 0) >= minContactAttempts) return [];
  const detail = `Please try at least ${minContactAttempts} times first.`;
  return [{ pointer: '/attempts', code: 'too-few-attempts', detail }];
}
