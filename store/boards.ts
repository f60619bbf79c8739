import { sql } from 'kysely';
import type { Need } from '../domain/referral.ts';
import type { OnboardingStage, ReferralStage } from '../domain/stages.ts';
import type { Tx } from './database.ts';

/** A place on a board: what comes after it has stood for less long, or as long with a later id. */
export interface BoardCursor {
  since: Date;
  id: string;
}

interface BoardFilter {
  cause?: string;
  /** Only what has been in its stage since this instant or longer. */
  sinceAtMost?: Date;
  after?: BoardCursor;
  limit: number;
}

export interface OnboardingOnBoard {
  npn: string;
  planYear: number;
  stage: OnboardingStage;
  causes: string[];
  since: Date;
  /** Its place on the board. */
  cursor: BoardCursor;
}

/** Onboardings for ops, the longest in its stage first. */
export async function onboardingBoard(
  tx: Tx,
  { stage, cause, sinceAtMost, after, limit }: BoardFilter & { stage?: OnboardingStage },
): Promise<OnboardingOnBoard[]> {
  const id = sql<string>`npn || '-' || plan_year`;
  let query = tx
    .selectFrom('onboardings')
    .select(['npn', 'planYear', 'stage', 'causes', 'since', id.as('id')]);
  if (stage) query = query.where('stage', '=', stage);
  if (cause) query = query.where(sql<boolean>`causes @> array[${cause}]::text[]`);
  if (sinceAtMost) query = query.where('since', '<=', sinceAtMost);
  if (after) query = query.where(sql<boolean>`(since, ${id}) > (${after.since}, ${after.id})`);
  const rows = await query.orderBy('since').orderBy(id).limit(limit).execute();
  return rows.map(({ id: key, ...row }) => ({
    ...row,
    stage: row.stage as OnboardingStage,
    cursor: { since: row.since, id: key },
  }));
}

export interface ReferralOnBoard {
  id: string;
  stage: ReferralStage;
  causes: string[];
  since: Date;
  waitingUntil: Date | null;
  state: string;
  language: string;
  need: Need;
  coverageYear: number;
  outcome: string | null;
  createdAt: Date;
  /** How many agents it was offered to. */
  offers: number;
  /** The agent whose turn it is. */
  npn: string | null;
}

/** Referrals for ops, the longest in its stage first; who the consumer is stays out. */
export async function referralBoard(
  tx: Tx,
  filter: BoardFilter & { stage?: ReferralStage; state?: string },
): Promise<ReferralOnBoard[]> {
  const { stage, state, cause, sinceAtMost, after, limit } = filter;
  let query = tx
    .selectFrom('referrals')
    .select(['id', 'stage', 'causes', 'since', 'waitingUntil', 'state', 'language', 'need', 'coverageYear'])
    .select(['outcome', 'createdAt'])
    .select((row) => [
      row
        .selectFrom('offers')
        .select((offer) => offer.fn.countAll<number>().as('count'))
        .whereRef('referralId', '=', 'referrals.id')
        .as('offers'),
      row
        .selectFrom('offers')
        .select('npn')
        .whereRef('referralId', '=', 'referrals.id')
        .where('endedAt', 'is', null)
        .as('npn'),
    ]);
  if (stage) query = query.where('stage', '=', stage);
  if (state) query = query.where('state', '=', state);
  if (cause) query = query.where(sql<boolean>`causes @> array[${cause}]::text[]`);
  if (sinceAtMost) query = query.where('since', '<=', sinceAtMost);
  if (after)
    query = query.where((row) => row(row.refTuple('since', 'id'), '>', row.tuple(after.since, after.id)));
  const rows = await query.orderBy('since').orderBy('id').limit(limit).execute();
  return rows as ReferralOnBoard[];
}
