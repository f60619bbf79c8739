import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import { postponePhoneCheck, readDuePhoneCheck, recordLineType } from '../../store/agents/phone-checks.ts';
import { instantsOf } from '../instants.ts';
import type { LookUpLineType } from '../notifications/senders/line-type.ts';
import { changeAndReview, type OnboardingState, type ReviewDeps } from '../onboarding/review-onboarding.ts';

/** Dependencies of the phone activities. */
export interface PhoneDeps extends ReviewDeps {
  lineTypeOf: LookUpLineType;
}

export type PhoneActivities = ReturnType<typeof createPhoneActivities>;

/** Creates the activities about an agent's phone. */
export function createPhoneActivities({ lineTypeOf, ...deps }: PhoneDeps) {
  const { db, policy, now } = deps;
  return {
    /**
     * Looks up the line type of a phone, if the lookup was down when the phone was entered. If it still is, the next
     * lookup is scheduled by policy. A phone that cannot receive texts is kept but not texted any more, and the agent
     * is asked for a cell phone. Called again it finds nothing due and makes no request.
     */
    checkPhone: async (key: OnboardingId & { at: string }): Promise<OnboardingState> => {
      const due = await readDuePhoneCheck(db, key.npn, instantsOf(key.at, now).recordedAt);
      // outside the transaction, which would keep the onboarding's row locked while Twilio answers
      const lineType = due && (await lineTypeOf(due.phone).catch(() => null));
      return changeAndReview(deps, key, async (tx, at) => {
        const current = await readDuePhoneCheck(tx, key.npn, at);
        // the phone was changed, or the onboarding of another plan year has looked it up already
        if (!due || lineType === undefined || current?.phone !== due.phone) return false;
        if (lineType === null)
          await postponePhoneCheck(tx, { npn: key.npn, at, failures: current.failures + 1, policy });
        else await recordLineType(tx, { ...key, at, lineType });
        return true;
      });
    },
  };
}
