import { type OnboardingFacts } from '../../domain/onboarding/facts.ts';
import { needsLicenseLookup } from '../../domain/onboarding/pending-step.ts';
import { standingAt } from '../../domain/onboarding/standing.ts';
import type { Policy } from '../../domain/policy.ts';
import { afterPeriod, startOfMarketplaceDay } from '../../domain/time/marketplace-calendar.ts';
import type { Tx } from '../database/connection.ts';
import { deleteLicenseLookup, scheduleLicenseLookup } from '../feeds/license-lookups.ts';
import type { OnboardingRecord } from './facts.ts';
import type { OnboardingRow } from './onboardings.ts';

type ReminderSchedule = Pick<
  OnboardingFacts,
  'eligibleAt' | 'termsRemindAt' | 'termsRemindersSent' | 'lateAt'
>;

/**
 * Saves the instants that are fixed when a phase of an onboarding begins, by the policy of that moment
 * (docs/architecture.md, rule 8): first eligibility, the reminders of missing terms, the explanation of a late
 * invitation, and the lookup of a license that no feed knows.
 * @returns the facts, with these instants
 */
export async function scheduleReminders(
  tx: Tx,
  { row, facts: storedFacts, hasLookup, at, policy }: OnboardingRecord & { at: Date; policy: Policy },
): Promise<OnboardingFacts> {
  const { conditions, stage, causes } = standingAt(at, storedFacts);
  const restartsReminders =
    row.stage !== 'awaiting-terms' || causes.some((cause) => !row.causes.includes(cause));
  const licenseLookupAt = await updateLicenseLookup(tx, {
    npn: row.npn,
    facts: storedFacts,
    needsLookup: needsLicenseLookup(storedFacts, conditions),
    hasLookup,
    at,
    policy,
  });
  const facts = { ...storedFacts, licenseLookupAt };
  const schedule: ReminderSchedule = {
    eligibleAt: facts.eligibleAt ?? (conditions.every(({ met }) => met) ? at : null),
    lateAt: facts.lateAt ?? lateAtOf(row, facts, policy),
    ...(stage === 'awaiting-terms' && restartsReminders
      ? {
          termsRemindAt: policy.termsReminderAfterMs.map((ms) => new Date(at.getTime() + ms)),
          termsRemindersSent: 0,
        }
      : { termsRemindAt: facts.termsRemindAt, termsRemindersSent: facts.termsRemindersSent }),
  };
  const names = Object.keys(schedule) as (keyof ReminderSchedule)[];
  if (names.every((name) => schedule[name] === facts[name])) return facts;
  await tx
    .updateTable('onboardings')
    .set({ ...schedule, termsRemindAt: [...schedule.termsRemindAt] })
    .where('npn', '=', row.npn)
    .where('planYear', '=', row.planYear)
    .execute();
  return { ...facts, ...schedule };
}

/**
 * The instant from which an invitation is late: about two business days after training (docs/guide.md, step 1).
 * An agent who is registered from an earlier year should be active by then. The days count from the completion of the
 * training, but never from before the onboarding was created here.
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
 * Schedules the lookup of an agent's licenses in the registry, if no feed has any or those found there no longer count.
 * As soon as the feed has licenses of the agent, only the feed counts, and the answer of the registry is deleted: it
 * must not outlive a license that the feed removes.
 * @returns the instant of the next lookup; null for none
 */
async function updateLicenseLookup(
  tx: Tx,
  {
    npn,
    facts,
    needsLookup,
    hasLookup,
    at,
    policy,
  }: {
    npn: string;
    facts: OnboardingFacts;
    needsLookup: boolean;
    hasLookup: boolean;
    at: Date;
    policy: Policy;
  },
): Promise<Date | null> {
  if (hasLookup && facts.evidence.licenses.some(({ source }) => source.feed === 'licenses')) {
    await deleteLicenseLookup(tx, npn);
    return null;
  }
  const isPlanned = facts.licenseLookupAt !== null;
  if (isPlanned || !needsLookup || policy.licenseLookupAfterMs.length === 0) return facts.licenseLookupAt;
  return scheduleLicenseLookup(tx, { npn, at });
}
