import { describe, expect, test } from '@jest/globals';
import { catalogs } from '../../../domain/text/catalog.ts';
import { inMinutes, sampleNow, when } from '../../../scripts/message-samples.ts';

const { en, es } = catalogs;

describe('an instant', () => {
  test('of today is a time on the given clock, with the zone where it could be misread', () => {
    expect(en.at(inMinutes(42), when)).toBe('10:42 AM MST');
    expect(en.at(inMinutes(42), { ...when, hideZone: true })).toBe('10:42 AM');
    expect(en.at(inMinutes(42), { now: sampleNow, timeZone: 'America/New_York' })).toBe('12:42 PM EST');
    expect(es.at(inMinutes(42), when)).toBe('las 10:42 a. m. MST');
    expect(es.at(inMinutes(3 * 60 + 5), when)).toBe('la 1:05 p. m. MST');
  });

  test('of another day on that clock has its date, although it is the same day elsewhere', () => {
    const lateInPhoenix = { now: new Date('2026-11-24T05:00:00Z'), timeZone: 'America/Phoenix' };
    const at = new Date('2026-11-24T07:30:00Z');
    expect(en.at(at, lateInPhoenix)).toBe('Nov 24, 12:30 AM MST');
    expect(es.at(at, lateInPhoenix)).toBe('el 24 de nov a las 12:30 a. m. MST');
    expect(en.at(at, { ...lateInPhoenix, timeZone: 'UTC' })).toBe('7:30 AM UTC');
  });

  test('of another year has its year', () => {
    expect(en.at(new Date('2027-01-02T17:00:00Z'), when)).toBe('Jan 2, 2027, 10:00 AM MST');
    expect(es.at(new Date('2027-01-02T17:00:00Z'), when)).toBe('el 2 de ene de 2027 a las 10:00 a. m. MST');
  });

  test('keeps to plain spaces, which a text message can carry', () => {
    expect(en.at(inMinutes(42), when) + es.at(inMinutes(42), when)).not.toMatch(/[\u00a0\u202f]/);
  });
});

test.each([
  [15 * 60_000, '15 minutes', '15 minutos'],
  [60 * 60_000, '1 hour', '1 hora'],
  [90 * 60_000, '1 hour 30 minutes', '1 hora 30 minutos'],
  [48 * 3_600_000, '48 hours', '48 horas'],
  [72 * 3_600_000, '3 days', '3 días'],
  [8_000, '8 seconds', '8 segundos'],
  [3_599_999, '1 hour', '1 hora'],
  [119_600, '2 minutes', '2 minutos'],
  [0, '0 seconds', '0 segundos'],
])('%d ms are %s', (ms, inEnglish, inSpanish) => {
  expect([en.duration(ms), es.duration(ms)]).toEqual([inEnglish, inSpanish]);
});
