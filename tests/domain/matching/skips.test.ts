import { expect, test } from '@jest/globals';
import { type AnsweredRequest, type SkipPeriod, suggestedSkips } from '../../../domain/matching/skips.ts';

const hour = 3_600_000;
const at = (hours: number) => new Date(Date.UTC(2026, 10, 23) + hours * hour);

/** Answers in the order in which they were given, an hour apart: `v` and `s` declined in Vietnamese and Spanish, `V` accepted. */
function answered(letters: string, area = (index: number) => `${700 + index}`): AnsweredRequest[] {
  const answers = letters.split('').map((letter, index) => ({
    language: letter.toLowerCase() === 'v' ? 'vi' : 'es',
    area: area(index),
    accepted: letter === letter.toUpperCase(),
    at: at(index),
  }));
  return answers.toReversed();
}

const suggested = (
  answers: AnsweredRequest[],
  { languages = ['en', 'es', 'vi'], periods = [] as SkipPeriod[] } = {},
) => suggestedSkips(answers, { after: 3, languages, periods }).map(({ kind, value }) => `${kind} ${value}`);

test.each([
  ['two declines', 'vv', []],
  ['three declines', 'vvv', ['language vi']],
  ['an acceptance before them', 'Vvvv', ['language vi']],
  ['an acceptance among them', 'vvVv', []],
  ['an acceptance after them', 'vvvV', []],
  ['answers in another language between them', 'vSvsv', ['language vi']],
  ['three declines in each of two languages', 'vsvsvs', ['language es', 'language vi']],
])('after %s (%s) this can be skipped: %j', (_, letters, found) => {
  expect(suggested(answered(letters))).toEqual(found);
});

test('an area is suggested like a language, whatever the languages of its requests', () => {
  expect(suggested(answered('vsv', () => '841'))).toEqual(['area 841']);
  expect(suggested(answered('vSv', () => '841'))).toEqual([]);
});

test('a language that the agent does not speak, and the only one left, cannot be skipped', () => {
  const answers = answered('vvvsss');
  expect(suggested(answers, { languages: ['en', 'es'] })).toEqual(['language es']);
  expect(suggested(answers, { languages: ['vi'] })).toEqual([]);
  const skipped = { kind: 'language' as const, value: 'es', from: at(9), until: null };
  expect(suggested(answers, { languages: ['es', 'vi'], periods: [skipped] })).toEqual([]);
});

test('a skip that holds is not suggested; one that ended, or was not wanted, is after as many further declines', () => {
  const period = (from: number, until: number | null): SkipPeriod => ({
    kind: 'language',
    value: 'vi',
    from: at(from),
    until: until === null ? null : at(until),
  });
  expect(suggested(answered('vvv'), { periods: [period(2, null)] })).toEqual([]);
  expect(suggested(answered('vvv'), { periods: [period(2, 2)] })).toEqual([]);
  expect(suggested(answered('vvvvv'), { periods: [period(2, 2)] })).toEqual([]);
  expect(suggested(answered('vvvvvv'), { periods: [period(1, 2)] })).toEqual(['language vi']);
});
