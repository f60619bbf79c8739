import { expect, test } from '@jest/globals';
import { mostAskedAtOnce, type OfferOverlap, offerPlacesAt } from '../../../domain/referrals/overlap.ts';

const minutes = (count: number) => new Date(Date.UTC(2026, 10, 23, 15) + count * 60_000);
const search = { beganAt: minutes(0), budgetEndsAt: minutes(240) };
const two: OfferOverlap = { afterMs: 4 * 60_000, atOnce: 2 };
const three: OfferOverlap = { ...two, atOnce: 3 };
const late: OfferOverlap = { ...two, late: { atOnce: 3, lastMs: 60 * 60_000 } };
const onlyLate: OfferOverlap = { ...late, atOnce: 1 };

test.each<[string, OfferOverlap, minute: number, places: number, next: number | undefined]>([
  ['the first agent is asked alone', two, 0, 1, 4],
  ['and stays alone until the time is over', two, 3.99, 1, 4],
  ['then there is a place for a second', two, 4, 2, undefined],
  ['and no more than that', two, 100, 2, undefined],
  ['a third comes after as much time again', three, 4, 2, 8],
  ['who is the last', three, 8, 3, undefined],
  ['two are asked before the last hour, when there is a place for a third', late, 100, 2, 180],
  ['the last hour begins', late, 180, 3, undefined],
  ['it may allow a second only', onlyLate, 10, 1, 180],
  ['and gives all of its places at once', onlyLate, 180, 3, undefined],
])('%s', (_rule, overlap, minute, places, next) => {
  const nextAt = next === undefined ? undefined : minutes(next);
  expect(offerPlacesAt(minutes(minute), overlap, search)).toEqual({ places, nextAt });
});

test('a place that would come after the time to find an agent does not come', () => {
  const short = { beganAt: minutes(0), budgetEndsAt: minutes(3) };
  expect(offerPlacesAt(minutes(0), two, short)).toEqual({ places: 1, nextAt: undefined });
});

test('a search that began in the last hour gives its places one after another', () => {
  const begun = { ...search, beganAt: minutes(200) };
  expect(offerPlacesAt(minutes(200), late, begun)).toEqual({ places: 1, nextAt: minutes(204) });
  expect(offerPlacesAt(minutes(204), late, begun)).toEqual({ places: 2, nextAt: minutes(208) });
});

test.each<[string, OfferOverlap | null, number]>([
  ['without overlap one agent is asked at a time', null, 1],
  ['the number may grow late', late, 3],
  ['or be the same all the time', three, 3],
])('%s', (_rule, overlap, most) => {
  expect(mostAskedAtOnce(overlap)).toBe(most);
});
