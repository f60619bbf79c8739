import type { ConditionFacts } from './conditions.ts';
import { latestSource, type PlainDate } from './evidence.ts';
import { licenseObstacleOf, licenseObstacles } from './license-obstacles.ts';
import { isServed, marketplaceOf } from './marketplaces.ts';

/** Why an agent cannot help in a state. */
export const stateObstacles = [
  'own-marketplace',
  'no-license',
  ...licenseObstacles,
  'no-resident-license',
] as const;
export type StateObstacle = (typeof stateObstacles)[number];

/**
 * Why an agent may not help in a state on a day; undefined: he may. Of several licenses there, the one that is nearest
 * to counting speaks. The resident license comes last: renewing it is of use only where the state's own is right.
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

/** What is on record of an agent's license in a state: why he may not help there, or that he may, and since when we know. */
export interface StateRecord {
  state: string;
  /** null: he may help there. */
  because: StateObstacle | null;
  /** When the release, or the answer, that says so came in; null: no row says anything. */
  asOf: Date | null;
}

/** The record behind each of these states on a day. */
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

/** A state that an agent could choose, or why not. */
export interface StateChoice {
  state: string;
  because: StateObstacle | undefined;
}

/**
 * Every state of HealthCare.gov under one of these plan years, and those named besides, each with the reason why it
 * cannot be chosen. One plan year in which the agent may help there is enough; otherwise the latest one speaks.
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
    const hurdles = years
      .toSorted((a, b) => a.planYear - b.planYear)
      .map((facts) => stateObstacleIn(state, today, facts));
    return { state, because: hurdles.includes(undefined) ? undefined : hurdles.at(-1) };
  });
}
