import type { LicenseRow, PlainDate } from './evidence.ts';

/**
 * What can be wrong with one line of one license, the one nearest to being overcome first: a line that nobody has
 * classified yet is ours to settle, a first day comes by itself, then come what the agent has to see to.
 */
export const licenseObstacles = [
  'line-unknown',
  'not-begun',
  'line-inactive',
  'license-expired',
  'license-inactive',
  'no-health-line',
] as const;
export type LicenseObstacle = (typeof licenseObstacles)[number];

/** Why an agent is licensed nowhere, and what the rows state that it rests on. */
export interface UnmetLicensing {
  because: LicenseObstacle | 'license-not-found' | 'no-resident-license' | 'not-on-healthcare-gov';
  /** `STATE`, `STATE DATE` or `STATE NAME-OF-LINE`, separated by `; `; null where there is no row. */
  evidence: string | null;
}

/** The first thing that keeps a line of a license from counting on a day; undefined: it counts. */
export function licenseObstacleOf(today: PlainDate, row: LicenseRow): LicenseObstacle | undefined {
  if (row.health === false) return 'no-health-line';
  if (!row.active) return 'license-inactive';
  if ((row.expiresOn ?? '9999-12-31') < today) return 'license-expired';
  if ((row.issuedOn ?? '') > today) return 'not-begun';
  if (!row.lineActive) return 'line-inactive';
  return row.health === undefined ? 'line-unknown' : undefined;
}

/**
 * Why nothing of an agent's licenses lets him help anywhere on a day. Looked at first is the resident license, without
 * which no other counts, then those of the states served here; of several lines the one that is nearest to counting
 * speaks, in the order of the obstacles above. Only for an agent who is licensed nowhere.
 */
export function unmetLicensing(
  today: PlainDate,
  licenses: readonly LicenseRow[],
  isServedState: (state: string) => boolean,
): UnmetLicensing {
  const own = licenses.filter((row) => row.licenseClass === 'Producer');
  if (own.length === 0) return { because: 'license-not-found', evidence: null };
  const counting = own.filter((row) => !licenseObstacleOf(today, row));
  const holdsResident = counting.some((row) => row.resident);
  const lacking = own.filter((row) => (holdsResident ? isServedState(row.state) : row.resident));
  const nearest = licenseObstacles.find((obstacle) =>
    lacking.some((row) => licenseObstacleOf(today, row) === obstacle),
  );
  if (!nearest)
    return holdsResident
      ? { because: 'not-on-healthcare-gov', evidence: joinDistinct(counting.map((row) => row.state)) }
      : { because: 'no-resident-license', evidence: joinDistinct(own.map((row) => row.state)) };
  const rows = lacking.filter((row) => licenseObstacleOf(today, row) === nearest);
  return { because: nearest, evidence: joinDistinct(rows.map((row) => statedEvidence(nearest, row))) };
}

function statedEvidence(obstacle: LicenseObstacle, { state, line, issuedOn, expiresOn }: LicenseRow): string {
  if (obstacle === 'line-unknown') return `${state} ${line}`;
  if (obstacle === 'license-expired') return `${state} ${expiresOn}`;
  return obstacle === 'not-begun' ? `${state} ${issuedOn}` : state;
}

const joinDistinct = (texts: readonly string[]) => [...new Set(texts)].toSorted().join('; ');
