import { type OnboardingFacts } from '../../domain/onboarding/facts.ts';
import { needsLicenseLookup } from '../../domain/onboarding/pending-step.ts';
import { standingAt } from '../../domain/onboarding/standing.ts';
import type { Policy } from '../../domain/policy.ts';
import { afterPeriod, startOfMarketplaceDay } from '../../domain/time/marketplace-calendar.ts';
import type { Tx } from '../../store/database/connection.ts';
import { deleteLicenseLookup, scheduleLicenseLookup } from '../../store/feeds/license-lookups.ts';
import type { OnboardingRecord } from '../../store/onboarding/facts.ts';
import type { OnboardingRow } from '../../store/onboarding/onboardings.ts';

type ReminderSchedule = Pick<
  OnboardingFacts,
  'eligibleAt' | 'termsRemindAt' | 'termsRemindersSent' | 'lateAt'
>;

/**
 * Writes the instants that an onboarding promises when something begins (rule 8), by the policy of that moment: first
 * eligibility, the reminders of terms that are missing, when an invitation that has not come is late, and the look-up
 * of a license that no feed knows.
 * @returns the facts with them
 */
export async function scheduleReminders(
  tx: Tx,
  { row, facts: known, hasLookup, at, policy }: OnboardingRecord & { at: Date; policy: Policy },
): Promise<OnboardingFacts> {
  const { conditions, stage, causes } = standingAt(at, known);
  const asksForMore = row.stage !== 'awaiting-terms' || causes.some((cause) => !row.causes.includes(cause));
  const licenseLookupAt = await updateLicenseLookup(tx, {
    npn: row.npn,
    facts: known,
    lacks: needsLicenseLookup(known, conditions),
    isKnown: hasLookup,
    at,
    policy,
  });
  const facts = { ...known, licenseLookupAt };
  const promised: ReminderSchedule = {
    eligibleAt: facts.eligibleAt ?? (conditions.every(({ met }) => met) ? at : null),
    lateAt: facts.lateAt ?? lateAtOf(row, facts, policy),
    ...(stage === 'awaiting-terms' && asksForMore
      ? {
          termsRemindAt: policy.termsReminderAfterMs.map((ms) => new Date(at.getTime() + ms)),
          termsRemindersSent: 0,
        }
      : { termsRemindAt: facts.termsRemindAt, termsRemindersSent: facts.termsRemindersSent }),
  };
  const names = Object.keys(promised) as (keyof ReminderSchedule)[];
  if (names.every((name) => promised[name] === facts[name])) return facts;
  await tx
    .updateTable('onboardings')
    .set({ ...promised, termsRemindAt: [...promised.termsRemindAt] })
    .where('npn', '=', row.npn)
    .where('planYear', '=', row.planYear)
    .execute();
  return { ...facts, ...promised };
}

/**
 * About two business days after training the invitation is there (guide, Registration 1), and who needs none, being
 * registered from an earlier year, is active again. They are counted from the day the training was complete, and never
 * from before it was known here.
 */
function lateAtOf({ createdAt }: OnboardingRow, { evidence }: OnboardingFacts, policy: Policy): Date | null {
  const { marketplaceTrainedOn, courseworkCompletedOn } = evidence.training ?? {};
  if (!marketplaceTrainedOn || !courseworkCompletedOn) return null;
  const [trainedOn = courseworkCompletedOn] = [marketplaceTrainedOn, courseworkCompletedOn]
    .toSorted()
    .toReversed();
  const since = startOfMarketplaceDay(trainedOn);
  return afterPeriod(since > createdAt ? since : createdAt, policy.invitationLateAfter);
}

/**
 * A license that no feed knows is asked of the registry at once, and then again and again; so is one that was found
 * there and does not count any more, because it has ended for example. Once the feed knows the agent its word alone
 * counts: an old answer must not outlive a license that the feed takes away.
 * @returns when the registry is asked; null: not at all
 */
async function updateLicenseLookup(
  tx: Tx,
  {
    npn,
    facts,
    lacks,
    isKnown,
    at,
    policy,
  }: { npn: string; facts: OnboardingFacts; lacks: boolean; isKnown: boolean; at: Date; policy: Policy },
): Promise<Date | null> {
  if (isKnown && facts.evidence.licenses.some(({ source }) => source.feed === 'licenses')) {
    await deleteLicenseLookup(tx, npn);
    return null;
  }
  const isPlanned = facts.licenseLookupAt !== null;
  if (isPlanned || !lacks || policy.licenseLookupAfterMs.length === 0) return facts.licenseLookupAt;
  return scheduleLicenseLookup(tx, { npn, at });
}
