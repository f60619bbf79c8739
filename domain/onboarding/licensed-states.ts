import type { ConditionFacts } from './conditions.ts';
import { latestSource, type PlainDate } from './evidence.ts';
import { licenseObstacleOf, licenseObstacles } from './license-obstacles.ts';
import { isServed, marketplaceOf } from './marketplaces.ts';

/** Reasons why an agent cannot help in a state. */
export const stateObstacles = [
  'own-marketplace',
  'no-license',
  ...licenseObstacles,
  'no-resident-license',
] as const;
export type StateObstacle = (typeof stateObstacles)[number];

/**
 * Finds the reason why an agent may not help in a state on a day; undefined: they may. Of several licenses there it
 * reports the easiest obstacle. The resident license comes last: renewing it helps only if the state's own counts.
 */
export function stateObstacleIn(
  state: string,
  today: PlainDate,
  facts: ConditionFacts,
): StateObstacle | undefined {
  if (!isServed(marketplaceOf(facts.marketplaces, { state, planYear: facts.planYear, on: today })))
    return 'own-marketplace';
  const own = facts.evidence.licenses.filter((row) => row.licenseClass === 'Producer');
  const there = own.filter((row) => row.state === state).map((row) => licenseObstacleOf(today, row));
  if (!there.includes(undefined))
    return licenseObstacles.find((obstacle) => there.includes(obstacle)) ?? 'no-license';
  const isResident = own.some((row) => row.resident && licenseObstacleOf(today, row) === undefined);
  return isResident ? undefined : 'no-resident-license';
}

/** What we have on record about an agent's license in a state. */
export interface StateRecord {
  state: string;
  /** Reason why the agent may not help there; null: they may. */
  because: StateObstacle | null;
  /** Instant of the release, or of the registry's answer, that says so; null: no row says anything. */
  asOf: Date | null;
}

/** Returns the record of each of these states on a day. */
export function stateRecordsOf(
  states: readonly string[],
  today: PlainDate,
  facts: ConditionFacts,
): StateRecord[] {
  return states.map((state) => {
    const because = stateObstacleIn(state, today, facts) ?? null;
    const decisive = facts.evidence.licenses.filter((row) =>
      because === 'no-resident-license' ? row.resident : row.state === state,
    );
    return { state, because, asOf: latestSource(decisive.map(({ source }) => source))?.asOf ?? null };
  });
}

/** A state, and the reason why an agent cannot choose it; undefined: they can. */
export interface StateChoice {
  state: string;
  because: StateObstacle | undefined;
}

/**
 * Lists the HealthCare.gov states of these plan years and some extra ones, each with the reason why it cannot be chosen.
 * One plan year in which the agent may help there is enough; otherwise the reason is that of the latest year.
 * @param besides states to list in any case, such as those chosen before
 */
export function stateChoices(
  today: PlainDate,
  years: readonly ConditionFacts[],
  besides: readonly string[],
): StateChoice[] {
  const served = years.flatMap(({ planYear, marketplaces }) =>
    [...new Set(marketplaces.map(({ state }) => state))].filter((state) =>
      isServed(marketplaceOf(marketplaces, { state, planYear, on: today })),
    ),
  );
  return [...new Set([...served, ...besides])].toSorted().map((state) => {
    const obstacles = years
      .toSorted((a, b) => a.planYear - b.planYear)
      .map((facts) => stateObstacleIn(state, today, facts));
    return { state, because: obstacles.includes(undefined) ? undefined : obstacles.at(-1) };
  });
}
