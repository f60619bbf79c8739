import { z } from 'zod';
import type { Policy } from '../../../domain/policy.ts';
import { offerPhaseOf } from '../../../domain/referrals/offer.ts';
import { outcomeRules } from '../../../domain/referrals/referral.ts';
import type { ReferralStage } from '../../../domain/stages.ts';
import { marketplaceDateAt } from '../../../domain/time/marketplace-calendar.ts';
import { type AcceptedOffer, readAcceptedOffer } from '../../../store/referrals/agent-views.ts';
import { checkForRepeat, type RepeatCheck } from '../../../store/referrals/outcome-reports.ts';
import { sha256 } from '../../../store/tokens.ts';
import { referralWorkflowId, reportOutcome } from '../../../workflows/messages.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { type FieldFault, type Route, route } from '../../http/route.ts';
import { id } from '../../schemas/fields.ts';
import {
  type OutcomeReport,
  outcomeReport,
  type ReferralStatus,
  referralStatus,
} from '../../schemas/referrals/offers.ts';
import { executeOfferUpdate, failOfferEnded } from './offer-commands.ts';

export function outcomeRoutes(deps: Deps): Route[] {
  const { db } = deps;
  return [
    route({
      key: 'POST /v1/referrals/:id/outcomes',
      summary: 'Report what came of an accepted referral',
      description:
        'The same `Idempotency-Key` with the same body is the same report, and gets its answer. Without one a report ' +
        'that says the same within ten minutes is the first one; later it is a new one.',
      headers: { 'Idempotency-Key': { description: 'Chosen anew for each report', required: false } },
      params: z.strictObject({ id }),
      body: outcomeReport,
      responses: { 200: { description: 'Recorded; where the referral stands', schema: referralStatus } },
      problems: [
        'offer-ended',
        'offer-busy',
        'not-allowed-now',
        'not-answered-yet',
        'idempotency-key-reused',
      ],
      check: async (report: Partial<OutcomeReport>) =>
        reportFaults(report, { policy: deps.settings.policy, now: deps.now() }),
      handle: async ({ params: { id: referralId }, body, caller: { npn }, request }) => {
        const read = async () => (await readAcceptedOffer(db, { npn, referralId })) ?? fail('not-found');
        const reportId = reportIdOf(request.get('Idempotency-Key'), { npn, referralId });
        const asked = { referralId, npn, report: body, reportId };
        const fromRow = async (offer: AcceptedOffer) =>
          answerOfRow(offer, asked, await repeatOfReport(offer, asked));
        const offer = await read();
        const repeat = await repeatOfReport(offer, asked);
        const command = reportId ?? (repeat.was === 'new' ? repeat.like : 0);
        const standing =
          answerOfRow(offer, asked, repeat) ??
          (await executeOfferUpdate(deps, {
            workflowId: referralWorkflowId({ referralId }),
            update: reportOutcome,
            // the same command, or the same words before they are written down, is the same update
            updateId: `outcome-${offer.id}-${sha256(JSON.stringify(body)).slice(0, 16)}-${command}`,
            args: [{ offerId: offer.id, ...body, ...(reportId ? { reportId } : {}) }],
            read,
            fromRow,
          }));
        return { status: 200, body: standing };
      },
    }),
  ];

  function repeatOfReport(
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
   * What the rows alone answer: the same report once more, like the first time, also when the workflow has forgotten it;
   * and one that comes too late or out of turn. A workflow's refusal would last for the same report, also once its turn
   * has come.
   */
  function answerOfRow(
    offer: AcceptedOffer,
    { report }: ReportContext,
    repeat: RepeatCheck,
  ): ReferralStatus | undefined {
    if (repeat.was === 'other') fail('idempotency-key-reused');
    const { contactedAt, endedAt } = offer;
    const rule = outcomeRules[report.outcome];
    const before = repeat.was === 'first' ? repeat : undefined;
    if (before && rule.ends && before.next) return toReferralStatus(before.next);
    // the consumer's own word was first contact, too
    if (contactedAt && ((before && !rule.ends) || (report.outcome === 'contacted' && !endedAt)))
      return toReferralStatus({ stage: 'contacted', since: contactedAt });
    if (endedAt && !before) failOfferEnded(offer);
    const phase = offerPhaseOf(offer);
    if (!before && !rule.in.includes(phase))
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

/** What a key names, for this agent and referral alone: the key itself is saved nowhere. */
function reportIdOf(key: string | undefined, { npn, referralId }: { npn: string; referralId: string }) {
  return key ? sha256(`${npn} ${referralId} ${key}`).slice(0, 32) : undefined;
}

function toReferralStatus({ stage, since }: { stage: ReferralStage; since: Date }): ReferralStatus {
  return { stage, since: since.toISOString() };
}

/** What the shape of a report cannot say: how far ahead it may be put off, and how many attempts are enough. */
function reportFaults(
  report: Partial<OutcomeReport>,
  { policy: { maxDeferralMs, minContactAttempts }, now }: { policy: Policy; now: Date },
): FieldFault[] {
  if (report.outcome === 'deferred' && report.until) {
    const last = marketplaceDateAt(new Date(now.getTime() + maxDeferralMs));
    if (report.until > marketplaceDateAt(now) && report.until <= last) return [];
    const detail = `A day after today, ${last} at the latest.`;
    return [{ pointer: '/until', code: 'out-of-range', detail }];
  }
  if (report.outcome !== 'handed-back' || report.reason !== 'no-contact-after-attempts') return [];
  if ((report.attempts ?? 0) >= minContactAttempts) return [];
  const detail = `Please try at least ${minContactAttempts} times first.`;
  return [{ pointer: '/attempts', code: 'too-few-attempts', detail }];
}
