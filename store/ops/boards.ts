import { sql } from 'kysely';
import type { OnboardingCause } from '../../domain/onboarding/standing.ts';
import type { Need } from '../../domain/referrals/referral.ts';
import { finalStages, type OnboardingStage, type ReferralStage } from '../../domain/stages.ts';
import type { Tx } from '../database/connection.ts';

/** A position on a board, which is sorted by `since` and id. */
export interface BoardCursor {
  since: Date;
  id: string;
}

interface BoardFilter {
  cause?: string;
  /** Only rows that have been in their stage since this instant or longer. */
  sinceAtMost?: Date;
  after?: BoardCursor;
  limit: number;
}

export interface OnboardingBoardRow {
  npn: string;
  planYear: number;
  /** Its position on the board. */
  cursor: BoardCursor;
}

/** Reads a page of the onboarding board for ops, those longest in their stage first. */
export async function readOnboardingBoard(
  tx: Tx,
  filter: BoardFilter & {
    stage?: OnboardingStage;
    planYear?: number;
    /** Only onboardings that are not finished, or active with a cause that hinders them. */
    stuck?: boolean;
  },
): Promise<OnboardingBoardRow[]> {
  const { stage, planYear, cause, stuck, sinceAtMost, after, limit } = filter;
  const id = sql<string>`npn || '-' || plan_year`;
  let query = tx.selectFrom('onboardings').select(['npn', 'planYear', 'since', id.as('id')]);
  if (stage) query = query.where('stage', '=', stage);
  if (planYear) query = query.where('planYear', '=', planYear);
  if (cause) query = query.where(sql<boolean>`causes @> array[${cause}]::text[]`);
  if (stuck) {
    query = query.where('stage', 'not in', [...finalStages]);
    query = query.where(sql<boolean>`(stage <> 'active' or causes <> '{}')`);
  }
  if (sinceAtMost) query = query.where('since', '<=', sinceAtMost);
  if (after) query = query.where(sql<boolean>`(since, ${id}) > (${after.since}, ${after.id})`);
  const rows = await query.orderBy('since').orderBy(id).limit(limit).execute();
  return rows.map(({ npn, planYear: year, since, id: key }) => ({
    npn,
    planYear: year,
    cursor: { since, id: key },
  }));
}

interface StageCount {
  planYear: number;
  stage: OnboardingStage;
  count: number;
  /** Since when the oldest of them has been in the stage. */
  oldestSince: Date;
}

/** Counts the onboardings in each stage, and by cause; one with two causes counts under each. */
export async function countOnboardings(
  tx: Tx,
): Promise<{ stages: StageCount[]; causes: (StageCount & { cause: OnboardingCause })[] }> {
  const { rows } = await sql<StageCount & { cause: OnboardingCause | null; isOfStage: boolean }>`
    select plan_year, stage, cause, grouping(cause) = 1 as is_of_stage, min(since) as oldest_since,
           -- each onboarding has a row per cause, or one without any: in its stage only the first counts
           case grouping(cause) when 0 then count(*) else count(*) filter (where coalesce(ordinal, 1) = 1) end as count
    from onboardings left join lateral unnest(causes) with ordinality as why (cause, ordinal) on true
    group by grouping sets ((plan_year, stage), (plan_year, stage, cause))
    order by plan_year desc, count desc, stage, cause`.execute(tx);
  return {
    stages: rows.filter((row) => row.isOfStage).map(toStageCount),
    causes: rows.flatMap((row) => (row.cause === null ? [] : { ...toStageCount(row), cause: row.cause })),
  };
}

function toStageCount({ planYear, stage, count, oldestSince }: StageCount): StageCount {
  return { planYear, stage, count, oldestSince };
}

export interface ReferralBoardRow {
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
  /** Number of agents it was offered to. */
  offers: number;
  /** The agents with an open offer, the first asked first; more than one only where offers overlap. */
  npns: string[];
}

/** Reads a page of the referral board for ops, those longest in their stage first, without the consumer's identity. */
export async function readReferralBoard(
  tx: Tx,
  filter: BoardFilter & { stage?: ReferralStage; state?: string },
): Promise<ReferralBoardRow[]> {
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
        .select(sql<string[]>`coalesce(array_agg(npn::text order by number), '{}')`.as('npns'))
        .whereRef('referralId', '=', 'referrals.id')
        .where('endedAt', 'is', null)
        .as('npns'),
    ]);
  if (stage) query = query.where('stage', '=', stage);
  if (state) query = query.where('state', '=', state);
  if (cause) query = query.where(sql<boolean>`causes @> array[${cause}]::text[]`);
  if (sinceAtMost) query = query.where('since', '<=', sinceAtMost);
  if (after)
    query = query.where((row) => row(row.refTuple('since', 'id'), '>', row.tuple(after.since, after.id)));
  const rows = await query.orderBy('since').orderBy('id').limit(limit).execute();
  return rows as ReferralBoardRow[];
}
