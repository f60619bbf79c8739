import { sql } from 'kysely';
import type { Outcome } from '../domain/referral.ts';
import type { ReferralStage } from '../domain/stages.ts';
import type { Tx } from './database.ts';
import { stagesAfter } from './referral-views.ts';

/** A report of an outcome with all that went with it. */
export interface OutcomeOfOffer {
  referralId: string;
  offerId: string;
  npn: string;
  outcome: Outcome;
  [more: string]: unknown;
}

/**
 * Whether the very same report was written down before; of several the first counts.
 * @returns what the referral came to after it, where that is written; undefined: it was not reported
 */
export async function reportedBefore(
  tx: Tx,
  { referralId, ...said }: OutcomeOfOffer,
): Promise<{ next: { stage: ReferralStage; since: Date } | undefined } | undefined> {
  const report = await tx
    .selectFrom('events')
    .select('sequence')
    .where('subjectKind', '=', 'referral')
    .where('subjectId', '=', referralId)
    .where('kind', '=', 'outcome-reported')
    .where(sql<boolean>`data = ${JSON.stringify(said)}::jsonb`)
    .orderBy('sequence')
    .executeTakeFirst();
  return report && { next: (await stagesAfter(tx, referralId, report.sequence))[0] };
}
