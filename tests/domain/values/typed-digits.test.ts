import { expect, test } from '@jest/globals';
import { normalizeTypedCode } from '../../../domain/values/normalize-typed.ts';
import { readZip } from '../../../domain/values/zip.ts';

test.each([
  '85004',
  ' 85004 ',
  '85004-1234',
  '85004 1234',
  '850041234',
  '85004 - 1234',
  '85004-',
  '85004\u20131234',
  '\u200e85004\u00a0',
  '85\u00ad004\ufeff',
  '８５００４',
  '８５００４－１２３４',
  '٨٥٠٠٤',
])('%j is the ZIP 85004', (typed) => {
  expect(readZip(typed)).toBe('85004');
});

test.each([
  '8500',
  '850041',
  '85004-12',
  '85004-12345',
  '85 004',
  'AZ 85004',
  '8500A',
  '',
  '-85004',
  '85004-1234-5',
])('%j is no ZIP', (typed) => {
  expect(readZip(typed)).toBeUndefined();
});

test.each([
  '048213',
  '048 213',
  '048-213',
  '048\u2013213',
  ' 048213. ',
  '\u200b048213\u2060',
  '048\u00ad213',
  '０４８２１３',
  '٠٤٨٢١٣',
  '𝟎𝟒𝟖𝟐𝟏𝟑',
])('%j is the code 048213', (typed) => {
  expect(normalizeTypedCode(typed)).toBe('048213');
});

test('a code with letters is no code', () => {
  expect(normalizeTypedCode('G-048213')).toBe('G048213');
});
