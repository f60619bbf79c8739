import type { Evidence, LicenseRow, PlainDate, Source } from './evidence.ts';
import { isServed, type Marketplace, marketplaceOf } from './marketplaces.ts';

/** What an agent must fulfill to take part (guide, «Participate in Help On Demand: Training»), in its order. */
export const conditionNames = [
  'marketplace-registration',
  'marketplace-training',
  'cms-agreements',
  'help-on-demand-coursework',
  'nipr-profile-validated',
  'npn-valid',
  'not-terminated',
  'individual-npn',
  'licensed-with-health-line',
] as const;
export type ConditionName = (typeof conditionNames)[number];

/** One condition on one day. `evidence` says what the row states; `asOf` is the release it came with. */
export interface Condition {
  name: ConditionName;
  met: boolean;
  evidence: string | null;
  asOf: Date | null;
}

/** What the conditions are read from. */
export interface ConditionFacts {
  planYear: number;
  evidence: Evidence;
  marketplaces: readonly Marketplace[];
}

/** Every condition, met or not, on a day. A pure function of evidence, states, plan year and date. */
export function conditionsOn(today: PlainDate, facts: ConditionFacts): Condition[] {
  const { registration, training, terminations, licenses } = facts.evidence;
  const states = licensedStatesOn(today, facts);
  const licensed = states.length > 0;
  const reached = (date: PlainDate | null | undefined): date is PlainDate => !!date && date <= today;
  const dated = (
    name: ConditionName,
    date: PlainDate | null | undefined,
    alsoRequired = true,
  ): Condition => ({
    name,
    met: reached(date) && alsoRequired,
    evidence: date ?? null,
    asOf: training?.source.asOf ?? null,
  });

  const inForce = reached(registration?.completedOn) && (registration?.endsOn ?? '9999-12-31') >= today;
  const agreements = training?.cmsAgreementsSignedOn;
  const coursework = training?.courseworkCompletedOn;
  const decisive = terminations
    .filter(
      (row) =>
        row.effectivePlanYear === facts.planYear && row.marketplaces !== 'SHOP' && row.datedOn <= today,
    )
    .toSorted((a, b) => b.datedOn.localeCompare(a.datedOn) || b.status.localeCompare(a.status))[0];
  const entity = licenses.find((row) => row.licenseClass === 'Business Entity');

  return [
    {
      name: 'marketplace-registration',
      met: inForce,
      evidence: registration ? `${registration.completedOn ?? '–'}/${registration.endsOn ?? '–'}` : null,
      asOf: registration?.source.asOf ?? null,
    },
    dated('marketplace-training', training?.marketplaceTrainedOn),
    dated('cms-agreements', agreements),
    // the coursework is only open to those who have signed, so an earlier date cannot be right
    dated('help-on-demand-coursework', coursework, reached(agreements) && (coursework ?? '') >= agreements),
    dated('nipr-profile-validated', training?.niprValidatedOn),
    {
      name: 'npn-valid',
      met: registration !== undefined && (statedNpnValid(registration) ?? licensed),
      evidence: registration ? registration.npnValid : null,
      asOf: registration?.source.asOf ?? null,
    },
    {
      name: 'not-terminated',
      met: !decisive?.status.startsWith('T'),
      evidence: decisive ? `${decisive.status} ${decisive.datedOn}` : null,
      asOf: decisive?.source.asOf ?? null,
    },
    {
      name: 'individual-npn',
      met: !entity,
      evidence: entity ? `${entity.state} ${entity.licenseClass}` : null,
      asOf: (entity ?? licenses[0])?.source.asOf ?? null,
    },
    {
      name: 'licensed-with-health-line',
      met: licensed,
      evidence: licensed ? states.join(' ') : null,
      asOf: latest(licenses.map((row) => row.source)),
    },
  ];
}

/**
 * The states of HealthCare.gov where the agent may help on a day: an active license with an active health-related
 * line of authority there, and a resident one anywhere, since losing the resident license costs every state.
 */
export function licensedStatesOn(today: PlainDate, facts: ConditionFacts): string[] {
  const valid = facts.evidence.licenses.filter((row) => isValidOn(today, row));
  if (!valid.some((row) => row.resident)) return [];
  const states = new Set(valid.map((row) => row.state));
  return [...states]
    .filter((state) =>
      isServed(marketplaceOf(facts.marketplaces, { state, planYear: facts.planYear, on: today })),
    )
    .toSorted();
}

/** Every day on which an answer above can change by itself: a first day of something, or the day after a last. */
export function turningDays(facts: ConditionFacts): { starts: PlainDate[]; ends: PlainDate[] } {
  const { registration, training, terminations, licenses } = facts.evidence;
  const given = (dates: (PlainDate | null | undefined)[]) =>
    dates.filter((date): date is PlainDate => !!date);
  return {
    starts: given([
      registration?.completedOn,
      training?.marketplaceTrainedOn,
      training?.cmsAgreementsSignedOn,
      training?.courseworkCompletedOn,
      training?.niprValidatedOn,
      ...terminations.map((row) => row.datedOn),
      ...licenses.map((row) => row.issuedOn),
      ...facts.marketplaces.map((row) => row.effectiveOn),
    ]),
    ends: given([registration?.endsOn, ...licenses.map((row) => row.expiresOn)]),
  };
}

function isValidOn(today: PlainDate, row: LicenseRow): boolean {
  return (
    row.licenseClass === 'Producer' &&
    row.active &&
    row.lineActive &&
    row.health === true &&
    (row.issuedOn ?? '') <= today &&
    (row.expiresOn ?? '9999-12-31') >= today
  );
}

/** "-" on a registration in force means "not stated": then the last Y or N holds, if there ever was one. */
function statedNpnValid(row: {
  npnValid: 'Y' | 'N' | '-';
  npnValidKept: 'Y' | 'N' | null;
}): boolean | undefined {
  const stated = row.npnValid === '-' ? row.npnValidKept : row.npnValid;
  return stated === null ? undefined : stated === 'Y';
}

function latest(sources: readonly Source[]): Date | null {
  return sources.reduce<Date | null>((max, { asOf }) => (max === null || asOf > max ? asOf : max), null);
}
