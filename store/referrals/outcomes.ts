import { refuse } from '../../domain/failures.ts';
import { type InterimOutcome, isInterim, type ReportedOutcome } from '../../domain/referrals/referral.ts';
import { endOfMarketplaceDay } from '../../domain/time/marketplace-calendar.ts';
import type { Tx } from '../database/connection.ts';
import { recordFirstContact } from './acceptance.ts';
import { recordAttempt } from './attempts.ts';
import type { OfferChange } from './offers.ts';
import { checkForRepeat } from './outcome-reports.ts';
import { enterStage, type ReferralRow, recordReferralEvent } from './referrals.ts';

/**
 * Records an agent's report. A repeated command, or a report of the same instant, is not recorded twice.
 * @throws the refusal `idempotency-key-reused` if the command's key was used for another report
 */
export async function recordOutcomeReport(
  tx: Tx,
  about: OfferChange & ReportedOutcome,
): Promise<ReferralRow> {
  const { referral, offer, outcome, reason, until, attempts, nextTryAt, reportId, at } = about;
  const { id: offerId, npn } = offer;
  const body = {
    ...(reason ? { reason } : {}),
    ...(until ? { until } : {}),
    ...(attempts ? { attempts } : {}),
    ...(nextTryAt ? { nextTryAt } : {}),
  };
  const repeat =
    reportId === undefined
      ? undefined
      : await checkForRepeat(tx, {
          referralId: referral.id,
          offerId,
          npn,
          outcome,
          ...body,
          reportId,
          isLast: false,
          at,
        });
  if (repeat?.was === 'first') return referral;
  if (repeat?.was === 'other')
    refuse('idempotency-key-reused', 'The key was used for another report.', { offerId });
  if (await isReportedAt(tx, referral.id, at)) return referral;
  const data = { offerId, npn, outcome, ...body, ...(reportId ? { reportId } : {}) };
  await recordReferralEvent(tx, referral.id, { kind: 'outcome-reported', at, by: 'agent', data });
  if (outcome === 'attempted') return recordAttempt(tx, about);
  if (outcome === 'contacted') return recordFirstContact(tx, about);
  return isInterim(outcome) ? recordMilestone(tx, { ...about, milestone: outcome }) : referral;
}

async function isReportedAt(tx: Tx, referralId: string, at: Date): Promise<boolean> {
  const recorded = await tx
    .selectFrom('events')
    .select('sequence')
    .where('subjectKind', '=', 'referral')
    .where('subjectId', '=', referralId)
    .where('kind', '=', 'outcome-reported')
    .where('at', '=', at)
    .executeTakeFirst();
  return recorded !== undefined;
}

/**
 * Records an interim outcome. The referral stays with the agent; a deferral or a delay postpones its automatic close.
 */
async function recordMilestone(
  tx: Tx,
  {
    referral,
    offer,
    at,
    recordedAt,
    policy,
    milestone,
    until,
  }: OfferChange & { milestone: InterimOutcome; until?: string },
): Promise<ReferralRow> {
  const windowStart = {
    quoted: undefined,
    deferred: until ? endOfMarketplaceDay(until) : recordedAt,
    delayed: recordedAt,
  }[milestone];
  const latest = Math.max(
    offer.closesAt?.getTime() ?? 0,
    windowStart ? windowStart.getTime() + policy.outcomeWindowMs : 0,
  );
  const closesAt = new Date(latest);
  await tx
    .updateTable('offers')
    .set({ milestone, closesAt, ...(until ? { deferredUntil: until } : {}) })
    .where('id', '=', offer.id)
    .execute();
  return enterStage(tx, referral, { stage: 'contacted', waitingUntil: closesAt, at });
}
