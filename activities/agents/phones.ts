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

/** What the deeds about phones stand on. */
export interface PhoneDeps {
  db: Database;
  policy: Policy;
  lineTypeOf: LookUpLineType;
}

export type PhoneActivities = ReturnType<typeof createPhoneActivities>;

/** The deeds about an agent's phone. */
export function createPhoneActivities({ db, policy, lineTypeOf }: PhoneDeps) {
  return {
    /**
     * Looks up what kind of line a phone is whose look-up was down when it was given. While it still is, the next look
     * is promised by policy. What texts surely do not reach stays as it is and gets no more of them; the agent is asked
     * for a cell phone. Called again it finds nothing to look up and asks nobody.
     */
    checkPhone: async (key: OnboardingId & { at: string }): Promise<OnboardingState> => {
      const at = new Date(key.at);
      const due = await readDuePhoneCheck(db, key.npn, at);
      // outside of the transaction, which would hold the story's row while Twilio thinks
      const lineType = due && (await lineTypeOf(due.phone).catch(() => null));
      return db.transaction().execute(async (tx) => {
        const before = await reviewOnboarding(tx, { key, at, policy });
        if (!before)
          refuse('not-found', 'There is no such onboarding.', { npn: key.npn, planYear: key.planYear });
        const now = await readDuePhoneCheck(tx, key.npn, at);
        // another phone was given, or another year's story was here first
        if (!due || lineType === undefined || now?.phone !== due.phone) return before.state;
        if (lineType === null) await lookAgainLater(tx, { key, at, failures: now.failures + 1 });
        else await take(tx, { key, at, lineType });
        return (await reviewOnboarding(tx, { key, at, policy }))?.state ?? before.state;
      });
    },
  };

  async function lookAgainLater(
    tx: Tx,
    { key: { npn }, at, failures }: { key: OnboardingId; at: Date; failures: number },
  ): Promise<void> {
    await tx
      .updateTable('agents')
      .set({ phoneChecksFailed: failures, phoneCheckAt: nextPhoneCheckAt({ at, policy, failures }) })
      .where('npn', '=', npn)
      .execute();
  }

  async function take(
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

/** The phone that is to be looked up by now, and how often that failed. */
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
