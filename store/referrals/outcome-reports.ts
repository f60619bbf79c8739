import { sql } from 'kysely';
import type { Outcome } from '../../domain/referrals/referral.ts';
import { isRepeatedCommand } from '../../domain/repeated-commands.ts';
import type { ReferralStage } from '../../domain/stages.ts';
import type { Tx } from '../database/connection.ts';
import { stagesAfter } from './referral-views.ts';

/** A report of an outcome with all that went with it. */
export interface OfferOutcome {
  referralId: string;
  offerId: string;
  npn: string;
  outcome: Outcome;
  [more: string]: unknown;
}

/** A report that was written down. */
interface WrittenReport {
  sequence: number;
  at: Date;
  /** Which of the agent's commands it was; null where none was named. */
  reportId: string | null;
  /** Says the same as the one that comes now. */
  isLike: boolean;
}

/** How a report stands to those before it. `like`: how many said the same, of which none is this one. */
export type RepeatCheck =
  | { was: 'new'; like: number }
  /** It was written down, and this is where the referral came to after it, as far as that is written. */
  | { was: 'first'; next: { stage: ReferralStage; since: Date } | undefined }
  /** The command was used for another report. */
  | { was: 'other' };

/**
 * Whether a report was written down before: by the command that it names, or where it names none by saying the same within
 * ten minutes. Where nothing new can be said of an offer, what was said before is the first one, whenever and however it
 * comes again.
 * @param isLast whether the report ends the offer, or the offer has ended
 */
export async function checkForRepeat(
  tx: Tx,
  {
    reportId,
    isLast,
    at,
    ...said
  }: OfferOutcome & { reportId: string | undefined; isLast: boolean; at: Date },
): Promise<RepeatCheck> {
  const { referralId, ...data } = said;
  const reports = await writtenReports(tx, { referralId, data });
  const named = reportId === undefined ? undefined : reports.find((one) => one.reportId === reportId);
  if (named && !named.isLike) return { was: 'other' };
  const like = reports.filter(({ isLike }) => isLike);
  const sentAgain = reportId === undefined ? like.find((one) => isRepeatedCommand(one.at, at)) : undefined;
  const first = named ?? (isLast ? like[0] : sentAgain);
  if (!first) return { was: 'new', like: like.length };
  return { was: 'first', next: (await stagesAfter(tx, referralId, first.sequence))[0] };
}

/** The reports of an offer that were written down, oldest first. */
async function writtenReports(
  tx: Tx,
  { referralId, data }: { referralId: string; data: { offerId: string } },
): Promise<WrittenReport[]> {
  const { rows } = await sql<WrittenReport>`
    select sequence, at, data ->> 'reportId' as report_id,
           data - 'reportId' = ${JSON.stringify(data)}::jsonb as is_like
    from events
    where subject_kind = 'referral' and subject_id = ${referralId} and kind = 'outcome-reported'
      and data ->> 'offerId' = ${data.offerId}
    order by sequence`.execute(tx);
  return rows;
}
