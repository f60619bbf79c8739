import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type ConditionName, conditionsOn, licensedStatesOn } from '../../../domain/onboarding/conditions.ts';
import type { Evidence } from '../../../domain/onboarding/evidence.ts';
import type { Marketplace } from '../../../domain/onboarding/marketplaces.ts';
import { unmetReasons } from '../../../domain/onboarding/unmet-reasons.ts';
import { anyEvidence, anyMarketplaces, anyPlanYear, days } from './any-facts.ts';

/** Input of the eligibility rules. */
interface Input {
  planYear: number;
  evidence: Evidence;
  marketplaces: readonly Marketplace[];
}
const anyInput: fc.Arbitrary<Input> = fc.record({
  planYear: anyPlanYear,
  evidence: anyEvidence,
  marketplaces: anyMarketplaces,
});

/** Days as numbers, so that nothing here depends on the format of dates. */
const day = (date: string) => Date.parse(date) / 86_400_000;
const hasCome = (date: string | null | undefined, now: number) => Boolean(date) && day(date as string) <= now;
const isOver = (date: string | null | undefined, now: number) => Boolean(date) && day(date as string) < now;

/** States in which the agent may help: the guide's third condition and its note on the kinds of marketplace. */
function statesByTheGuide({ planYear, evidence, marketplaces: markets }: Input, now: number): string[] {
  const found = new Set<string>();
  let residentHolds = false;
  for (const row of evidence.licenses) {
    if (row.licenseClass === 'Business Entity') continue;
    if (!row.active || !row.lineActive || !row.health) continue;
    if (row.issuedOn && !hasCome(row.issuedOn, now)) continue;
    if (isOver(row.expiresOn, now)) continue;
    if (row.resident) residentHolds = true;
    let latest = Number.NEGATIVE_INFINITY;
    let kind = 'none';
    for (const market of markets) {
      if (market.state !== row.state || market.planYear !== planYear || !hasCome(market.effectiveOn, now))
        continue;
      if (day(market.effectiveOn) < latest) continue;
      latest = day(market.effectiveOn);
      kind = market.kind;
    }
    if (kind === 'FFM' || kind === 'SBM-FP') found.add(row.state);
  }
  return residentHolds ? [...found].toSorted() : [];
}

/** Reason of an unmet condition: the worst fault of each row, then the best row wins. */
const worstFirst = [
  'no-health-line',
  'license-inactive',
  'license-expired',
  'line-inactive',
  'not-begun',
  'line-unknown',
  'counts',
] as const;

function rankOf(row: Evidence['licenses'][number], now: number): number {
  const faults: (typeof worstFirst)[number][] = [];
  if (row.health === false) faults.push('no-health-line');
  if (!row.active) faults.push('license-inactive');
  if (isOver(row.expiresOn, now)) faults.push('license-expired');
  if (row.issuedOn && !hasCome(row.issuedOn, now)) faults.push('not-begun');
  if (!row.lineActive) faults.push('line-inactive');
  if (row.health === undefined) faults.push('line-unknown');
  // a line of authority does not matter while the license itself is not in force
  const order = ['no-health-line', 'license-inactive', 'license-expired', 'not-begun', 'line-inactive'];
  const first = order.find((name) => (faults as string[]).includes(name)) ?? faults[0] ?? 'counts';
  return worstFirst.indexOf(first as (typeof worstFirst)[number]);
}

/** Reason why the licenses do not count: the resident license first, then the states of HealthCare.gov. */
function licenseReason(input: Input, now: number): string {
  const { evidence } = input;
  const persons = evidence.licenses.filter((row) => row.licenseClass !== 'Business Entity');
  if (persons.length === 0) return 'license-not-found';
  const best = (rows: typeof persons) => worstFirst[Math.max(-1, ...rows.map((row) => rankOf(row, now)))];
  const resident = best(persons.filter((row) => row.resident));
  if (resident === undefined) return 'no-resident-license';
  if (resident !== 'counts') return resident;
  // grants a resident license elsewhere, so that this state alone decides
  const isServed = (state: string) => {
    const granted = { ...persons[0], state, resident: true, health: true, active: true, lineActive: true };
    const perfect = { ...granted, issuedOn: null, expiresOn: null } as (typeof persons)[number];
    return statesByTheGuide({ ...input, evidence: { ...evidence, licenses: [perfect] } }, now).length > 0;
  };
  return best(persons.filter((row) => isServed(row.state))) ?? 'not-on-healthcare-gov';
}

/** Reason of each other unmet condition, from its two dates or its mark. */
function otherReasons(evidence: Evidence, now: number): Partial<Record<ConditionName, string>> {
  const { registration, training } = evidence;
  const step = (date: string | null | undefined) => {
    if (!training) return 'no-training-record';
    return date === null ? 'missing' : 'not-begun';
  };
  const coursework = () => {
    if (!training) return 'no-training-record';
    if (!hasCome(training.cmsAgreementsSignedOn, now)) return 'agreements-missing';
    if (!training.courseworkCompletedOn) return 'missing';
    const signed = day(training.cmsAgreementsSignedOn ?? '');
    return day(training.courseworkCompletedOn) < signed ? 'before-agreements' : 'not-begun';
  };
  const registered = () => {
    if (!registration) return 'not-on-list';
    if (isOver(registration.endsOn, now)) return 'ended';
    return registration.completedOn === null ? 'missing' : 'not-begun';
  };
  const number = () => {
    if (!registration) return 'not-on-list';
    const marks = [registration.npnValid, registration.npnValidKept].filter((mark) => mark !== '-');
    return marks[0] === 'N' ? 'stated-invalid' : 'not-stated';
  };
  return {
    'marketplace-registration': registered(),
    'marketplace-training': step(training?.marketplaceTrainedOn),
    'cms-agreements': step(training?.cmsAgreementsSignedOn),
    'help-on-demand-coursework': coursework(),
    'nipr-profile-validated': step(training?.niprValidatedOn),
    'npn-valid': number(),
  };
}

/** Decides each condition by the guide, one sentence after the other. */
function unmetByTheGuide(input: Input, now: number): Set<ConditionName> {
  const { planYear, evidence } = input;
  const { registration, training, terminations, licenses } = evidence;
  const unmet = new Set<ConditionName>();
  const isLicensed = statesByTheGuide(input, now).length > 0;
  if (!isLicensed) unmet.add('licensed-with-health-line');

  if (!registration || !hasCome(registration.completedOn, now) || isOver(registration.endsOn, now))
    unmet.add('marketplace-registration');
  if (!registration) unmet.add('npn-valid');
  else if (registration.npnValid === 'N') unmet.add('npn-valid');
  else if (registration.npnValid === '-') {
    if (registration.npnValidKept === 'N') unmet.add('npn-valid');
    if (registration.npnValidKept === null && !isLicensed) unmet.add('npn-valid');
  }

  if (!hasCome(training?.marketplaceTrainedOn, now)) unmet.add('marketplace-training');
  if (!hasCome(training?.niprValidatedOn, now)) unmet.add('nipr-profile-validated');
  if (!hasCome(training?.courseworkCompletedOn, now)) unmet.add('help-on-demand-coursework');
  if (!hasCome(training?.cmsAgreementsSignedOn, now)) {
    unmet.add('cms-agreements');
    unmet.add('help-on-demand-coursework');
  } else if (isOver(training?.courseworkCompletedOn, day(training?.cmsAgreementsSignedOn ?? ''))) {
    unmet.add('help-on-demand-coursework');
  }

  const counting = terminations.filter(
    (row) => ['BOTH', 'INDIVIDUAL'].includes(row.marketplaces) && row.effectivePlanYear === planYear,
  );
  const past = counting.filter((row) => hasCome(row.datedOn, now));
  const lastDay = Math.max(...past.map((row) => day(row.datedOn)));
  if (past.some((row) => day(row.datedOn) === lastDay && row.status[0] === 'T')) unmet.add('not-terminated');

  for (const row of licenses) if (row.licenseClass === 'Business Entity') unmet.add('individual-npn');
  return unmet;
}

test('whatever the feeds say, the conditions are those of the guide', () => {
  fc.assert(
    fc.property(anyInput, fc.constantFrom(...days), (input, date) => {
      const unmet = conditionsOn(date, input)
        .filter(({ met }) => !met)
        .map(({ name }) => name);
      expect(new Set(unmet)).toEqual(unmetByTheGuide(input, day(date)));
      expect(licensedStatesOn(date, input)).toEqual(statesByTheGuide(input, day(date)));
    }),
    { numRuns: 3_000 },
  );
});

test('whatever the feeds say, what is unmet has its reason, and what is met has none', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(anyInput, fc.constantFrom(...days), (input, date) => {
      const expected = {
        ...otherReasons(input.evidence, day(date)),
        'licensed-with-health-line': licenseReason(input, day(date)),
      };
      for (const { name, met, because } of conditionsOn(date, input)) {
        expect([name, because]).toEqual([
          name,
          met ? null : ((expected as Partial<Record<typeof name, string>>)[name] ?? null),
        ]);
        if (because) seen.add(because);
      }
    }),
    { numRuns: 5_000, seed: 2027 },
  );
  expect([...seen].toSorted()).toEqual([...unmetReasons].toSorted());
});
