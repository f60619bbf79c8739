import { expect, test } from '@jest/globals';
import {
  chooseWaitingTimes,
  countedSince,
  slicesOf,
  type WaitingTime,
} from '../../../domain/referrals/waiting-times.ts';

const at = new Date('2026-11-23T15:20:00Z');
const before = (ms: number) => new Date(at.getTime() - ms);
const minute = 60_000;

const aRow = (about: Partial<WaitingTime>): WaitingTime => ({
  period: 'month',
  state: null,
  language: null,
  countedAt: at,
  found: { medianMinutes: 3, ninetiethMinutes: 9 },
  unmatchedShare: 0.01,
  ...about,
});

test('the narrowest group is chosen, and in it this hour before the month', () => {
  const widest = aRow({});
  const ofState = aRow({ state: 'UT' });
  const ofLanguage = aRow({ state: 'UT', language: 'es' });
  const ofHour = aRow({ state: 'UT', language: 'es', period: 'this-hour' });
  const stateThisHour = aRow({ state: 'UT', period: 'this-hour' });
  const foundOf = (...rows: WaitingTime[]) => chooseWaitingTimes(rows, at).found;
  expect(foundOf(widest, ofState, stateThisHour, ofHour, ofLanguage)).toBe(ofHour);
  expect(foundOf(widest, ofState, stateThisHour, ofLanguage)).toBe(ofLanguage);
  expect(foundOf(widest, ofState, stateThisHour)).toBe(stateThisHour);
  expect(foundOf(widest, ofState)).toBe(ofState);
  expect(foundOf(widest)).toBe(widest);
  expect(foundOf()).toBeUndefined();
});

test('a group in which too few found an agent says how many did not, and another one how long it takes', () => {
  const rarely = aRow({ state: 'UT', found: null, unmatchedShare: 0.9 });
  const all = aRow({});
  expect(chooseWaitingTimes([all, rarely], at)).toEqual({ found: all, unmatched: rarely });
});

test('how many found no agent is said of the month only', () => {
  const ofHour = aRow({ state: 'UT', period: 'this-hour' });
  const all = aRow({});
  expect(chooseWaitingTimes([ofHour, all], at).unmatched).toBe(all);
});

test('an hour that was counted more than two hours ago is not this hour', () => {
  const old = aRow({ period: 'this-hour', countedAt: before(121 * minute) });
  const month = aRow({ countedAt: before(20 * 60 * minute) });
  expect(chooseWaitingTimes([old, month], at).found).toBe(month);
});

test('this hour is the same hour of the last seven days, and is counted again when the next one begins', () => {
  const slices = slicesOf('this-hour', at);
  expect(slices).toHaveLength(7);
  expect(slices[0]).toEqual({
    from: new Date('2026-11-22T15:00:00Z'),
    until: new Date('2026-11-22T16:00:00Z'),
  });
  expect(slices[6]?.from).toEqual(new Date('2026-11-16T15:00:00Z'));
  expect(countedSince('this-hour', at)).toEqual(new Date('2026-11-23T15:00:00Z'));
});
