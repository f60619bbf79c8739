import { sql } from 'kysely';
import type { Outcome } from '../../../domain/referrals/referral.ts';
import { isRepeatedCommand } from '../../../domain/repeated-commands.ts';
import type { ReferralStage } from '../../../domain/stages.ts';
import type { Tx } from '../../database/connection.ts';
import { stagesAfter } from '../referral-views.ts';

/** A report of an outcome with all its data. */
export interface OfferOutcome {
  referralId: string;
  offerId: string;
  npn: string;
  outcome: Outcome;
  [more: string]: unknown;
}

/** A stored report. */
interface WrittenReport {
  sequence: number;
  at: Date;
  /** Id of the agent's command; null if it had none. */
  reportId: string | null;
  /** Whether it says the same as the report at hand. */
  isLike: boolean;
}

/** Result of the check for a repeat. `like`: number of earlier reports that said the same. */
export type RepeatCheck =
  | { was: 'new'; like: number }
  /** The report is stored already; `next` is the stage that followed it, if any. */
  | { was: 'first'; next: { stage: ReferralStage; since: Date } | undefined }
  /** The command's id was used for a different report. */
  | { was: 'other' };

/**
 * Checks whether a report is a repeat: by its command's id, or without one if it says the same within ten minutes. Once an
 * offer has ended, a report that says the same is always a repeat.
 * @param isLast whether the report ends the offer, or the offer has ended
 */
export async function checkForRepeat(
  tx: Tx,
  {
    reportId,
    isLast,
    at,
    ...report
  }: OfferOutcome & { reportId: string | undefined; isLast: boolean; at: Date },
): Promise<RepeatCheck> {
  const { referralId, ...data } = report;
  const reports = await readStoredReports(tx, { referralId, data });
  const named = reportId === undefined ? undefined : reports.find((one) => one.reportId === reportId);
  if (named && !named.isLike) return { was: 'other' };
  const like = reports.filter(({ isLike }) => isLike);
  const sentAgain = reportId === undefined ? like.find((one) => isRepeatedCommand(one.at, at)) : undefined;
  const first = named ?? (isLast ? like[0] : sentAgain);
  if (!first) return { was: 'new', like: like.length };
  return { was: 'first', next: (await stagesAfter(tx, referralId, first.sequence))[0] };
}

/**
 * Returns whether the report of a command was recorded before, under its id or at its instant; `other`: the id was used for
 * a different report.
 */
export async function findRecordedReport(
  tx: Tx,
  { reportId, at, ...report }: OfferOutcome & { reportId: string | undefined; at: Date },
): Promise<'same' | 'other' | undefined> {
  const { referralId, ...data } = report;
  const reports = await readStoredReports(tx, { referralId, data });
  const named = reportId === undefined ? undefined : reports.find((one) => one.reportId === reportId);
  if (named) return named.isLike ? 'same' : 'other';
  return reports.some((one) => one.at.getTime() === at.getTime()) ? 'same' : undefined;
}

/** Reads the stored reports of an offer, oldest first. */
async function readStoredReports(
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
