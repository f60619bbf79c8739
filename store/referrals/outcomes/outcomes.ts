import { refuse } from '../../../domain/failures.ts';
import { type InterimOutcome, isInterim, type ReportedOutcome } from '../../../domain/referrals/referral.ts';
import { endOfMarketplaceDay } from '../../../domain/time/marketplace-calendar.ts';
import { recordFirstContact } from '../offers/acceptance.ts';
import type { OfferChange } from '../offers/offers.ts';
import { enterStage, type ReferralChanges } from '../referral-changes.ts';
import { recordAttempt } from './attempts.ts';
import { findRecordedReport } from './outcome-reports.ts';

/**
 * Records an agent's report. A repeated command, or a report of the same instant, is not recorded twice.
 * @returns when the agent is reminded to call; null: not again
 * @throws the refusal `idempotency-key-reused` if the command's key was used for another report
 */
export async function recordOutcomeReport(
  changes: ReferralChanges,
  about: OfferChange & ReportedOutcome,
): Promise<Date | null> {
  const { tx, referral } = changes;
  const { offer, outcome, reason, until, attempts, how, nextTryAt, reportId, at } = about;
  const { id: offerId, npn, contactRemindAt } = offer;
  const body = {
    ...(reason ? { reason } : {}),
    ...(until ? { until } : {}),
    ...(attempts ? { attempts } : {}),
    ...(how ? { how } : {}),
    ...(nextTryAt ? { nextTryAt } : {}),
  };
  const report = { offerId, npn, outcome, ...body };
  const repeat = await findRecordedReport(tx, { referralId: referral.id, ...report, reportId, at });
  if (repeat === 'other')
    refuse('idempotency-key-reused', 'The key was used for another report.', { offerId });
  if (repeat === 'same') return contactRemindAt;
  const data = { ...report, ...(reportId ? { reportId } : {}) };
  changes.events.push({ kind: 'outcome-reported', at, by: 'agent', data });
  if (outcome === 'attempted') return recordAttempt(changes, about);
  if (outcome === 'contacted') await recordFirstContact(changes, about);
  else if (isInterim(outcome)) await recordMilestone(changes, { ...about, milestone: outcome });
  return contactRemindAt;
}

/**
 * Records an interim outcome. The referral stays with the agent; a deferral or a delay postpones its automatic close.
 */
async function recordMilestone(
  changes: ReferralChanges,
  {
    offer,
    at,
    recordedAt,
    policy,
    milestone,
    until,
  }: OfferChange & { milestone: InterimOutcome; until?: string },
): Promise<void> {
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
  await changes.tx
    .updateTable('offers')
    .set({ milestone, closesAt, ...(until ? { deferredUntil: until } : {}) })
    .where('id', '=', offer.id)
    .execute();
  enterStage(changes, { stage: 'contacted', waitingUntil: closesAt, at });
}
