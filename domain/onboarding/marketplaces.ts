import { kindOfPlace } from '../values/territories.ts';
import type { PlainDate } from './evidence.ts';

/** A state's marketplace for one plan year from a date on. FFM and SBM-FP states are served, SBM states are not. */
export interface Marketplace {
  state: string;
  planYear: number;
  effectiveOn: PlainDate;
  kind: 'FFM' | 'SBM-FP' | 'SBM';
  name: string;
  url: string;
  phone: string;
}

/** Finds the marketplace of a state for a plan year on a date; undefined for an unknown state. */
export function marketplaceOf(
  rows: readonly Marketplace[],
  about: { state: string; planYear: number; on: PlainDate },
): Marketplace | undefined {
  return rows
    .filter(
      (row) => row.state === about.state && row.planYear === about.planYear && row.effectiveOn <= about.on,
    )
    .toSorted((a, b) => b.effectiveOn.localeCompare(a.effectiveOn))[0];
}

/** True when the state's consumers enroll through HealthCare.gov, so that Help On Demand serves it. */
export function isServed(marketplace: Marketplace | undefined): boolean {
  return marketplace !== undefined && marketplace.kind !== 'SBM';
}

/** Why the service takes no requests from a place. */
export const placeRefusals = [
  'state-marketplace',
  'military',
  'territory',
  'not-served',
  'unknown-coverage-year',
] as const;
export type PlaceRefusal = (typeof placeRefusals)[number];

/** Who helps the people of a state: Help On Demand (`refusal` is null), the state's own marketplace, or neither. */
export type StateService =
  | { refusal: 'state-marketplace'; marketplace: Marketplace }
  | { refusal: Exclude<PlaceRefusal, 'state-marketplace'> | null; marketplace: null };

/**
 * Tells who helps the people of a state with the coverage of a year.
 * @param rows the marketplaces of that year; none if the year is unknown
 */
export function serviceOfState(
  rows: readonly Marketplace[],
  about: { state: string; planYear: number; on: PlainDate },
): StateService {
  if (rows.length === 0) return { refusal: 'unknown-coverage-year', marketplace: null };
  const marketplace = marketplaceOf(rows, about);
  if (isServed(marketplace)) return { refusal: null, marketplace: null };
  if (marketplace) return { refusal: 'state-marketplace', marketplace };
  const kind = kindOfPlace(about.state);
  return { refusal: kind === 'state' ? 'not-served' : kind, marketplace: null };
}
