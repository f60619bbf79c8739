import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import type { Policy } from '../../domain/policy.ts';
import { postponePhoneCheck, readDuePhoneCheck, recordLineType } from '../../store/agents/phone-checks.ts';
import type { Database } from '../../store/database/connection.ts';
import type { LookUpLineType } from '../notifications/senders/line-type.ts';
import { changeAndReview, type OnboardingState } from '../onboarding/review-onboarding.ts';

/** Dependencies of the phone activities. */
export interface PhoneDeps {
  db: Database;
  policy: Policy;
  lineTypeOf: LookUpLineType;
}

export type PhoneActivities = ReturnType<typeof createPhoneActivities>;

/** Creates the activities about an agent's phone. */
export function createPhoneActivities({ db, policy, lineTypeOf }: PhoneDeps) {
  return {
    /**
     * Looks up the line type of a phone, if the lookup was down when the phone was entered. If it still is, the next
     * lookup is scheduled by policy. A phone that cannot receive texts is kept but not texted any more, and the agent
     * is asked for a cell phone. Called again it finds nothing due and makes no request.
     */
    checkPhone: async (key: OnboardingId & { at: string }): Promise<OnboardingState> => {
      const at = new Date(key.at);
      const due = await readDuePhoneCheck(db, key.npn, at);
      // outside the transaction, which would keep the onboarding's row locked while Twilio answers
      const lineType = due && (await lineTypeOf(due.phone).catch(() => null));
      return changeAndReview({ db, policy }, key, async (tx) => {
        const now = await readDuePhoneCheck(tx, key.npn, at);
        // the phone was changed, or the onboarding of another plan year has looked it up already
        if (!due || lineType === undefined || now?.phone !== due.phone) return false;
        if (lineType === null)
          await postponePhoneCheck(tx, { npn: key.npn, at, failures: now.failures + 1, policy });
        else await recordLineType(tx, { ...key, at, lineType });
        return true;
      });
    },
  };
}
