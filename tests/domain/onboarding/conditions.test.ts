import { describe, expect, test } from '@jest/globals';
import { type ConditionName, conditionsOn, licensedStatesOn } from '../../../domain/onboarding/conditions.ts';
import type { Evidence, RegistrationRow, TrainingRow } from '../../../domain/onboarding/evidence.ts';
import { completeEvidence, license, marketplace, marketplaces, termination, today } from './facts.ts';

const plain = completeEvidence();
const yesterday = '2026-11-22';
const tomorrow = '2026-11-24';

function on(day: string, evidence: Partial<Evidence>, markets = marketplaces) {
  return conditionsOn(day, {
    planYear: 2027,
    evidence: { ...plain, ...evidence },
    marketplaces: markets,
  });
}

const unmetOn = (day: string, evidence: Partial<Evidence>): ConditionName[] =>
  on(day, evidence)
    .filter(({ met }) => !met)
    .map(({ name }) => name);

const registration = (change: Partial<RegistrationRow>) => ({
  registration: { ...plain.registration, ...change },
});
const training = (change: Partial<TrainingRow>) => ({ training: { ...plain.training, ...change } });

test('an agent who has done everything meets every condition, in the order of the guide', () => {
  expect(on(today, {}).map(({ name, met }) => [name, met])).toEqual([
    ['marketplace-registration', true],
    ['marketplace-training', true],
    ['cms-agreements', true],
    ['help-on-demand-coursework', true],
    ['nipr-profile-validated', true],
    ['npn-valid', true],
    ['not-terminated', true],
    ['individual-npn', true],
    ['licensed-with-health-line', true],
  ]);
});

test('an agent without any rows meets only the conditions that a row would break', () => {
  const nothing = { registration: undefined, training: undefined, terminations: [], licenses: [] };
  expect(unmetOn(today, nothing)).toEqual([
    'marketplace-registration',
    'marketplace-training',
    'cms-agreements',
    'help-on-demand-coursework',
    'nipr-profile-validated',
    'npn-valid',
    'licensed-with-health-line',
  ]);
});

test('a condition shows what its row states and which release brought it', () => {
  const { asOf } = plain.licenses[0]?.source ?? {};
  const terminated = on(today, { terminations: [termination()] });
  expect(terminated.find(({ name }) => name === 'not-terminated')).toEqual({
    name: 'not-terminated',
    met: false,
    because: null,
    evidence: 'T1 2026-11-02',
    asOf,
    source: 'terminations',
  });
  expect(on(today, {})[0]).toMatchObject({ evidence: '2026-09-14/2027-12-31', asOf });
  expect(on(today, {})[8]).toMatchObject({ evidence: 'TX', asOf });
});

describe('the Marketplace registration', () => {
  test.each<[string, Partial<RegistrationRow>, boolean]>([
    ['completed today', { completedOn: today }, true],
    ['completed tomorrow', { completedOn: tomorrow }, false],
    ['not completed', { completedOn: null }, false],
    ['ending today', { endsOn: today }, true],
    ['ended yesterday', { endsOn: yesterday }, false],
    ['without an end', { endsOn: null }, true],
  ])('%s', (_case, row, met) => {
    expect(unmetOn(today, registration(row))).toEqual(met ? [] : ['marketplace-registration']);
  });
});

describe('training, agreements, coursework and validation', () => {
  test.each<[keyof TrainingRow, ConditionName]>([
    ['marketplaceTrainedOn', 'marketplace-training'],
    ['courseworkCompletedOn', 'help-on-demand-coursework'],
    ['niprValidatedOn', 'nipr-profile-validated'],
  ])('%s counts from its day on', (column, name) => {
    expect(unmetOn(today, training({ [column]: today }))).toEqual([]);
    expect(unmetOn(today, training({ [column]: tomorrow }))).toEqual([name]);
    expect(unmetOn(today, training({ [column]: null }))).toEqual([name]);
  });

  test('without the agreements the coursework does not count either', () => {
    const both = ['cms-agreements', 'help-on-demand-coursework'];
    expect(unmetOn(today, training({ cmsAgreementsSignedOn: null }))).toEqual(both);
    expect(unmetOn(today, training({ cmsAgreementsSignedOn: tomorrow }))).toEqual(both);
  });

  test('coursework before the agreements does not count, on the same day it does', () => {
    const before = training({ cmsAgreementsSignedOn: '2026-09-13' });
    expect(unmetOn(today, before)).toEqual(['help-on-demand-coursework']);
    expect(unmetOn(today, training({ cmsAgreementsSignedOn: '2026-09-12' }))).toEqual([]);
  });
});

describe('a valid NPN', () => {
  test.each<[RegistrationRow['npnValid'], RegistrationRow['npnValidKept'], boolean]>([
    ['Y', 'Y', true],
    ['N', 'N', false],
    ['-', 'Y', true],
    ['-', 'N', false],
  ])('stated %s, kept %s', (npnValid, npnValidKept, met) => {
    expect(unmetOn(today, registration({ npnValid, npnValidKept }))).toEqual(met ? [] : ['npn-valid']);
  });

  test('that was never stated depends on the licenses alone', () => {
    const unstated = registration({ npnValid: '-', npnValidKept: null });
    expect(unmetOn(today, unstated)).toEqual([]);
    expect(unmetOn(today, { ...unstated, licenses: [] })).toEqual(['npn-valid', 'licensed-with-health-line']);
  });
});

const terminated = (...terminations: ReturnType<typeof termination>[]) =>
  unmetOn(today, { terminations }).length > 0;

describe('a termination', () => {
  test.each(['T1', 'T2', 'T3', 'T4'])('%s counts', (status) => {
    expect(unmetOn(today, { terminations: [termination({ status })] })).toEqual(['not-terminated']);
  });

  test.each(['R1', 'R2', 'R3', 'R4'])('%s is a reinstatement, the latest date decides', (status) => {
    const reinstated = termination({ status, datedOn: '2026-11-10' });
    expect(terminated(termination(), reinstated)).toBe(false);
    expect(terminated(reinstated, termination())).toBe(false);
    expect(terminated(reinstated, termination({ datedOn: '2026-11-11' }))).toBe(true);
  });

  test('of SHOP alone does not count, of the individual Marketplace it does', () => {
    expect(terminated(termination({ marketplaces: 'SHOP' }))).toBe(false);
    expect(terminated(termination({ marketplaces: 'INDIVIDUAL' }))).toBe(true);
  });

  test('a reinstatement for SHOP alone ends no termination', () => {
    const shop = termination({ marketplaces: 'SHOP', status: 'R1', datedOn: '2026-11-10' });
    expect(terminated(termination(), shop)).toBe(true);
  });

  test('counts for its plan year alone, and from its day on', () => {
    expect(terminated(termination({ effectivePlanYear: 2026 }))).toBe(false);
    expect(terminated(termination({ datedOn: today }))).toBe(true);
    expect(terminated(termination({ datedOn: tomorrow }))).toBe(false);
  });

  test('and a reinstatement of one day leave the agent terminated', () => {
    const reinstated = termination({ status: 'R1', marketplaces: 'INDIVIDUAL' });
    expect(terminated(termination(), reinstated)).toBe(true);
    expect(terminated(reinstated, termination())).toBe(true);
  });
});

const states = (...licenses: ReturnType<typeof license>[]) =>
  licensedStatesOn(today, { planYear: 2027, evidence: { ...plain, licenses }, marketplaces });
const florida = (change = {}) => license({ state: 'FL', resident: false, ...change });

describe('licenses', () => {
  test.each<[string, Partial<ReturnType<typeof license>>, boolean]>([
    ['inactive', { active: false }, false],
    ['with an inactive line', { lineActive: false }, false],
    ['with a line that is not about health', { health: false }, false],
    ['with a line that nobody has classified yet', { health: undefined }, false],
    ['issued today', { issuedOn: today }, true],
    ['issued tomorrow', { issuedOn: tomorrow }, false],
    ['without a day of issue', { issuedOn: null }, true],
    ['expiring today', { expiresOn: today }, true],
    ['expired yesterday', { expiresOn: yesterday }, false],
    ['that never expires', { expiresOn: null }, true],
  ])('%s', (_case, change, counts) => {
    expect(states(license(change))).toEqual(counts ? ['TX'] : []);
    expect(states(license(), florida(change))).toEqual(counts ? ['FL', 'TX'] : ['TX']);
  });

  test('losing the resident one costs every state, a non-resident one its own', () => {
    expect(states(license({ active: false }), florida())).toEqual([]);
    expect(states(license(), florida({ active: false }))).toEqual(['TX']);
    expect(unmetOn(today, { licenses: [florida()] })).toEqual(['licensed-with-health-line']);
  });

  test('the resident one may be in a state that runs its own marketplace', () => {
    expect(states(license({ state: 'NY' }), florida())).toEqual(['FL']);
  });

  test('only in a state that runs its own marketplace, or one nobody knows, are not enough', () => {
    expect(unmetOn(today, { licenses: [license({ state: 'NY' })] })).toEqual(['licensed-with-health-line']);
    expect(unmetOn(today, { licenses: [license({ state: 'ZZ' })] })).toEqual(['licensed-with-health-line']);
    expect(states(license({ state: 'AR' }))).toEqual(['AR']);
  });

  test('two lines in one state name it once', () => {
    expect(states(license(), license({ line: 'Life' }), license({ health: false }))).toEqual(['TX']);
  });

  test('an NPN of a business entity is not an individual one, wherever the entity is licensed', () => {
    const entity = license({ state: 'FL', licenseClass: 'Business Entity', active: false });
    expect(unmetOn(today, { licenses: [license(), entity] })).toEqual(['individual-npn']);
    expect(unmetOn(today, { licenses: [{ ...entity, active: true }] })).toEqual([
      'individual-npn',
      'licensed-with-health-line',
    ]);
  });

  test('a state is served from the day its marketplace joins HealthCare.gov, until the day it leaves', () => {
    const markets = [
      marketplace({ kind: 'SBM' }),
      marketplace({ kind: 'SBM-FP', effectiveOn: today }),
      marketplace({ kind: 'SBM', effectiveOn: tomorrow }),
    ];
    const served = (day: string) =>
      licensedStatesOn(day, { planYear: 2027, evidence: plain, marketplaces: markets });
    expect([served(yesterday), served(today), served(tomorrow)]).toEqual([[], ['TX'], []]);
  });
});

describe('why no license counts', () => {
  const whyNot = (licenses: Evidence['licenses'], day = today) => {
    const { met, because, evidence } = on(day, { licenses })[8] ?? {};
    return [met, because, evidence];
  };
  const expired = { expiresOn: '2026-10-31' };

  test.each<[string, Parameters<typeof license>[0][], string, string | null]>([
    ['no license at all', [], 'license-not-found', null],
    ['that of an agency alone', [{ licenseClass: 'Business Entity' }], 'license-not-found', null],
    [
      'a line that nobody has classified',
      [{ health: undefined, line: 'Sickness' }],
      'line-unknown',
      'TX Sickness',
    ],
    ['life alone', [{ health: false }], 'no-health-line', 'TX'],
    ['an inactive health line', [{ health: false }, { lineActive: false }], 'line-inactive', 'TX'],
    ['an inactive license', [{ active: false }], 'license-inactive', 'TX'],
    ['a license that expired', [expired], 'license-expired', 'TX 2026-10-31'],
    ['a license of tomorrow', [{ issuedOn: tomorrow }], 'not-begun', `TX ${tomorrow}`],
    [
      'no resident one',
      [{ resident: false }, { resident: false, state: 'FL' }],
      'no-resident-license',
      'FL; TX',
    ],
    ['New York alone', [{ state: 'NY' }], 'not-on-healthcare-gov', 'NY'],
    // the resident license comes first, whatever the others
    [
      'a resident one that expired',
      [expired, { resident: false, state: 'FL' }],
      'license-expired',
      'TX 2026-10-31',
    ],
    // with it, only states of HealthCare.gov count
    [
      'a resident one of New York, one of Florida that expired',
      [{ state: 'NY' }, { ...expired, resident: false, state: 'FL' }],
      'license-expired',
      'FL 2026-10-31',
    ],
    [
      'of two, the license that is nearest',
      [expired, { health: undefined, line: 'X' }],
      'line-unknown',
      'TX X',
    ],
  ])('%s', (_case, rows, because, evidence) => {
    expect(whyNot(rows.map((row) => license(row)))).toEqual([false, because, evidence]);
  });

  test('is not said of one that does', () => {
    expect(whyNot([license()])).toEqual([true, null, 'TX']);
  });

  test('a license that was looked up names its source', () => {
    const source = { feed: 'license-lookup' as const, asOf: new Date('2026-11-23T15:00:00Z') };
    expect(on(today, { licenses: [license({ source })] })[8]).toMatchObject({
      source: source.feed,
      asOf: source.asOf,
    });
  });
});
