import type { ConditionName } from '../../domain/onboarding/conditions.ts';
import { type Day, dayOf, yearOf } from './days.ts';
import {
  eachServedState,
  healthLinesOfAuthority,
  lifeLineOfAuthority,
  otherLinesOfAuthority,
  otherStates,
} from './name-lists.ts';
import type { Random } from './random.ts';

/** A license in one state, with its lines of authority. */
export interface License {
  state: string;
  number: string;
  licenseClass: 'Producer' | 'Business Entity';
  resident: boolean;
  active: boolean;
  issuedOn: Day;
  /** Undefined if it never expires. */
  expiresOn: Day | undefined;
  linesOfAuthority: { code: string; name: string; active: boolean }[];
}

/** Generates a resident license in the first state and non-resident ones in the others, so that `failing` is not met. */
export function licensesOf(
  states: readonly string[],
  random: Random,
  asOf: Day,
  failing: ConditionName | undefined,
): License[] {
  const licenses = states.map((state, index) => licenseOf(state, index === 0, random, asOf));
  if (failing === 'licensed-with-health-line') return withoutHealthLineOfAuthority(licenses, random, asOf);
  const first = licenses[0] as License;
  if (failing === 'individual-npn')
    return [...licenses, { ...first, licenseClass: 'Business Entity', number: `E${first.number}` }];
  const elsewhere = [...eachServedState, ...otherStates].filter((state) => !states.includes(state));
  return random.chance(0.1)
    ? [...licenses, ended(licenseOf(random.pick(elsewhere), false, random, asOf), random, asOf)]
    : licenses;
}

/** Generates the license of an agency. */
export function entityLicense(state: string, random: Random, asOf: Day): License {
  return { ...licenseOf(state, true, random, asOf), licenseClass: 'Business Entity' };
}

function licenseOf(state: string, resident: boolean, random: Random, asOf: Day): License {
  const issuedOn = asOf - random.int(200, 5000);
  const monthEnd = dayOf(yearOf(asOf) + random.int(1, 2), random.int(1, 12), 28);
  const linesOfAuthority = [
    healthLineOfAuthorityOf(state),
    ...(random.chance(0.7) ? [lifeLineOfAuthority] : []),
    ...random.pickSome(otherLinesOfAuthority, random.pick([0, 0, 1])),
  ];
  return {
    state,
    number: `${random.chance(0.3) ? state.slice(0, 1) : ''}${String(random.int(1000, 9_999_999)).padStart(7, '0')}`,
    licenseClass: 'Producer',
    resident,
    active: true,
    issuedOn,
    expiresOn: random.chance(0.05) ? undefined : monthEnd,
    linesOfAuthority: linesOfAuthority.map((line) => ({ ...line, active: true })),
  };
}

function ended(license: License, random: Random, asOf: Day): License {
  const expired = { ...license, expiresOn: asOf - random.int(1, 900) };
  return random.chance(0.5) ? { ...expired, active: false } : expired;
}

/** Changes licenses in one of several ways so that no HealthCare.gov state has an active health line of authority. */
function withoutHealthLineOfAuthority(licenses: License[], random: Random, asOf: Day): License[] {
  const ways: (() => License[])[] = [
    () => licenses.map((license) => ({ ...license, active: false })),
    () => licenses.map((license) => ({ ...license, expiresOn: asOf - random.int(1, 300) })),
    () =>
      licenses.map((license) => ({
        ...license,
        linesOfAuthority: [{ ...lifeLineOfAuthority, active: true }],
      })),
    () =>
      licenses.map((license) => ({
        ...license,
        linesOfAuthority: license.linesOfAuthority.map((line) => ({ ...line, active: false })),
      })),
    () => [licenseOf(random.pick(otherStates), true, random, asOf)],
    // losing the resident license ends all states
    () => licenses.map((license) => ({ ...license, active: !license.resident })),
  ];
  return random.pick(ways)();
}

function healthLineOfAuthorityOf(state: string) {
  const sum = state.charCodeAt(0) + state.charCodeAt(1);
  return healthLinesOfAuthority[
    sum % healthLinesOfAuthority.length
  ] as (typeof healthLinesOfAuthority)[number];
}
