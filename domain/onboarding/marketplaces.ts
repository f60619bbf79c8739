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
