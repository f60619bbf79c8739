import { refuse } from '../../../domain/failures.ts';
import { isTryLeft, nextTryAfter, remindOfNextTryAt } from '../../../domain/referrals/attempts.ts';
import type { ReportedOutcome } from '../../../domain/referrals/referral.ts';
import type { OfferChange } from '../offers/offers.ts';
import { addNotice, enterStage, type ReferralChanges } from '../referral-changes.ts';

/**
 * Records a try to reach the consumer, who is told. The agent gets until the instant that they name, within policy, or
 * until the one that policy sets; a try never shortens the time they have. The reminder comes at half of the new time.
 * @returns when the agent is reminded to call
 * @throws the refusal `not-allowed-now` once every try has been made
 */
export async function recordAttempt(
  changes: ReferralChanges,
  {
    offer,
    at,
    recordedAt,
    policy,
    how,
    nextTryAt: named,
  }: OfferChange & Pick<ReportedOutcome, 'how' | 'nextTryAt'>,
): Promise<Date | null> {
  const { tx, referral } = changes;
  const { id: offerId } = offer;
  if (!isTryLeft(offer.attempts, policy))
    refuse('not-allowed-now', 'Every try has been reported.', { offerId, attempts: offer.attempts });
  const consumer = { times: referral.contactTimes, timeZone: referral.timeZone };
  const nextTry = nextTryAfter(recordedAt, consumer, policy);
  const nextTryAt = chooseNextTry(named, nextTry, recordedAt);
  const attempts = offer.attempts + 1;
  const isLater = !offer.contactDueAt || nextTryAt > offer.contactDueAt;
  const contactDueAt = isLater ? nextTryAt : (offer.contactDueAt ?? nextTryAt);
  const contactRemindAt = isLater
    ? remindOfNextTryAt(recordedAt, contactDueAt, consumer)
    : offer.contactRemindAt;
  await tx
    .updateTable('offers')
    .set({ attempts, attemptedAt: at, attemptedHow: how ?? null, nextTryAt, contactDueAt, contactRemindAt })
    .where('id', '=', offerId)
    .execute();
  addNotice(changes, {
    kind: 'agent-tried',
    offerId,
    at: recordedAt,
    // a text can wait for the end of quiet hours, which may come after the next try; news of an older try is not sent
    untilAt: nextTry.latest,
    data: { attempt: attempts },
    dedupeKey: `agent-tried ${offerId} ${attempts}`,
  });
  enterStage(changes, { stage: 'accepted', waitingUntil: contactDueAt, at });
  return contactRemindAt;
}

/** The instant that the agent named, unless an outage has outlasted it, and never beyond policy. */
function chooseNextTry(
  named: string | undefined,
  { byDefault, latest }: { byDefault: Date; latest: Date },
  recordedAt: Date,
): Date {
  const wanted = named === undefined ? byDefault : new Date(named);
  if (wanted <= recordedAt) return byDefault;
  return wanted < latest ? wanted : latest;
}
