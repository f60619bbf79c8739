import { expect, test } from '@jest/globals';
import type { TerminationEntry } from '../../../domain/onboarding/terminations.ts';
import { isTerminatedForCause } from '../../../domain/onboarding/terminations.ts';

const today = '2026-11-29';
const entry = (status: string, datedOn = '2026-11-01', more: Partial<TerminationEntry> = {}) => ({
  status,
  datedOn,
  effectivePlanYear: 2027,
  marketplaces: 'BOTH' as const,
  ...more,
});
const isClosed = (planYears: number[], ...terminations: TerminationEntry[]) =>
  isTerminatedForCause(today, { planYears, terminations });

test.each([
  ['T1', false],
  ['T2', false],
  ['T3', true],
  ['T4', true],
  ['R3', false],
])('%s closes the account: %s', (status, closed) => {
  expect(isClosed([2027], entry(status))).toBe(closed);
});

test('the latest entry decides, from its day on', () => {
  expect(isClosed([2027], entry('T3'), entry('R3', '2026-11-20'))).toBe(false);
  expect(isClosed([2027], entry('T3'), entry('R3', '2026-11-30'))).toBe(true);
  expect(isClosed([2027], entry('R4'), entry('T4', '2026-11-20'))).toBe(true);
  expect(isClosed([2027], entry('T3', '2026-11-30'))).toBe(false);
  expect(isClosed([2027], entry('T3', today))).toBe(true);
});

test('only an entry for a plan year in which the agent takes part counts, and none about SHOP alone', () => {
  expect(isClosed([2026, 2027], entry('T3'))).toBe(true);
  expect(isClosed([2026], entry('T3'))).toBe(false);
  expect(isClosed([2027], entry('T3', '2026-11-01', { marketplaces: 'SHOP' }))).toBe(false);
});
