import type { ReservedOffer } from '../activities/referrals/matching.ts';
import type { LookInput } from '../activities/referrals/referral.ts';
import { endOnTimeout } from '../domain/referrals/offer.ts';
import { finish, phaseOf, startOffer } from './offer-turn.ts';
import { isOver, looks, openOffers, type ReferralRun, show } from './referral-run.ts';
import { waitSummaries } from './referral-summaries.ts';
import { hasPassed, now, waitFor } from './wait.ts';

/** True when an agent may be looked for, or the rows of the offers must be read again. No agent is asked beside one who accepted. */
export function isLookDue(run: ReferralRun): boolean {
  if (run.mustCatchUp) return true;
  const open = openOffers(run);
  if (open.some(({ phase }) => phase !== 'offered')) return false;
  return run.mustLook || hasPassed(run.lookAt) || (run.woken && open.length === 0);
}

/** Waits until an agent may be looked for, or the run has something else to do. */
export function untilLookIsDue(run: ReferralRun, hasOther: () => boolean): Promise<void> {
  const { lookAt, latest } = run;
  const summary = lookAt ? waitSummaries.nextLook(lookAt, latest?.causes ?? []) : '';
  return waitFor(() => isOver(run) || isLookDue(run) || run.lookAt !== lookAt || hasOther(), {
    until: lookAt,
    summary,
  });
}

/**
 * Looks for an agent once and starts the turn of each offer that this run did not know. A run that is over only reads the
 * open offers, which have to end. Capacity that the run was woken for and does not use goes to the next waiting referral.
 */
export async function look(run: ReferralRun): Promise<void> {
  const { referralId, woken } = run;
  run.woken = false;
  run.mustLook = false;
  run.mustCatchUp = false;
  const order: LookInput = { referralId, at: now(), woken, ...(isOver(run) ? { onlyOpen: true } : {}) };
  const match = await looks.matchReferral(order);
  run.hasLooked = true;
  run.lookAt = undefined;
  if (match.found === 'over') {
    run.isSearchOver = true;
    // passed on when the referral is closed
    run.woken ||= woken;
    if (match.because) run.closing ??= { end: match.because, outcome: match.outcome };
    return;
  }
  const offered = match.found === 'offer' ? [...(match.beside ?? []), match.offer] : [];
  await endOthers(run, offered);
  const isNew = ({ offerId }: ReservedOffer) => !run.offers.has(offerId);
  for (const reserved of offered.filter((one) => !isNew(one))) catchUp(run, reserved);
  if (!offered.some(isNew)) show(run, match);
  const offers = offered.filter(isNew).flatMap((reserved) => startOffer(run, reserved, match));
  void run.notifier.send([...match.notices.filter(({ kind }) => kind !== 'offer'), ...offers]);
  run.lookAt = match.found === 'offer' ? match.askAnotherAt : match.recheckAt;
  // woken while it matched, possibly for other capacity than it took
  if (match.found === 'offer') run.mustCatchUp ||= run.woken;
}

/** Ends the offers that are open for this run and not in their rows. The first end, that of the row, stands. */
async function endOthers(run: ReferralRun, offered: readonly ReservedOffer[]): Promise<void> {
  for (const offer of openOffers(run))
    if (!offered.some(({ offerId }) => offerId === offer.offerId))
      await finish(run, offer, endOnTimeout[offer.phase], 'clock');
}

/** Takes over phase and instants of an offer from its row. */
function catchUp(run: ReferralRun, reserved: ReservedOffer): void {
  const offer = run.offers.get(reserved.offerId);
  if (offer) Object.assign(offer, phaseOf(reserved));
}
