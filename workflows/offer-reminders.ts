import { apply, looks, type Offer, type ReferralRun, whileBusy } from './referral-run.ts';
import { now } from './wait.ts';

/** Tells the agent again, who has not answered the offer, or has not reported contact when half of the time has passed. */
export async function remind(run: ReferralRun, offer: Offer): Promise<void> {
  const { referralId } = run;
  const about = { referralId, offerId: offer.offerId, at: now() };
  offer.remindAt = undefined;
  if (offer.phase !== 'offered')
    return whileBusy(run, async () => apply(run, await looks.remindOfContact(about)));
  // not while busy: an answer at this instant waits for the row's lock, and is not refused for a nudge
  run.nudges += 1;
  const nudged = await looks.nudgeAgent(about);
  run.nudges -= 1;
  void run.notifier.send(nudged.notices);
  if (isUnanswered(offer)) offer.remindAt = nudged.nudgeAt;
}

/** Answered during a nudge, the offer has the instant to call or none. */
function isUnanswered(offer: Offer): boolean {
  return offer.phase === 'offered' && offer.end === undefined;
}
