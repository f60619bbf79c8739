import { expect, test } from '@jest/globals';
import { isSameNpn, normalizeNpn } from '../../../domain/values/npn.ts';

test.each([
  ['17593264', '17593264'],
  [' 0017593264 ', '17593264'],
  ['0', undefined],
  ['12345678901', undefined],
  ['1759-3264', undefined],
])('%j as an NPN is %j', (text, npn) => {
  expect(normalizeNpn(text)).toBe(npn);
});

test.each([
  '17593264',
  '0017593264',
  '000000000000017593264',
  '17 593 264',
  '17.593.264',
  '1759-3264',
  'NPN17593264',
  'npn-0017593264',
  '１７５９３２６４',
])('%j is a writing of the NPN', (text) => {
  expect(isSameNpn(text, '17593264')).toBe(true);
});

test.each(['17593265', '175932640', 'ana17593264', '17593264ana', 'npn', ''])('%j is none', (text) => {
  expect(isSameNpn(text, '17593264')).toBe(false);
});
