import { describe, expect, test } from '@jest/globals';
import type { ConditionName } from '../../../domain/onboarding/conditions.ts';
import type { UnmetReason } from '../../../domain/onboarding/unmet-reasons.ts';
import { type Party, whoActs } from '../../../domain/onboarding/who-acts.ts';

describe('who has to act before a condition is met:', () => {
  test.each<[ConditionName, UnmetReason | null, Party]>([
    ['marketplace-training', 'missing', 'agent'],
    ['marketplace-registration', 'not-begun', 'nobody'],
    ['licensed-with-health-line', 'license-not-found', 'registry'],
    ['licensed-with-health-line', 'line-unknown', 'operations'],
    ['licensed-with-health-line', 'license-expired', 'agent'],
    ['not-terminated', null, 'marketplace'],
    ['individual-npn', null, 'agent'],
  ])('%s, %s: %s', (name, because, party) => {
    expect(whoActs({ name, because, met: false })).toBe(party);
  });

  test('nobody is named once it is met', () => {
    expect(whoActs({ name: 'cms-agreements', because: null, met: true })).toBeUndefined();
  });
});
