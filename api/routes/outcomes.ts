import { z } from 'zod';
import { dateAt } from '../../domain/calendar.ts';
import { phaseOf } from '../../domain/offer.ts';
import type { Policy } from '../../domain/policy.ts';
import { outcomeRules } from '../../domain/referral.ts';
import type { ReferralStage } from '../../domain/stages.ts';
import { type AcceptedOffer, acceptedOffer } from '../../store/agent-views.ts';
import { sha256 } from '../../store/links.ts';
import { reportedBefore } from '../../store/outcome-reports.ts';
import { referralWorkflowId, reportOutcome } from '../../workflows/messages.ts';
import { askAboutOffer } from '../ask-about-offer.ts';
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
      problems: ['offer-ended', 'offer-busy', 'not-allowed-now', 'not-answered-yet'],
      check: async (report: Partial<OutcomeReport>) =>
        reportFaults(report, { policy: deps.settings.policy, now: deps.now() }),
      handle: async ({ params: { id: referralId }, body, caller: { npn } }) => {
        const read = async () => (await acceptedOffer(db, { npn, referralId })) ?? fail('not-found');
        const fromRow = (offer: AcceptedOffer) => answerOfRow(offer, { referralId, npn, report: body });
        const offer = await read();
        const standing =
          (await fromRow(offer)) ??
          (await askAboutOffer(deps, {
            workflowId: referralWorkflowId({ referralId }),
            update: reportOutcome,
            // the same report is the same command; another one is another
            updateId: `outcome-${offer.id}-${sha256(JSON.stringify(body)).slice(0, 16)}`,
            args: [{ offerId: offer.id, ...body }],
            read,
            fromRow,
          }));
        return { status: 200, body: standing };
      },
    }),
  ];

  /**
   * What the rows alone answer: the same report once more, like the first time, also when the story has forgotten it; and
   * one that comes too late or out of turn. A workflow's refusal would last for the same report, also once its turn has
   * come.
   */
  async function answerOfRow(
    offer: AcceptedOffer,
    { referralId, npn, report }: { referralId: string; npn: string; report: OutcomeReport },
  ): Promise<ReferralStanding | undefined> {
    const { id: offerId, contactedAt, endedAt } = offer;
    const rule = outcomeRules[report.outcome];
    const before = await reportedBefore(db, { referralId, offerId, npn, ...report });
    if (before && rule.ends && before.next) return viewOf(before.next);
    // the consumer's own word was first contact, too
    if (contactedAt && ((before && !rule.ends) || (report.outcome === 'contacted' && !endedAt)))
      return viewOf({ stage: 'contacted', since: contactedAt });
    if (endedAt && !before) failEnded(offer);
    const phase = phaseOf(offer);
    if (!before && !rule.in.includes(phase))
      fail('not-allowed-now', { members: { phase, allowedIn: rule.in } });
    return undefined;
  }
}

function viewOf({ stage, since }: { stage: ReferralStage; since: Date }): ReferralStanding {
  return { stage, since: since.toISOString() };
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
