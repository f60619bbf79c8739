import { condition, setHandler } from '@temporalio/workflow';
import { refuse } from '../domain/failures.ts';
import type { DeclineReason } from '../domain/referrals/offer.ts';
import { outcomeRules, type ReportedOutcome } from '../domain/referrals/referral.ts';
import {
  accept,
  askAnother,
  closeByOps,
  confirmContact,
  consentRescinded,
  decline,
  matchAgain,
  offerUnreachable,
  reportOutcome,
  rescindOffer,
  withdraw,
} from './messages.ts';
import { awaitNextTry, enterPhase, finish } from './offer-turn.ts';
import {
  activities,
  apply,
  isClosed,
  type Offer,
  openOffers,
  type ReferralRun,
  reports,
  whileBusy,
} from './referral-run.ts';
import { mustAllow, mustAllowReport, mustNotBeClosed, offerOf, stageOf } from './referral-validators.ts';
import { now } from './wait.ts';

/** Registers the handlers of all updates and signals to a referral. */
export function setMessageHandlers(run: ReferralRun): void {
  setHandler(
    accept,
    ({ offerId, contactShown = false }) =>
      whileBusy(run, () => acceptOffer(run, offerOf(run, offerId), contactShown)),
    { validator: ({ offerId }) => mustAllow(run, offerId, ['offered']) },
  );
  setHandler(decline, ({ offerId, reason }) => whileBusy(run, () => declineOffer(run, offerId, reason)), {
    validator: ({ offerId }) => mustAllow(run, offerId, ['offered']),
  });
  setHandler(reportOutcome, (report) => recordReport(run, report), {
    validator: (report) => mustAllowReport(run, report),
  });
  setHandler(confirmContact, (report) => whileBusy(run, () => recordConfirmation(run, report)), {
    validator: ({ offerId }) => mustAllow(run, offerId, ['accepted', 'contacted']),
  });
  setHandler(askAnother, ({ offerId }) => replaceAgent(run, offerOf(run, offerId)), {
    validator: ({ offerId }) => mustAllow(run, offerId, ['accepted', 'contacted']),
  });
  setHandler(withdraw, () => withdrawReferral(run), { validator: () => mustNotBeClosed(run) });
  setHandler(closeByOps, () => {
    run.closedByOps = true;
  });
  setHandler(consentRescinded, () => {
    run.withdrawn = true;
  });
  setHandler(rescindOffer, ({ offerId }) => {
    run.rescindedOffers.add(offerId);
  });
  setHandler(offerUnreachable, ({ offerId }) => {
    run.unreachableOffers.add(offerId);
  });
  setHandler(matchAgain, ({ isQueued }) => {
    const isAsking = openOffers(run).length > 0;
    // queued when this was sent, it may have found an agent since: then the capacity goes to the next referral
    if (isQueued || !isAsking) run.woken = true;
    if (isAsking) run.mustCatchUp = true;
  });
}

/** The first who accepts has the referral: the other offers end as taken, unless the acceptance is refused. */
async function acceptOffer(run: ReferralRun, offer: Offer, contactShown: boolean) {
  const others = openOffers(run).filter((other) => other !== offer);
  for (const other of others) other.end = 'taken';
  const { referralId } = run;
  const done = await activities
    .acceptOffer({ referralId, offerId: offer.offerId, at: now(), contactShown })
    .catch((error: unknown) => {
      for (const other of others) other.end = undefined;
      throw error;
    });
  offer.phase = 'accepted';
  offer.deadlineAt = done.contactDueAt;
  offer.remindAt = done.contactRemindAt;
  run.lookAt = undefined;
  apply(run, done);
  const { acceptedAt, isOnRecord } = done;
  return { acceptedAt, ...(isOnRecord && { isOnRecord }) };
}

async function declineOffer(run: ReferralRun, offerId: string, reason: DeclineReason) {
  const endedAt = await finish(run, offerOf(run, offerId), 'declined', 'agent', reason);
  return { endedAt: endedAt ?? refuse('not-allowed-now', 'The offer was accepted.', { offerId }) };
}

async function recordReport(run: ReferralRun, report: { offerId: string } & ReportedOutcome) {
  const offer = offerOf(run, report.offerId);
  const end = outcomeRules[report.outcome].ends;
  const reported = await whileBusy(run, async () => {
    const latest = await reports.recordOutcome({ referralId: run.referralId, ...report, at: now() });
    // first contact begins the last phase; a deferral moves its end
    if (report.outcome === 'attempted') awaitNextTry(offer, latest);
    else {
      offer.outcome = report.outcome;
      if (!end) enterPhase(offer, 'contacted', latest);
    }
    apply(run, latest);
    if (end) await finish(run, offer, end, 'agent', report.reason);
    return latest;
  });
  // an outcome that ends the offer is answered with the stage that follows
  if (end) await condition(() => run.latest !== reported);
  return stageOf(run);
}

/** Records the consumer's answer: "called" counts as first contact; "not called" reminds the agent at once. */
async function recordConfirmation(
  run: ReferralRun,
  { offerId, called }: { offerId: string; called: boolean },
) {
  const offer = offerOf(run, offerId);
  const { referralId } = run;
  const latest = await reports.recordContact({ referralId, offerId, called, at: now() });
  if (latest.phase === 'contacted') {
    offer.outcome ??= 'contacted';
    enterPhase(offer, 'contacted', latest);
  } else offer.remindAt = undefined;
  apply(run, latest);
  return stageOf(run);
}

/** Ends the offer for a consumer who wants another agent; answers with the stage that follows. */
async function replaceAgent(run: ReferralRun, offer: Offer) {
  const before = run.latest;
  await whileBusy(run, () => finish(run, offer, 'another-asked', 'consumer'));
  await condition(() => run.latest !== before);
  return stageOf(run);
}

/** Answers once the referral is closed. */
async function withdrawReferral(run: ReferralRun) {
  run.withdrawn = true;
  await condition(() => isClosed(run));
  return stageOf(run);
}
