import type { LicenseRow, PlainDate } from './evidence.ts';

/**
 * Reasons why one line of authority does not count, the easiest to overcome first: ops classify an unknown line, a first
 * day comes without anybody's action, and the rest is for the agent to do.
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

/** Reason why an agent is licensed nowhere, with the decisive values of the rows. */
export interface UnmetLicensing {
  because: LicenseObstacle | 'license-not-found' | 'no-resident-license' | 'not-on-healthcare-gov';
  /** `STATE`, `STATE DATE` or `STATE NAME-OF-LINE`, separated by `; `; null where there is no row. */
  evidence: string | null;
}

/** Finds the obstacle of one line of authority on a day; undefined: it counts. */
export function licenseObstacleOf(today: PlainDate, row: LicenseRow): LicenseObstacle | undefined {
  if (row.health === false) return 'no-health-line';
  if (!row.active) return 'license-inactive';
  if ((row.expiresOn ?? '9999-12-31') < today) return 'license-expired';
  if ((row.issuedOn ?? '') > today) return 'not-begun';
  if (!row.lineActive) return 'line-inactive';
  return row.health === undefined ? 'line-unknown' : undefined;
}

/**
 * Explains why none of an agent's licenses counts on a day. Only for an agent who is licensed nowhere.
 *
 * Checks the resident license first, because without it no other counts, and then the licenses of the states served
 * here. Of several obstacles it reports the easiest to overcome, in the order above.
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
