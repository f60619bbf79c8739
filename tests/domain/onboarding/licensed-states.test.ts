import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { licensedStatesOn } from '../../../domain/onboarding/conditions.ts';
import type { LicenseRow } from '../../../domain/onboarding/evidence.ts';
import { stateChoices, stateObstacleIn } from '../../../domain/onboarding/licensed-states.ts';
import { anyEvidence, days } from './any-facts.ts';
import { completeEvidence, license, marketplace, marketplaces, today } from './facts.ts';

const factsOf = (...licenses: LicenseRow[]) => ({
  planYear: 2027,
  evidence: { ...completeEvidence(), licenses },
  marketplaces,
});
const home = license();
const florida = (change: Partial<LicenseRow> = {}) => license({ state: 'FL', resident: false, ...change });

describe('why an agent cannot help in a state', () => {
  test.each([
    ['nothing is in the way', [home, florida()], undefined],
    ['there is no license', [home], 'no-license'],
    ['it is a business entity’s', [home, florida({ licenseClass: 'Business Entity' })], 'no-license'],
    ['it is not active', [home, florida({ active: false })], 'license-inactive'],
    ['it begins later', [home, florida({ issuedOn: '2026-12-01' })], 'not-begun'],
    ['its last day was yesterday', [home, florida({ expiresOn: '2026-11-22' })], 'license-expired'],
    ['its last day is today', [home, florida({ expiresOn: today })], undefined],
    ['its line is not about health', [home, florida({ health: false })], 'no-health-line'],
    ['its line is not active', [home, florida({ lineActive: false })], 'line-inactive'],
    ['nobody has classified its line yet', [home, florida({ health: undefined })], 'line-unknown'],
    ['the resident license is gone', [license({ active: false }), florida()], 'no-resident-license'],
  ] as const)('%s', (_, licenses, because) => {
    expect(stateObstacleIn('FL', today, factsOf(...licenses))).toBe(because);
  });

  test('the state has a marketplace of its own, whatever the license', () => {
    expect(stateObstacleIn('NY', today, factsOf(home, license({ state: 'NY' })))).toBe('own-marketplace');
    expect(stateObstacleIn('ZZ', today, factsOf(home))).toBe('own-marketplace');
  });

  test('of several licenses, the one nearest to counting gives the reason: renewing it is less work than a new line of authority', () => {
    const lapsed = florida({ expiresOn: '2025-01-31' });
    expect(stateObstacleIn('FL', today, factsOf(home, florida({ health: false }), lapsed))).toBe(
      'license-expired',
    );
    const soon = florida({ issuedOn: '2026-12-01' });
    expect(stateObstacleIn('FL', today, factsOf(home, lapsed, soon))).toBe('not-begun');
    expect(stateObstacleIn('FL', today, factsOf(home, lapsed, florida()))).toBeUndefined();
  });

  test('agrees with the states that matching is given, for any evidence on any day', () => {
    fc.assert(
      fc.property(anyEvidence, fc.constantFrom(...days), (evidence, day) => {
        const facts = { planYear: 2027, evidence, marketplaces };
        const free = ['AR', 'FL', 'NY', 'OK', 'TX', 'ZZ'].filter(
          (state) => !stateObstacleIn(state, day, facts),
        );
        expect(free).toEqual(licensedStatesOn(day, facts));
      }),
    );
  });
});

describe('the states that can be chosen', () => {
  test('are all of HealthCare.gov, and those the agent has', () => {
    expect(stateChoices(today, [factsOf(home)], ['NY', 'TX'])).toEqual([
      { state: 'AR', because: 'no-license' },
      { state: 'FL', because: 'no-license' },
      { state: 'NY', because: 'own-marketplace' },
      { state: 'TX', because: undefined },
    ]);
  });

  test('under two plan years: one that serves the state is enough', () => {
    const oregon = license({ state: 'OR' });
    const before = {
      ...factsOf(home, oregon),
      planYear: 2026,
      marketplaces: [marketplace({ state: 'OR', planYear: 2026 })],
    };
    const next = { ...factsOf(home, oregon), marketplaces: [marketplace({ state: 'OR', kind: 'SBM' })] };
    expect(stateChoices(today, [next, before], [])).toEqual([{ state: 'OR', because: undefined }]);
    expect(stateChoices(today, [next], ['OR'])).toEqual([{ state: 'OR', because: 'own-marketplace' }]);
  });
});
