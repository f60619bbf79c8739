import { afterPeriod, startOf } from '../domain/calendar.ts';
import { type Facts } from '../domain/facts.ts';
import type { Policy } from '../domain/policy.ts';
import { standingAt } from '../domain/standing.ts';
import type { Tx } from '../store/database.ts';
import type { OnboardingRow } from '../store/onboardings.ts';

type Promised = Pick<Facts, 'eligibleAt' | 'termsRemindAt' | 'termsRemindersTold' | 'lateAt'>;

/**
 * Writes the instants that an onboarding promises when something begins (rule 8), by the policy of that moment: first
 * eligibility, the reminders of terms that are missing, and when an invitation that has not come is late.
 * @returns the facts with them
 */
export async function promiseWhatIsNew(
  tx: Tx,
  { row, facts, at, policy }: { row: OnboardingRow; facts: Facts; at: Date; policy: Policy },
): Promise<Facts> {
  const { conditions, stage } = standingAt(at, facts);
  const promised: Promised = {
    eligibleAt: facts.eligibleAt ?? (conditions.every(({ met }) => met) ? at : null),
    lateAt: facts.lateAt ?? lateAtOf(row, facts, policy),
    ...(stage === 'awaiting-terms' && row.stage !== 'awaiting-terms'
      ? {
          termsRemindAt: policy.termsReminderAfterMs.map((ms) => new Date(at.getTime() + ms)),
          termsRemindersTold: 0,
        }
      : { termsRemindAt: facts.termsRemindAt, termsRemindersTold: facts.termsRemindersTold }),
  };
  const names = Object.keys(promised) as (keyof Promised)[];
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
 * About two business days after training the invitation is there (guide, Registration 1). They are counted from the
 * day the training was complete, and never from before it was known here.
 */
function lateAtOf(
  { createdAt }: OnboardingRow,
  { evidence, registeredAt }: Facts,
  policy: Policy,
): Date | null {
  const { marketplaceTrainedOn, courseworkCompletedOn } = evidence.training ?? {};
  if (registeredAt || !marketplaceTrainedOn || !courseworkCompletedOn) return null;
  const [trainedOn = courseworkCompletedOn] = [marketplaceTrainedOn, courseworkCompletedOn]
    .toSorted()
    .toReversed();
  const since = startOf(trainedOn);
  return afterPeriod(since > createdAt ? since : createdAt, policy.invitationLateAfter);
}
