import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { squareOf, squaresWithin } from '../../../domain/matching/grid.ts';

const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** Distance of two places by the angle of vectors, a formula other than the one under test. */
function milesApart(a: { lat: number; lon: number }, b: { lat: number; lon: number }): number {
  const vector = ({ lat, lon }: { lat: number; lon: number }) => [
    Math.cos(radians(lat)) * Math.cos(radians(lon)),
    Math.cos(radians(lat)) * Math.sin(radians(lon)),
    Math.sin(radians(lat)),
  ];
  const [one, other] = [vector(a), vector(b)];
  const dot = one.reduce((sum, part, index) => sum + part * (other[index] ?? 0), 0);
  return 3958.8 * Math.acos(Math.max(-1, Math.min(1, dot)));
}

const place = fc.record({
  lat: fc.double({ min: -85, max: 85, noNaN: true }),
  lon: fc.double({ min: -180, max: 179.999, noNaN: true }),
});
const step = fc.record({
  north: fc.double({ min: -2, max: 2, noNaN: true }),
  east: fc.double({ min: -4, max: 4, noNaN: true }),
});

test('every place within a distance lies in one of the squares, across the date line too', () => {
  fc.assert(
    fc.property(place, step, fc.constantFrom(25, 100), (here, { north, east }, miles) => {
      const lon = ((((here.lon + east + 180) % 360) + 360) % 360) - 180;
      const there = { lat: here.lat + north, lon };
      fc.pre(milesApart(here, there) <= miles);
      expect(squaresWithin(miles, here)).toContain(squareOf(there));
    }),
    { numRuns: 500 },
  );
});

test('25 miles are a dozen squares, 100 miles some dozens, and none where the place is not known', () => {
  const austin = { lat: 30.27, lon: -97.74 };
  expect(squaresWithin(25, austin).length).toBeLessThanOrEqual(12);
  expect(squaresWithin(100, austin).length).toBeLessThanOrEqual(72);
  expect(squaresWithin(25, { lat: null, lon: -97.74 })).toEqual([]);
  expect(squareOf({ lat: 30.27, lon: null })).toBeNull();
});
