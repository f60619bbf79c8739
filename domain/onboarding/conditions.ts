import {
  type Evidence,
  type EvidenceSource,
  type LicenseRow,
  latestSource,
  type PlainDate,
  type SourceName,
  type TerminationRow,
} from './evidence.ts';
import { licenseObstacleOf, unmetLicensing } from './license-obstacles.ts';
import { isServed, type Marketplace, marketplaceOf } from './marketplaces.ts';
import { decisiveTermination } from './terminations.ts';
import {
  invalidNpnReason,
  type UnmetReason,
  unmetCourseworkReason,
  unmetRegistrationReason,
  unmetTrainingReason,
} from './unmet-reasons.ts';

/** Conditions of taking part, in the order of the guide ("Participate in Help On Demand: Training"). */
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

/**
 * One condition on one day. `evidence` is the decisive value of the row, `asOf` the instant of the release that brought
 * it, and `source` the feed or lookup. `because` is the detailed reason of an unmet condition, if there is one.
 */
export interface Condition {
  name: ConditionName;
  met: boolean;
  because: UnmetReason | null;
  evidence: string | null;
  asOf: Date | null;
  source: SourceName | null;
}

/** Facts that the conditions are computed from. */
export interface ConditionFacts {
  planYear: number;
  evidence: Evidence;
  marketplaces: readonly Marketplace[];
}

/** Computes every condition, met or not, on a day. A pure function of evidence, marketplaces, plan year and date. */
export function conditionsOn(today: PlainDate, facts: ConditionFacts): Condition[] {
  const { registration, training, terminations, licenses } = facts.evidence;
  const states = licensedStatesOn(today, facts);
  const licensed = states.length > 0;
  const reached = (date: PlainDate | null | undefined): date is PlainDate => !!date && date <= today;
  const ofTraining = (name: ConditionName, date: PlainDate | null | undefined): Condition =>
    condition(name, reached(date) ? null : unmetTrainingReason(training, date), date, training?.source);

  const inForce = reached(registration?.completedOn) && (registration?.endsOn ?? '9999-12-31') >= today;
  const agreements = training?.cmsAgreementsSignedOn;
  const coursework = training?.courseworkCompletedOn;
  // the coursework opens only after the agreements are signed, so an earlier date cannot be right
  const learned = reached(agreements) && reached(coursework) && coursework >= agreements;
  const isValid = registration !== undefined && (statedNpnValid(registration) ?? licensed);
  const why = licensed ? null : unmetLicensing(today, licenses, (state) => isServedOn(today, facts, state));

  return [
    condition(
      'marketplace-registration',
      inForce ? null : unmetRegistrationReason(today, registration),
      registration && `${registration.completedOn ?? '–'}/${registration.endsOn ?? '–'}`,
      registration?.source,
    ),
    ofTraining('marketplace-training', training?.marketplaceTrainedOn),
    ofTraining('cms-agreements', agreements),
    condition(
      'help-on-demand-coursework',
      learned ? null : unmetCourseworkReason(today, training),
      coursework,
      training?.source,
    ),
    ofTraining('nipr-profile-validated', training?.niprValidatedOn),
    condition(
      'npn-valid',
      isValid ? null : invalidNpnReason(registration),
      registration?.npnValid,
      registration?.source,
    ),
    notTerminatedCondition(decisiveTermination(today, facts.planYear, terminations)),
    individualNpnCondition(licenses),
    condition(
      'licensed-with-health-line',
      why && why.because,
      why ? why.evidence : states.join(' '),
      latestSource(licenses.map((row) => row.source)),
    ),
  ];
}

/** Builds a condition that is met unless a reason is given. */
function condition(
  name: ConditionName,
  because: UnmetReason | null,
  evidence: string | null | undefined,
  source: EvidenceSource | undefined,
): Condition {
  const from = { asOf: source?.asOf ?? null, source: source?.feed ?? null };
  return { name, met: because === null, because, evidence: evidence ?? null, ...from };
}

function notTerminatedCondition(decisive: TerminationRow | undefined): Condition {
  const evidence = decisive && `${decisive.status} ${decisive.datedOn}`;
  const met = !decisive?.status.startsWith('T');
  return { ...condition('not-terminated', null, evidence, decisive?.source), met };
}

function individualNpnCondition(licenses: readonly LicenseRow[]): Condition {
  const entity = licenses.find((row) => row.licenseClass === 'Business Entity');
  const evidence = entity && `${entity.state} ${entity.licenseClass}`;
  return { ...condition('individual-npn', null, evidence, (entity ?? licenses[0])?.source), met: !entity };
}

/**
 * Lists the HealthCare.gov states where the agent may help on a day. Each needs an active license with an active
 * health-related line of authority there. All need a resident license somewhere: without it no other license counts.
 */
export function licensedStatesOn(today: PlainDate, facts: ConditionFacts): string[] {
  const valid = facts.evidence.licenses.filter((row) => isLicenseValidOn(today, row));
  if (!valid.some((row) => row.resident)) return [];
  const states = new Set(valid.map((row) => row.state));
  return [...states].filter((state) => isServedOn(today, facts, state)).toSorted();
}

/** True when a state's consumers use HealthCare.gov on a day. */
function isServedOn(
  today: PlainDate,
  { marketplaces, planYear }: Pick<ConditionFacts, 'marketplaces' | 'planYear'>,
  state: string,
): boolean {
  return isServed(marketplaceOf(marketplaces, { state, planYear, on: today }));
}

/** Lists the days on which a condition can change without new evidence: first days, and last days. */
export function changeDays(facts: ConditionFacts): { starts: PlainDate[]; ends: PlainDate[] } {
  const { registration, training, terminations, licenses } = facts.evidence;
  const present = (dates: (PlainDate | null | undefined)[]) =>
    dates.filter((date): date is PlainDate => !!date);
  return {
    starts: present([
      registration?.completedOn,
      training?.marketplaceTrainedOn,
      training?.cmsAgreementsSignedOn,
      training?.courseworkCompletedOn,
      training?.niprValidatedOn,
      ...terminations.map((row) => row.datedOn),
      ...licenses.map((row) => row.issuedOn),
      ...facts.marketplaces.map((row) => row.effectiveOn),
    ]),
    ends: present([registration?.endsOn, ...licenses.map((row) => row.expiresOn)]),
  };
}

/** True when a license with its line of authority counts on a day, in whatever state. */
export function isLicenseValidOn(today: PlainDate, row: LicenseRow): boolean {
  return row.licenseClass === 'Producer' && licenseObstacleOf(today, row) === undefined;
}

/** Reads the NPN flag of a registration. "-" means "not stated": then the last Y or N counts, if there was one. */
function statedNpnValid(row: {
  npnValid: 'Y' | 'N' | '-';
  npnValidKept: 'Y' | 'N' | null;
}): boolean | undefined {
  const stated = row.npnValid === '-' ? row.npnValidKept : row.npnValid;
  return stated === null ? undefined : stated === 'Y';
}
