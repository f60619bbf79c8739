import { expect, test } from '@jest/globals';
import { type Figure, isMet, median, quantile, tableOf } from '../../bench/figures.ts';

const about = { name: 'acceptance', baseline: 'bare', unit: 'times' };
const verdictOf = (figure: Figure) => tableOf([figure]).split('\n')[1]?.split(/ {2,}/).at(-1);

test('a figure is met at its limit, from below or from above', () => {
  expect([2.1, 2.2, 2.3].map((value) => isMet({ ...about, value, max: 2.2 }))).toEqual([true, true, false]);
  expect([0.4, 0.5, 0.6].map((value) => isMet({ ...about, value, min: 0.5 }))).toEqual([false, true, true]);
});

test('the table says by how much a figure falls short of what it must be', () => {
  expect(verdictOf({ ...about, value: 3.7, max: 2.2, aim: 1.8 })).toBe('MISSED by 1.50');
  expect(verdictOf({ ...about, value: 0.27, min: 0.5, aim: 0.7 })).toBe('MISSED by 0.23');
});

test('the table says by how much a figure that is met falls short of its aim', () => {
  expect(verdictOf({ ...about, value: 2, max: 2.2, aim: 1.75 })).toBe('met, short of the aim by 0.25');
  expect(verdictOf({ ...about, value: 0.6, min: 0.5, aim: 0.7 })).toBe('met, short of the aim by 0.10');
  expect(verdictOf({ ...about, value: 1.5, max: 2.2, aim: 1.8 })).toBe('met, the aim too');
  expect(verdictOf({ ...about, value: 2, max: 2.2 })).toBe('met');
});

test('a line of the table has the goals beside the value', () => {
  expect(tableOf([{ ...about, value: 2, max: 2.2, aim: 1.8 }])).toBe(
    [
      'figure      measured      must be      aim',
      'acceptance  2 times bare  at most 2.2  1.8  met, short of the aim by 0.20',
    ].join('\n'),
  );
});

test('a quantile is one of the values, also where there are few', () => {
  expect(median([5, 1, 3])).toBe(3);
  expect(quantile([3, 1, 2], 0.99)).toBe(3);
});
