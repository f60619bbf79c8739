import { expect, test } from '@jest/globals';
import { usualCoverageYear } from '../../../domain/time/coverage-season.ts';

test.each([
  [2026, 10, 2026],
  [2026, 11, 2027],
  [2026, 12, 2027],
  [2027, 1, 2027],
])('in month %s-%s most people ask about %s', (year, month, coverageYear) => {
  expect(usualCoverageYear({ year, month })).toBe(coverageYear);
});
