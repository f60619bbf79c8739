import { expect, test } from '@jest/globals';
import { countdownTo } from '../../portal/src/live/countdown.ts';

const deadlineAt = new Date('2026-11-23T17:00:00Z');
const before = (ms: number) => countdownTo(deadlineAt, new Date(deadlineAt.getTime() - ms));

test('the countdown has minutes and seconds and never shows less time than is left', () => {
  expect([900_000, 899_001, 61_000, 59_999, 1, 0].map((ms) => before(ms).clock)).toEqual([
    '15:00',
    '15:00',
    '1:01',
    '1:00',
    '0:01',
    '0:00',
  ]);
});

test('screen readers announce the time left at five minutes, at one minute and at the end only', () => {
  expect([300_001, 300_000, 60_001, 60_000, 1, 0].map((ms) => before(ms).due)).toEqual([
    undefined,
    300_000,
    300_000,
    60_000,
    60_000,
    0,
  ]);
});

test('after the deadline no time is left', () => {
  expect(before(-5_000)).toEqual({ leftMs: 0, clock: '0:00', due: 0 });
});
