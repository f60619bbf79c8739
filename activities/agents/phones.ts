import { refuse } from '../../domain/failures.ts';
import { isTextless, type LineType } from '../../domain/notifications/contact.ts';
import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import type { Policy } from '../../domain/policy.ts';
import { nextPhoneCheckAt, recordPhoneEvent } from '../../store/agents/phones.ts';
import type { Database, Tx } from '../../store/database/connection.ts';
import { createNotice } from '../../store/notifications/notices.ts';
import { wakeOtherYears } from '../../store/outbox.ts';
import type { LookUpLineType } from '../notifications/senders/line-type.ts';
import { type OnboardingState, reviewOnboarding } from '../onboarding/review-onboarding.ts';

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
      return db.transaction().execute(async (tx) => {
        const before = await reviewOnboarding(tx, { key, at, policy });
        if (!before)
          refuse('not-found', 'There is no such onboarding.', { npn: key.npn, planYear: key.planYear });
        const now = await readDuePhoneCheck(tx, key.npn, at);
        // the phone was changed, or the onboarding of another plan year has looked it up already
        if (!due || lineType === undefined || now?.phone !== due.phone) return before.state;
        if (lineType === null) await postponeCheck(tx, { key, at, failures: now.failures + 1 });
        else await saveLineType(tx, { key, at, lineType });
        return (await reviewOnboarding(tx, { key, at, policy }))?.state ?? before.state;
      });
    },
  };

  async function postponeCheck(
    tx: Tx,
    { key: { npn }, at, failures }: { key: OnboardingId; at: Date; failures: number },
  ): Promise<void> {
    await tx
      .updateTable('agents')
      .set({ phoneChecksFailed: failures, phoneCheckAt: nextPhoneCheckAt({ at, policy, failures }) })
      .where('npn', '=', npn)
      .execute();
  }

  async function saveLineType(
    tx: Tx,
    { key, at, lineType }: { key: OnboardingId; at: Date; lineType: LineType },
  ): Promise<void> {
    const { npn, planYear } = key;
    await tx
      .updateTable('agents')
      .set({ phoneLineType: lineType, phoneCheckAt: null, phoneChecksFailed: 0 })
      .where('npn', '=', npn)
      .execute();
    await recordPhoneEvent(tx, { npn, planYear, at, by: 'service' }, 'phone-checked', { lineType });
    if (!isTextless(lineType)) return;
    const dedupeKey = `phone-not-mobile ${npn} ${at.toISOString()}`;
    await createNotice(tx, { kind: 'phone-not-mobile', npn, planYear, at, dedupeKey });
    await wakeOtherYears(tx, key);
  }
}

/** Reads the phone whose lookup is due, and how often it has failed. */
async function readDuePhoneCheck(
  tx: Tx,
  npn: string,
  at: Date,
): Promise<{ phone: string; failures: number } | undefined> {
  const row = await tx
    .selectFrom('agents')
    .select(['phone', 'phoneChecksFailed as failures'])
    .where('npn', '=', npn)
    .where('phoneCheckAt', '<=', at)
    .executeTakeFirst();
  return row?.phone ? { phone: row.phone, failures: row.failures } : undefined;
}
