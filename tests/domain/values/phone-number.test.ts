import { expect, test } from '@jest/globals';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { type PhoneFault, readPhoneNumber } from '../../../domain/values/phone-number.ts';

const houston = '+16212340130';

test.each([
  '(621) 234-0130',
  '621-234-0130',
  '621.234.0130',
  '621 234 0130',
  '6212340130',
  '1-621-234-0130',
  '1 (621) 234-0130',
  '+1 621 234 0130',
  '(+1) 621 234 0130',
  '001 621 234 0130',
  '011 1 621 234 0130',
  'tel:+1-621-234-0130',
  'Tel. 621 234 0130',
  'Teléfono: 621 234 0130',
  '621/234/0130',
  '621·234·0130',
  // as copied from pages and address books: dashes of every kind, no-break spaces, direction marks, soft hyphens
  '621\u2011234\u20130130',
  '621\u2212234\u20140130',
  '\u202a(621)\u00a0234-0130\u202c',
  '\u200e+1\u00a0621\u202f234\u202f0130\u200f',
  '621\u00ad234\u200b\u20600130\ufeff',
  '+1\ufe0d-621-234-0130\ufffc',
  '\u2068621-234-0130\u2069',
  // full-width, Arabic-Indic, Persian and Devanagari digits
  '６２１－２３４－０１３０',
  '＋１（６２１）２３４－０１３０',
  '٦٢١٢٣٤٠١٣٠',
  '۶۲۱۲۳۴۰۱۳۰',
  '६२१२३४०१३०',
])('%j is a number whose area code need not be in any list of ours', (typed) => {
  expect(readPhoneNumber(typed)).toEqual({ phone: houston });
});

// newer than the number library's list: in service, or assigned with a date
test.each([
  '235',
  '324',
  '353',
  '357',
  '369',
  '457',
  '471',
  '483',
  '565',
  '621',
  '624',
  '729',
  '748',
  '821',
  '837',
])('area code %s is taken', (area) => {
  expect(readPhoneNumber(`${area}-234-0130`)).toEqual({ phone: `+1${area}2340130` });
});

test('numbers of United States territories are accepted, those of the rest of the numbering plan and of the world are not', () => {
  for (const area of ['787', '939', '340', '671', '670', '684'])
    expect(readPhoneNumber(`${area}-234-0130`)).toHaveProperty('phone');
  for (const typed of [
    '416-234-0130',
    '+1 876 234 0130',
    '809 234 0130',
    '+44 20 7946 0018',
    '011 52 55 1234 5678',
  ])
    expect(readPhoneNumber(typed)).toEqual({ fault: 'not-a-us-phone' });
  expect(readPhoneNumber('0044 20 7946 0018')).toEqual({ fault: 'not-a-us-phone' });
});

test.each<[string, PhoneFault]>([
  ['480-555-0123 x45', 'phone-extension'],
  ['480-555-0123x45', 'phone-extension'],
  ['480-555-0123 X 45', 'phone-extension'],
  ['480-555-0123 ext. 45', 'phone-extension'],
  ['480-555-0123 Ext45', 'phone-extension'],
  ['480-555-0123 extension 45', 'phone-extension'],
  ['480-555-0123 (ext 45)', 'phone-extension'],
  ['480-555-0123, ext: 45', 'phone-extension'],
  ['480-555-0123 #45', 'phone-extension'],
  ['480-555-0123,45', 'phone-extension'],
  ['480-555-0123,,45#', 'phone-extension'],
  ['480-555-0123;ext=45', 'phone-extension'],
  ['tel:+14805550123;ext=45', 'phone-extension'],
  ['480-555-0123 extensión 45', 'phone-extension'],
  ['480-555-0123 int. 45', 'phone-extension'],
  ['４８０－５５５－０１２３　ｘ４５', 'phone-extension'],
  ['1-800-FLOWERS', 'phone-letters'],
  ['480-555-0123 (cell)', 'phone-letters'],
  ['call me', 'phone-letters'],
  ['900-234-0130', 'premium-phone'],
  ['555-0123', 'not-a-us-phone'],
  ['480-555-012', 'not-a-us-phone'],
  ['480-555-01234', 'not-a-us-phone'],
  ['480-555-0123 480-555-0124', 'not-a-us-phone'],
  ['2-480-555-0123', 'not-a-us-phone'],
  ['911-234-0130', 'not-a-us-phone'],
  ['480-911-0130', 'not-a-us-phone'],
  ['080-234-0130', 'not-a-us-phone'],
  ['180-234-0130', 'not-a-us-phone'],
  ['480-123-0130', 'not-a-us-phone'],
  ['290-234-0130', 'not-a-us-phone'],
  ['370-234-0130', 'not-a-us-phone'],
  ['960-234-0130', 'not-a-us-phone'],
  ['+', 'not-a-us-phone'],
  ['', 'not-a-us-phone'],
])('%j is refused as %s', (typed, fault) => {
  expect(readPhoneNumber(typed)).toEqual({ fault });
});

test('every United States number is read as the library reads it', () => {
  const ours = new Set(['US', 'PR', 'VI', 'GU', 'AS', 'MP']);
  for (let area = 200; area < 1000; area += 1) {
    if (area === 900) continue;
    for (const rest of ['2340130', '5550123', '7654321', '9876543']) {
      const parsed = parsePhoneNumberFromString(`${area}${rest}`, 'US');
      if (!parsed?.isValid() || parsed.country === undefined || !ours.has(parsed.country)) continue;
      expect(readPhoneNumber(`${area}${rest}`)).toEqual({ phone: parsed.number });
    }
  }
});
