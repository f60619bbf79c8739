import { sql } from 'kysely';
import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import type { Tx } from '../database/connection.ts';

/** Groups of agents by the last two digits of their NPNs, which divide them evenly: `00` to `99`. */
const groupOfSql = sql.raw("right('0' || npn, 2)");

/** Groups that one run compares in any case: with a run an hour, each group once in 20 hours. */
const groupsOfRun = 5;

/**
 * Chooses the groups whose onboardings a run compares with their facts: all that were not compared by these rules yet,
 * and those whose comparison is the longest ago.
 */
export async function chooseGroups(tx: Tx, rules: string): Promise<string[]> {
  const { rows } = await sql<{ npnEnding: string }>`
    select npn_ending from (
      select lpad(number::text, 2, '0') as npn_ending from generate_series(0, 99) number) every
    left join review_groups using (npn_ending)
    order by rules is distinct from ${rules} desc, compared_at, npn_ending
    limit greatest(${groupsOfRun}, 100 - (select count(*) from review_groups where rules = ${rules}))`.execute(
    tx,
  );
  return rows.map(({ npnEnding }) => npnEnding);
}

/** Records that the onboardings of these groups were compared with their facts by these rules. */
export async function saveComparison(
  tx: Tx,
  { groups, rules, at: comparedAt }: { groups: readonly string[]; rules: string; at: Date },
): Promise<void> {
  await tx
    .insertInto('reviewGroups')
    .values(groups.map((npnEnding) => ({ npnEnding, comparedAt, rules })))
    .onConflict((row) => row.column('npnEnding').doUpdateSet({ comparedAt, rules }))
    .execute();
}

/**
 * Reads a page of the open onboardings that a run looks at, in the order of NPN and plan year: those of the groups, and
 * those of other groups that were never reviewed or have missed the instant of their next change.
 * @param after the last onboarding of the page before; undefined: from the first
 * @param late an instant of a next change that was not later than this was missed
 */
export async function onboardingsToCompare(
  tx: Tx,
  {
    groups,
    late,
    after,
    limit,
  }: { groups: readonly string[]; late: Date; after: OnboardingId | undefined; limit: number },
): Promise<OnboardingId[]> {
  let open = tx
    .selectFrom('onboardings')
    .select(['npn', 'planYear'])
    .where('closedAt', 'is', null)
    .where((row) =>
      row.or([
        sql<boolean>`${groupOfSql} = any(${[...groups]}::text[])`,
        row('nextChangeAt', '<=', late),
        row('reviewedAt', 'is', null),
      ]),
    );
  if (after) open = open.where(sql<boolean>`(npn, plan_year) > (${after.npn}, ${after.planYear})`);
  return open.orderBy('npn').orderBy('planYear').limit(limit).execute();
}
