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
import {
  invalidNpnReason,
  type UnmetReason,
  unmetCourseworkReason,
  unmetRegistrationReason,
  unmetTrainingReason,
} from './unmet-reasons.ts';

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

/**
 * One condition on one day. `evidence` says what the row states; `asOf` is the release it came with and `source` the
 * feed, or the look-up that it was answered to. `because` says more of why it is unmet, where more can be said.
 */
export interface Condition {
  name: ConditionName;
  met: boolean;
  because: UnmetReason | null;
  evidence: string | null;
  asOf: Date | null;
  source: SourceName | null;
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
  const ofTraining = (name: ConditionName, date: PlainDate | null | undefined): Condition =>
    condition(name, reached(date) ? null : unmetTrainingReason(training, date), date, training?.source);

  const inForce = reached(registration?.completedOn) && (registration?.endsOn ?? '9999-12-31') >= today;
  const agreements = training?.cmsAgreementsSignedOn;
  const coursework = training?.courseworkCompletedOn;
  // the coursework is only open to those who have signed, so an earlier date cannot be right
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

/** A condition that is met unless there is a reason. */
function condition(
  name: ConditionName,
  because: UnmetReason | null,
  evidence: string | null | undefined,
  source: EvidenceSource | undefined,
): Condition {
  const from = { asOf: source?.asOf ?? null, source: source?.feed ?? null };
  return { name, met: because === null, because, evidence: evidence ?? null, ...from };
}

/** The entry of the termination list that decides on a day: the latest of those that concern the plan year. */
function decisiveTermination(
  today: PlainDate,
  planYear: number,
  terminations: readonly TerminationRow[],
): TerminationRow | undefined {
  return terminations
    .filter(
      (row) => row.effectivePlanYear === planYear && row.marketplaces !== 'SHOP' && row.datedOn <= today,
    )
    .toSorted((a, b) => b.datedOn.localeCompare(a.datedOn) || b.status.localeCompare(a.status))[0];
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
 * The states of HealthCare.gov where the agent may help on a day: an active license with an active health-related
 * line of authority there, and a resident one anywhere, since losing the resident license costs every state.
 */
export function licensedStatesOn(today: PlainDate, facts: ConditionFacts): string[] {
  const valid = facts.evidence.licenses.filter((row) => isLicenseValidOn(today, row));
  if (!valid.some((row) => row.resident)) return [];
  const states = new Set(valid.map((row) => row.state));
  return [...states].filter((state) => isServedOn(today, facts, state)).toSorted();
}

/** Whether a state's consumers are on HealthCare.gov on a day. */
function isServedOn(
  today: PlainDate,
  { marketplaces, planYear }: Pick<ConditionFacts, 'marketplaces' | 'planYear'>,
  state: string,
): boolean {
  return isServed(marketplaceOf(marketplaces, { state, planYear, on: today }));
}

/** Every day on which an answer above can change by itself: a first day of something, or the day after a last. */
export function changeDays(facts: ConditionFacts): { starts: PlainDate[]; ends: PlainDate[] } {
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

/** Whether a license with its line counts on a day, wherever it is. */
export function isLicenseValidOn(today: PlainDate, row: LicenseRow): boolean {
  return row.licenseClass === 'Producer' && licenseObstacleOf(today, row) === undefined;
}

/** "-" on a registration in force means "not stated": then the last Y or N holds, if there ever was one. */
function statedNpnValid(row: {
  npnValid: 'Y' | 'N' | '-';
  npnValidKept: 'Y' | 'N' | null;
}): boolean | undefined {
  const stated = row.npnValid === '-' ? row.npnValidKept : row.npnValid;
  return stated === null ? undefined : stated === 'Y';
}
