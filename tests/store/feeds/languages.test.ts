import { expect, test } from '@jest/globals';
import { spokenLanguageCode } from '../../../store/feeds/import/languages.ts';

test.each([
  ['English', 'en'],
  ['spanish', 'es'],
  ['Farsi', 'fa'],
  ['Filipino', 'tl'],
  ['Mandarin', 'zh'],
  // in none of our lists
  ['Georgian', 'ka'],
  ['Sinhala', 'si'],
  ['Malay', 'ms'],
  ['Mongolian', 'mn'],
  ['Catalan', 'ca'],
  ['Cebuano', 'ceb'],
  ['Uzbek', 'uz'],
  ['Javanese', 'jv'],
])('%s is a language', (name, code) => {
  expect(spokenLanguageCode(name)).toBe(code);
});

test.each(['Klingonese', 'xx', '', 'English and Spanish', 'Unknown language'])('%j is none', (name) => {
  expect(spokenLanguageCode(name)).toBeUndefined();
});
